package analyzer

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

//go:embed selfcontained.txt
var selfContainedData string

// selfContained maps a name, or a name with an extra, to the first version of which it holds, "" for all, and behind a comma to the first of which
// it holds on Python 3.6 to 3.8.
var selfContained = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(selfContainedData) {
		text, _, _ := strings.Cut(line, "#")
		for _, word := range strings.Fields(text) {
			name, since, _ := strings.Cut(word, ">=")
			names[name] = since
		}
	}
	return names
})

// IsSelfContained tells whether a requirement, with all that it requires, needs nothing of the system on a Python of that minor version.
func IsSelfContained(r installer.Requirement, minor string) bool {
	names := []string{r.Name}
	if len(r.Extras) > 0 {
		names = nil
		for _, extra := range r.Extras {
			names = append(names, r.Name+"["+extra+"]")
		}
	}
	for _, name := range names {
		since, known := selfContained()[name]
		since, sinceOld, _ := strings.Cut(since, ",")
		switch {
		case !known:
			return false
		case since == "":
		case r.Specifier == "" || strings.HasPrefix(r.Specifier, ">"):
			// What pip chooses today has wheels for the versions of Python that are maintained.
			if minor == "" || CompareVersions(minor, "3.10") < 0 {
				return false
			}
		default:
			version := strings.TrimLeft(r.Specifier, "=~")
			if sinceOld != "" && minor != "" && CompareVersions(minor, "3.6") >= 0 && CompareVersions(minor, "3.8") <= 0 && CompareVersions(version, sinceOld) >= 0 {
				continue
			}
			if minor == "" || CompareVersions(minor, "3.13") > 0 || CompareVersions(minor, "3.9") < 0 || CompareVersions(version, since) < 0 {
				return false
			}
		}
	}
	return true
}

// SystemNeeds are the OS packages that what the installation installs needs at run time on a slim Python image of the release.
// unknown names the first thing of which that is not known, and is "" when all is.
func (in *Installation) SystemNeeds(distro, release string) (packages []string, unknown string) {
	all, unread := in.AllRequirements()
	if unread != "" {
		return nil, unread
	}
	minor := ""
	if in.Interpreter != nil {
		minor = in.Interpreter.Minor
	}
	for _, r := range all {
		if r.Kind != installer.Named || r.Name == "" {
			return nil, r.Text
		}
		if IsSelfContained(r, minor) || installer.IsInstaller(r.Name) {
			continue
		}
		needs, known := linkedNeeds(r, distro, release)
		if !known {
			return nil, r.Name
		}
		packages = append(packages, needs...)
	}
	return packages, ""
}

// linkedNeeds are the OS packages that hold what a package is linked with that PyPI has no wheels of.
func linkedNeeds(r installer.Requirement, distro, release string) (packages []string, known bool) {
	for _, l := range linked {
		if l.name != r.Name {
			continue
		}
		for _, header := range strings.Fields(l.headers) {
			if packages, known := ospkg.Runtime(distro, release, header); known {
				return packages, true
			}
		}
	}
	return nil, false
}

// AllRequirements are the requirements of the command and of all its files; unread names what can't be read.
func (in *Installation) AllRequirements() (all []installer.Requirement, unread string) {
	context := in.Command.Step.Stage.build.Context
	if _, other := in.Call.IndexURL(); other {
		return nil, "the package index"
	}
	if file := lockOf[in.Call.Tool]; file != "" && len(in.Requirements) == 0 {
		return in.lockedRequirements(file)
	}
	if in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip {
		return nil, string(in.Call.Tool)
	}
	for _, r := range in.Requirements {
		if r.Kind != installer.Local {
			all = append(all, r)
			continue
		}
		dirs := in.ProjectDirs()
		if len(dirs) != 1 {
			return nil, r.Text
		}
		meta, ok := context.Project(dirs[0])
		if !ok || meta.DependenciesFile == "" && !needsNothing(meta) {
			return nil, r.Text
		}
		all = append(all, meta.Dependencies...)
		for _, extra := range r.Extras {
			all = append(all, meta.Extras[extra]...)
		}
	}
	for _, use := range in.Files {
		lines, complete := context.AllRequirements(use.InContext)
		if use.InContext == "" || !complete {
			return nil, use.Written
		}
		for _, line := range lines {
			all = append(all, line.Requirement)
		}
	}
	return all, ""
}

