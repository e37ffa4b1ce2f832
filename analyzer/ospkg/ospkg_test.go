package ospkg

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// lookup knows nothing of $UNKNOWN, and that no other variable is set.
func lookup(name string) env.Value {
	if name == "UNKNOWN" {
		return env.Doubtful()
	}
	return env.Value{}
}

// fields gives the arguments of the one command in a line of shell code.
func fields(t testing.TB, line string) []shell.Field {
	t.Helper()
	script, err := shell.Parse([]byte(line), 0, shell.POSIX)
	if err != nil || len(script.Commands) == 0 {
		t.Fatalf("%q: %v", line, err)
	}
	return shell.Fields(script.Commands[0].Words, lookup)
}

// brief is what a table line says of a command.
func brief(c *Command) string {
	if c == nil {
		return "nil"
	}
	if c.Opaque != "" {
		return "opaque: " + c.Opaque
	}
	line := string(c.Manager) + " " + string(c.Verb)
	for _, p := range c.Packages {
		line += " " + p.Name
		if p.Name == "" {
			line += "?"
		}
		if p.Version != "" {
			line += "{" + p.Version + "}"
		}
		if p.File != "" {
			line += "<" + p.File + ">"
		}
		if p.Group {
			line += "@"
		}
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{{c.NoCache, "nocache"}, {c.NoRecommends, "norec"}, {c.AssumeYes, "yes"}, {c.UpdateCache, "refresh"}, {c.Virtual != "", "t=" + c.Virtual}} {
		if flag.on {
			line += " /" + flag.name
		}
	}
	return line
}

func TestParse(t *testing.T) {
	tests := []struct{ line, want string }{
		// apt
		{"apt-get update", "apt update"},
		{"apt-get -qq update", "apt update /yes"},
		{"apt-get install -y --no-install-recommends gcc libpq-dev", "apt install gcc libpq-dev /norec /yes"},
		{"apt-get install gcc", "apt install gcc"},
		{"apt install gcc -y", "apt install gcc /yes"},
		{"/usr/bin/apt-get install -yq gcc", "apt install gcc /yes"},
		{"apt-get -q -q install gcc", "apt install gcc /yes"},
		{"apt-get -q install gcc", "apt install gcc"},
		{"apt-get -q=2 install gcc", "apt install gcc /yes"},
		{"apt-get -q=1 install gcc", "apt install gcc"},
		{"apt-get install -y=false gcc", "apt install gcc"},
		{"apt-get install --yes=true gcc", "apt install gcc /yes"},
		{"apt-get -t stretch-backports install -y git", "apt install git /yes"},
		{"apt-get install -t=stretch-backports git", "apt install git"},
		{"apt-get install -yt stretch-backports git", "apt install git /yes"},
		{"apt-get install --target-release stretch git", "apt install git"},
		{"apt-get -o APT::Install-Recommends=false install git", "apt install git /norec"},
		{"apt-get -o apt::install-recommends=0 install git", "apt install git /norec"},
		{"apt-get -oAPT::Install-Recommends=no install git", "apt install git /norec"},
		{"apt-get -o=APT::Get::Assume-Yes=true install git", "apt install git /yes"},
		{"apt-get -o APT::Install-Recommends=true install git", "apt install git"},
		{"apt-get -o Dpkg::Options::=--force-confold install git", "apt install git"},
		{"apt-get install --install-recommends=false git", "apt install git /norec"},
		{"apt-get -c /etc/x install git", "apt install git"},
		{"apt-get install libpq5=13.4-1 git/stable libc6:i386 a:amd64=1", "apt install libpq5{=13.4-1} git{/stable} libc6 a{=1}"},
		{"apt-get install g++ libstdc++6 foo+ foo-", "apt install g++ libstdc++6 foo"},
		{"apt-get remove foo bar- baz+", "apt remove foo bar"},
		{"apt-get install ./x_1_amd64.deb /tmp/google.deb", "apt install x<./x_1_amd64.deb> ?</tmp/google.deb>"},
		{"apt-get install 'python3*' lamp-server^", "apt install ? ?"},
		{"apt-get install python3-*", "apt install ?"},
		{"apt-get purge -y --auto-remove gcc", "apt remove gcc /yes"},
		{"apt-get autoremove -y", "apt autoremove /yes"},
		{"apt-get autoremove --purge git", "apt autoremove git"},
		{"apt-get dist-upgrade -y", "apt upgrade /yes"},
		{"apt-get clean", "apt clean"},
		{"apt-get build-dep python3", "apt other"},
		{"apt-get", "apt other"},
		{"apt-get source --strange foo", "apt other"},
		{"apt-get --strange install foo", "opaque: unknown option --strange"},
		{"apt-get install --no-install-recommend foo", "opaque: unknown option --no-install-recommend"},
		{"apt-get install -Q foo", "opaque: unknown option -Q"},
		{"apt-get install foo -t", "opaque: option -t lacks its value"},
		{"apt-get install foo $UNKNOWN", "opaque: an argument may become any number of words"},
		{"apt-get install $(cat packages)", "opaque: an argument may become any number of words"},
		{`apt-get install foo "$UNKNOWN"`, "apt install foo ?"},
		{`apt-get install "foo=$UNKNOWN"`, "apt install foo"},
		{`apt-get "$UNKNOWN" foo`, "opaque: the subcommand is not known"},
		{`apt-get install "-$UNKNOWN" foo`, "opaque: an option is not known"},
		{"apt-get install -- -y", "apt install ?"},
		{"aptitude install -y -R gcc", "apt install gcc /norec /yes"},
		{"sudo -H apt-get install -y gcc", "apt install gcc /yes"},
		{"env DEBIAN_FRONTEND=noninteractive apt-get install gcc", "apt install gcc"},
		{"DEBIAN_FRONTEND=noninteractive apt-get install gcc", "apt install gcc"},
		// near misses
		{"apt-key add x", "nil"}, {"apt-cache policy gcc", "nil"}, {"apt-mark hold gcc", "nil"}, {"pip install apt", "nil"},
		{"echo apt-get install gcc", "nil"}, {"apt-get-install gcc", "nil"}, {"$UNKNOWN install gcc", "nil"},
		// apk
		{"apk add --no-cache gcc musl-dev", "apk install gcc musl-dev /nocache"},
		{"apk --no-cache --update add gcc", "apk install gcc /nocache /refresh"},
		{"apk -U add gcc", "apk install gcc /refresh"},
		{"apk add -u gcc", "apk install gcc"},
		{"apk add --virtual .build-deps gcc", "apk install gcc /t=.build-deps"},
		{"apk add --virtual=.build-deps gcc", "apk install gcc /t=.build-deps"},
		{"apk add -t .build-deps gcc", "apk install gcc /t=.build-deps"},
		{"apk add -Ut .b gcc", "apk install gcc /refresh /t=.b"},
		{"apk add --virt .b gcc", "apk install gcc /t=.b"},
		{`apk add --virtual="$UNKNOWN" gcc`, "apk install gcc"},
		{"apk del .build-deps", "apk remove .build-deps"},
		{"apk add --repository http://dl/edge gdal-dev", "apk install gdal-dev"},
		{"apk add -X http://dl/edge --allow-untrusted gdal-dev", "apk install gdal-dev"},
		{"apk add --repositories-file /x gcc", "apk install gcc"},
		{"apk add --repo x gcc", "opaque: unknown option --repo"},
		{"apk add -p /root gcc", "apk install gcc"},
		{"apk add gcc=1.2-r0 'a~=1' 'b>2' c@edge 'd@edge=1' a~1", "apk install gcc{=1.2-r0} a{~=1} b{>2} c d{=1} a{~1}"},
		{"apk add '!gcc' make", "apk install make"},
		{"apk add ./x.apk", "apk install ?<./x.apk>"},
		{"apk update", "apk update"}, {"apk upgrade --available", "apk upgrade"},
		{"apk cache clean", "apk clean"}, {"apk cache sync", "apk other"},
		{"apk info -L gcc", "apk other"},
		{"apk add --nonsense gcc", "opaque: unknown option --nonsense"},
		{"apk add --no-cache=yes gcc", "opaque: option --no-cache takes no value"},
		// dnf
		{"dnf install -y gcc python3-devel", "dnf install gcc python3-devel /yes"},
		{"microdnf install --nodocs --setopt=install_weak_deps=0 gcc", "dnf install gcc /norec"},
		{"dnf -y --setopt install_weak_deps=False install gcc", "dnf install gcc /norec /yes"},
		{"dnf install --setopt=tsflags=nodocs --setopt=install_weak_deps=True gcc", "dnf install gcc"},
		{"yum -y update", "dnf upgrade /yes"},
		{"yum makecache fast", "dnf update"},
		{"yum groupinstall -y 'Development Tools'", "dnf install Development Tools@ /yes"},
		{"dnf group install \"Development Tools\"", "dnf install Development Tools@"},
		{"dnf install @development", "dnf install development@"},
		{"yum install --enablerepo=epel gcc", "dnf install gcc"},
		{"yum --enablerepo epel install gcc", "dnf install gcc"},
		{"yum install python36u-3.6.8 gcc.x86_64 epel-release-7 java-1.8.0-openjdk a-1.2-3.el7", "dnf install python36u{-3.6.8} gcc epel-release-7 java-1.8.0-openjdk a{-1.2-3.el7}"},
		{"yum install https://x/epel-release-latest-7.noarch.rpm", "dnf install epel-release<https://x/epel-release-latest-7.noarch.rpm>"},
		{"yum install https://x/y?z", "dnf install ?<https://x/y?z>"},
		{"dnf clean all", "dnf clean"}, {"dnf remove gcc", "dnf remove gcc"}, {"dnf autoremove", "dnf autoremove"},
		{"dnf config-manager --set-enabled crb", "dnf other"},
		{"dnf install --nonsense gcc", "opaque: unknown option --nonsense"},
		{"yum-config-manager --enable x", "nil"},
		// zypper, dpkg
		{"zypper -n install --no-recommends gcc 'python3>=3.6'", "zypper install gcc python3{>=3.6} /norec /yes"},
		{"zypper --non-interactive in -y -C gcc", "zypper install gcc /yes"},
		{"zypper in -n gcc", "zypper install gcc"},
		{"zypper -C /cache in gcc", "zypper install gcc"},
		{"zypper ref", "zypper update"}, {"zypper addrepo -f http://x y", "zypper other"},
		{"zypper in !gcc make", "zypper install make"},
		{"dpkg -i a_1_all.deb b.deb", "dpkg install a<a_1_all.deb> ?<b.deb>"},
		{"dpkg -i --force-all x.deb", "dpkg install ?<x.deb>"},
		{"dpkg -i $UNKNOWN", "opaque: an argument may become any number of words"},
		{"dpkg --add-architecture i386", "dpkg other"},
		{"dpkg -r gcc", "dpkg remove gcc"},
		{"dpkg-reconfigure tzdata", "nil"},
	}
	for _, test := range tests {
		if got := brief(Parse(nil, fields(t, test.line))); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
	}
}

func TestSpans(t *testing.T) {
	line := `sudo apt-get -y install "gcc" libpq$X make`
	c := Parse(nil, fields(t, line))
	f := source.New("x", []byte(line))
	if got := f.Text(c.VerbSpan); got != "install" {
		t.Errorf("verb %q", got)
	}
	if got := f.Text(c.Span); !strings.HasPrefix(got, "apt-get") || !strings.HasSuffix(got, "make") {
		t.Errorf("span %q", got)
	}
	var got []string
	for _, p := range c.Packages {
		got = append(got, fmt.Sprintf("%s %s %v", f.Text(p.Span), p.Name, p.Literal))
	}
	want := `"gcc" gcc true|libpq$X libpq false|make make true`
	if strings.Join(got, "|") != want {
		t.Errorf("got %s", strings.Join(got, "|"))
	}
}

func TestRuntime(t *testing.T) {
	tests := []struct {
		distro, release, name, want string
		known, absent               bool
	}{
		{"debian", "12", "libpq-dev", "libpq5", true, false},
		{"debian", "12.5", "libffi-dev", "libffi8", true, false},
		{"debian", "11", "libffi-dev", "libffi7", true, false},
		{"debian", "13", "libssl-dev", "libssl3t64", true, false},
		{"ubuntu", "24.04", "default-libmysqlclient-dev", "libmysqlclient21", true, false},
		{"debian", "13", "libpcre3-dev", "", true, true},
		{"debian", "13", "libgl1-mesa-glx", "", false, true},
		{"debian", "12", "libgl1-mesa-glx", "", false, false},
		{"debian", "11", "gcc", "", true, false},
		{"debian", "11", "g++", "libstdc++6", true, false},
		{"alpine", "3.20", "postgresql-dev", "libpq", true, false},
		{"alpine", "3.19.1", "g++", "libstdc++ libgcc", true, false},
		{"alpine", "3.20", "libwebp-dev", "libwebp libwebpmux libwebpdemux", true, false},
		{"alpine", "3.12", "postgresql-dev", "", false, false},
		{"alpine", "3.99", "postgresql-dev", "", false, false},
		{"alpine", "", "postgresql-dev", "", false, false},
		{"debian", "10", "libpq-dev", "", false, false},
		{"ubuntu", "22.04", "libpq-dev", "", false, false},
		{"debian", "", "libpq-dev", "", false, false},
		{"debian", "12", "libnothing-dev", "", false, false},
		{"fedora", "40", "libpq-devel", "", false, false},
	}
	for _, test := range tests {
		got, known := Runtime(test.distro, test.release, test.name)
		if strings.Join(got, " ") != test.want || known != test.known {
			t.Errorf("%s %s %s: %q %v", test.distro, test.release, test.name, got, known)
		}
		if got := Absent(test.distro, test.release, test.name); got != test.absent {
			t.Errorf("%s %s %s: absent %v", test.distro, test.release, test.name, got)
		}
	}
	for name, want := range map[string]string{
		"libgl1-mesa-glx": "libgl1", "libpcre3-dev": "libpcre2-dev", "wkhtmltopdf": "", "libpq-dev": "",
		"libatlas-base-dev": "libopenblas-dev", "libmysqlclient-dev": "default-libmysqlclient-dev",
	} {
		if got := Successor("debian", "13", name); got != want {
			t.Errorf("successor of %s: %q", name, got)
		}
	}
}

func TestClass(t *testing.T) {
	for class, names := range map[Class]string{
		BuildOnly: `gcc g++ gcc-12 g++-4.8 clang-14 build-essential build-base musl-dev libpq-dev python3-dev python3.9-dev
			cargo rustc make cmake pkg-config python3-devel linux-headers-amd64 golang-1.19 gcc-toolset-12 gfortran gcc-c++`,
		PythonPackaging: "python3-pip python3-venv python3.11-venv python-setuptools py3-pip python3-distutils pipx python36-pip",
		Ambiguous:       "git curl wget ca-certificates nodejs gettext unzip",
		RuntimeLibrary:  "libpq5 libgl1 libstdc++6 libgcc libstdc++ libssl3t64 libmagic1 libxml2",
		Unknown:         "gcc-12-base python3 nginx vim python3-yaml libreoffice xyzzy-ocr ffmpeg device makeself developer-tools",
	} {
		for _, name := range strings.Fields(names) {
			if got := ClassOf("", name); got != class {
				t.Errorf("%s: class %d, want %d", name, got, class)
			}
		}
	}
	if ClassOf("debian", "x-devel") == BuildOnly || ClassOf("fedora", "x-dev") == BuildOnly {
		t.Error("the ending of another family")
	}
	if ClassOf("fedora", "Development Tools") != BuildOnly {
		t.Error("the group")
	}
}

func TestCleansCache(t *testing.T) {
	tests := []struct {
		manager Manager
		line    string
		want    bool
	}{
		{Apt, "rm -rf /var/lib/apt/lists/*", true}, {Apt, "rm -rf /var/lib/apt/lists", true},
		{Apt, "rm -r /var/lib/apt/lists/", true}, {Apt, "rm -rf /tmp/* /var/lib/apt/lists/* /var/tmp/*", true},
		{Apt, "rm -rf /var/lib/apt", true}, {Apt, "rm -fr /var/lib/apt/*", true}, {Apt, "rm -rf /var/lib/{apt,dpkg}", false},
		{Apt, "rm -rf /var/lib/apt/lists/*_*", true}, {Apt, "sudo rm -rf /var/lib/apt/lists/*", true},
		{Apt, "rm -rfv /var/lib/apt/lists/*", true}, {Apt, "rm --recursive --force /var/lib/apt/lists/*", true},
		{Apt, "rm -rf '/var/lib/apt/lists'", true}, {Apt, "apt-get dist-clean", true},
		{Apt, "find /var/lib/apt/lists -type f -delete", true}, {Apt, "find /var/lib/apt/lists -mindepth 1 -delete", true},
		{Apt, "find /var/lib/apt/lists -name '*.gz' -delete", false}, {Apt, "find /var/lib/apt/lists -type f", false},
		{Apt, "rm -f /var/lib/apt/lists/*", false}, {Apt, "rm -rf /var/lib/apt/list/*", false},
		{Apt, "rm -rf /var/lib/apt/lists/partial", false}, {Apt, "rm -rf /var/cache/apt/*", false},
		{Apt, "rm -rf var/lib/apt/lists/*", false}, {Apt, "apt-get clean", false}, {Apt, "apt-get autoclean", false},
		{Apt, "rm -rf /var/cache/apk/*", false}, {Apt, "echo rm -rf /var/lib/apt/lists/*", false},
		{Apt, "rm -rf /var/lib/apt/lists/*.gz", false}, {Apt, "rm -rf /var/l*/apt/lists", false}, {Apt, "rm", false},
		{Apk, "rm -rf /var/cache/apk/*", true}, {Apk, "rm -f /var/cache/apk/*", true}, {Apk, "rm /var/cache/apk/*.tar.gz", true},
		{Apk, "rm -rf /var/cache/*", true}, {Apk, "rm -rf /var/cache/apk", true}, {Apk, "rm /var/cache/apk", false},
		{Apk, "apk cache clean", false}, {Apk, "rm -rf /var/lib/apt/lists/*", false},
		{Dnf, "dnf clean all", true}, {Dnf, "yum clean all", true}, {Dnf, "microdnf clean all", true}, {Dnf, "yum -y clean all", true},
		{Dnf, "dnf clean packages", false}, {Dnf, "rm -rf /var/cache/yum", true}, {Dnf, "rm -rf /var/cache/dnf/*", true},
		{Dnf, "dnf install all", false}, {Zypper, "zypper clean --all", true}, {Zypper, "zypper cc -a", true}, {Zypper, "zypper clean", false},
	}
	for _, test := range tests {
		argv := fields(t, test.line)
		if got := CleansCache(test.manager, Parse(nil, argv), argv); got != test.want {
			t.Errorf("%s: %s: %v", test.manager, test.line, got)
		}
	}
	for _, m := range []Manager{Apt, Apk, Dnf, Zypper} {
		if len(IndexDir(m)) == 0 {
			t.Errorf("%s has no directory", m)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"apt-get install -y a", "apk add -t x y", "dnf group install x", "zypper in -n", "dpkg -i x", "rm -rf /var/lib/apt/lists/*"} {
		f.Add(seed, "$UNKNOWN")
	}
	f.Fuzz(func(t *testing.T, line, last string) {
		script, err := shell.Parse([]byte(line+" "+last), 0, shell.POSIX)
		if err != nil {
			return
		}
		for _, command := range script.Commands {
			argv := shell.Fields(command.Words, lookup)
			c := Parse(command, argv)
			for m := range indexDirs {
				CleansCache(m, c, argv)
			}
			if c == nil {
				continue
			}
			for _, p := range c.Packages {
				if !c.Span.Contains(p.Span) {
					t.Errorf("%q: package outside the command", line)
				}
				if strings.ContainsAny(p.Name, "=*?") && c.Manager == Apt {
					t.Errorf("%q: name %q", line, p.Name)
				}
				ClassOf("", p.Name)
			}
		}
	})
}

// TestCorpus counts the calls that are not understood in a folder of Dockerfiles, PYLINT_DOCKER_CORPUS.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("PYLINT_DOCKER_CORPUS")
	if folder == "" {
		t.Skip("PYLINT_DOCKER_CORPUS is not set")
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.Dockerfile"))
	total, reasons := 0, map[string]int{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := dockerfile.Parse(source.New(file, content))
		if err != nil {
			continue
		}
		variables := map[string]env.Value{}
		known := func(name string) env.Value {
			if v, ok := variables[name]; ok {
				return v
			}
			return env.Doubtful()
		}
		for _, in := range doc.Instructions {
			for _, pair := range in.Pairs {
				variables[pair.Key] = env.Expand(pair.Value, doc.Escape, known)
			}
			masked, span, ok := doc.Shell(in)
			if !ok || in.Keyword != "RUN" {
				continue
			}
			script, err := shell.Parse(masked, span.Start, shell.POSIX)
			if err != nil {
				continue
			}
			for _, command := range script.Commands {
				for _, assign := range command.Assigns {
					if value := env.Doubtful(); assign.Value != nil && len(command.Words) == 0 {
						if v := shell.Fields([]shell.Word{*assign.Value}, known); len(v) == 1 {
							value = v[0].Value
						}
						variables[assign.Name] = value
					}
				}
				c := Parse(command, shell.Fields(command.Words, known))
				if c == nil {
					continue
				}
				total++
				if c.Opaque == "" {
					continue
				}
				reasons[c.Opaque]++
				if testing.Verbose() && !strings.HasPrefix(c.Opaque, "an argument") {
					t.Logf("%s: %s: %s", filepath.Base(file), c.Opaque, doc.File.Text(c.Span))
				}
			}
		}
	}
	opaque := 0
	for _, n := range reasons {
		opaque += n
	}
	t.Logf("%d calls, %d not understood: %v", total, opaque, reasons)
	if opaque*50 > total {
		t.Errorf("%d of %d calls are not understood", opaque, total)
	}
}
