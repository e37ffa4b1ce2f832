package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Effect is what a command of a RUN does to the image, as far as it decides in which stage the command belongs.
type Effect uint8

// The effects.
const (
	// Unclear is a program that nothing is known of.
	Unclear Effect = iota
	// ShellState only changes the shell for the commands behind it in the same RUN: cd, export, set, an assignment.
	ShellState
	// Nothing leaves no trace: true, test, echo to the terminal.
	Nothing
	// SystemPackages is a call of the operating system's package manager.
	SystemPackages
	// IndexCleanup removes what the package manager has downloaded.
	IndexCleanup
	// Packaging is a call of pip, poetry, uv and their like, whether it installs or not.
	Packaging
	// PipCleanup removes what pip has downloaded.
	PipCleanup
	// Accounts makes users and groups.
	Accounts
	// Files makes, moves, changes and removes files with the usual tools.
	Files
	// Fetches brings files from elsewhere: curl, wget, git.
	Fetches
	// Compiles builds something from source: make, gcc, npm.
	Compiles
	// Runs is a Python program, or a script that Python packages may have brought.
	Runs
	// Script is shell code in a file, of which nothing can be read here.
	Script
)

var effects = func() map[string]Effect {
	table := map[string]Effect{}
	for effect, programs := range map[Effect]string{
		ShellState: "cd export set umask unset ulimit shopt alias trap local readonly exit break continue return shift",
		Nothing: `true : test [ [[ echo printf sleep ls pwd which whoami id env date uname cat head tail wc grep egrep
			type command hash stat du df sync nproc arch ldd file readlink basename dirname`,
		Accounts: "useradd adduser groupadd addgroup usermod groupmod deluser userdel groupdel delgroup chpasswd passwd chsh",
		Files: `mkdir ln chmod chown chgrp rm rmdir cp mv touch sed awk tee install tar unzip gunzip bunzip2 unxz xz find xargs
			sort uniq tr cut split truncate update-alternatives update-ca-certificates ldconfig locale-gen localedef update-locale
			dpkg-reconfigure debconf-set-selections setcap sha256sum sha1sum md5sum gpg apt-key openssl c_rehash dos2unix
			rename mktemp patch envsubst ssh-keyscan ssh-keygen a2enmod a2ensite a2dissite a2dismod crudini setfacl mkfifo strip gzip
			add-apt-repository apt-add-repository add-apt-key lsb_release dpkg-divert dpkg-statoverride rpm fc-cache gpasswd unlink
			gpgconf apt-mark bzip2 zcat tree`,
		Fetches: "curl wget git aria2c svn hg rsync",
		Compiles: `make gmake gcc g++ cc c++ clang cmake ninja meson configure autoconf automake autoreconf libtoolize cargo rustup rustc go
			npm npx yarn pnpm bower gem bundle mvn gradle ant cython cythonize f2py gfortran nvcc swig bazel scons b2 bootstrap.sh
			configure.sh autogen.sh ar ld nasm waf qmake nvm node-gyp javac sbt lein stack cabal ghc mix rebar3 composer cpan cpanm luarocks
			protoc pyinstaller nuitka`,
		Runs: `python python2 python3 pypy pypy3 ipython jupyter flask django-admin celery gunicorn uvicorn alembic playwright spacy nltk
			pybabel airflow superset supervisord`,
	} {
		for _, program := range strings.Fields(programs) {
			table[program] = effect
		}
	}
	return table
}()

var (
	packageIndex = pattern.New(`/var/(?:lib/apt/lists|cache/(?:apt|apk|yum|dnf|debconf)|lib/(?:dnf|yum))`)
	pipDownloads = pattern.New(`\.cache(?:/|\s|$|\*)|/pip(?:/|-|\s|$)|/tmp/pip`)
	versioned    = pattern.New(`^(python|pypy|gcc|g\+\+|clang)-?[23]?(?:\.?\d+)*$`)
)

// Effect tells what the command does. Wrappers such as sudo and env are seen through.
func (c *Command) Effect() Effect {
	switch {
	case c.OS != nil:
		return SystemPackages
	case c.Installer != nil && c.Installer.Tool == installer.SetupPy && c.Installer.Verb == "build_ext":
		return Compiles // with --inplace the extension lies among the sources
	case c.Installer != nil && c.Installer.Tool != installer.Venv || c.Installer != nil && c.Installer.Opaque == "":
		return Packaging
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return ShellState
	}
	program := shell.Program(argv[0])
	switch {
	case (program == "." || program == "source") && len(argv) > 1 && path.Base(argv[1].Text()) == "activate":
		return ShellState
	case c.runsScript():
		return Script
	}
	if m := versioned.FindStringSubmatch(program); m != nil {
		program = m[1]
	}
	effect, known := effects[program]
	switch {
	case !known && strings.HasPrefix(argv[0].Text(), "."), !known && path.IsAbs(argv[0].Text()) && path.Ext(program) != "":
		return Script
	case !known:
		return Unclear
	case program == "rm" || program == "find":
		return c.cleans(argv)
	case effect == Nothing && c.writes():
		return Files
	}
	return effect
}

// cleans is the effect of an rm or a find.
func (c *Command) cleans(argv []shell.Field) Effect {
	var text strings.Builder
	for _, f := range argv[1:] {
		if !strings.HasPrefix(f.Text(), "-") {
			text.WriteString(f.Text() + " ")
		}
	}
	switch t := text.String(); {
	case packageIndex.MatchString(t) && !pipDownloads.MatchString(t):
		return IndexCleanup
	case pipDownloads.MatchString(t) && !strings.Contains(t, "requirements"):
		return PipCleanup
	}
	return Files
}

// writes tells whether the command's output goes to a file.
func (c *Command) writes() bool {
	for _, r := range c.Shell.Redirects {
		if strings.HasPrefix(r.Op, ">") || r.Op == "&>" {
			if r.Target == nil || r.Op != ">&" && !r.Target.Value(c.State.Lookup).Is("/dev/null") {
				return true
			}
		}
	}
	return false
}