// needsNothing tells whether a project without a list of dependencies certainly has none: setup.py may compute them.
func needsNothing(meta *project.Metadata) bool {
	return meta.Name != "" && slices.Equal(meta.Files, []string{"pyproject.toml"}) && !slices.Contains(meta.Dynamic, "dependencies")
}

// lockedRequirements are the packages of the tool's lock file, without the project itself. Those for development count too: not every
// command leaves them out.
func (in *Installation) lockedRequirements(file string) (all []installer.Requirement, unread string) {
	context := in.Command.Step.Stage.build.Context
	_, from := in.Command.LockFile(file)
	lock, found := context.Lock(from)
	if from == "" || !found || len(lock.Packages) == 0 {
		return nil, file
	}
	own := ""
	if meta, ok := context.Project(path.Dir(from)); ok {
		own = installer.NormalizeName(meta.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(lock.Packages)) {
		if name == own {
			continue
		}
		r := installer.Requirement{Kind: installer.Named, Name: name}
		if version := lock.Packages[name]; version != "" {
			r.Specifier = "==" + version
		}
		all = append(all, r)
	}
	return all, ""
}

// callsOut matches Python code that may run programs or load libraries of the system.
var callsOut = pattern.New(`\bsubprocess\b|\bos\.(?:system|popen|exec|spawn)|\bctypes\b|\bpexpect\b|shutil\.which|\bcreate_subprocess|\bPopen\b|find_library`)

// CallsOut gives the first Python file of the build context, tests and set-up apart, that may run programs of the system or load its
// libraries; "" when there is none. Without a context nothing is known, and ok is false.
func (b *Build) CallsOut() (file string, ok bool) {
	if b.Context == nil {
		return "", false
	}
	file = b.Context.Remember("calls out", func() any { return b.callsOut() }).(string)
	return file, true
}

func (b *Build) callsOut() (file string) {
	const most = 2000
	n := 0
	b.Context.Walk(".", func(p string, isDir bool) bool {
		switch {
		case file != "":
			return false
		case isDir || path.Ext(p) != ".py" && path.Ext(p) != ".sh" || b.Context.Ignored(p) || OutsideApp(p) && path.Ext(p) == ".py":
			return true
		}
		if n++; n > most {
			file = p
			return false
		}
		content, readable := b.Context.Read(p)
		if !readable || callsOut.Match(content) || path.Ext(p) == ".sh" && namesTools.Match(content) {
			file = p
		}
		return file == ""
	})
	return file
}

// fullTools are programs that full Python images have and slim ones lack, with the packages that bring them.
var fullTools = map[string]string{
	"curl": "curl", "wget": "wget", "git": "git", "hg": "mercurial", "svn": "subversion", "make": "make", "gcc": "gcc", "cc": "gcc", "g++": "g++",
	"convert": "imagemagick", "identify": "imagemagick", "ssh": "openssh-client", "scp": "openssh-client", "unzip": "unzip", "file": "file",
	"gpg": "gnupg", "ps": "procps", "top": "procps", "pkill": "procps", "free": "procps", "openssl": "openssl", "xz": "xz-utils", "bzip2": "bzip2",
	"patch": "patch", "mariadb_config": "libmariadb-dev", "mysql_config": "default-libmysqlclient-dev", "pg_config": "libpq-dev",
}

// namesTools matches their names as words of shell code.
var namesTools = pattern.New(`(?:^|[\s"'/|&;(\[=,])(` + strings.ReplaceAll(strings.Join(slices.Sorted(maps.Keys(fullTools)), "|"), "+", `\+`) + `)(?:$|[\s"'|&;)\],])`)

// ToolPackages are the OS packages of the programs that a text, such as a health check, names and that full Python images have but slim
// ones lack, in alphabetical order.
func ToolPackages(text string) []string {
	var packages []string
	for _, m := range namesTools.Regexp().FindAllStringSubmatch(text, -1) {
		packages = append(packages, fullTools[m[1]])
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}
