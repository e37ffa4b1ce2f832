package effect

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// work is the directory /work with $KNOWN set to /known.
type work struct{}

func (work) Lookup(name string) env.Value {
	if name == "KNOWN" {
		return env.Of("/known")
	}
	return env.Doubtful()
}

func (work) Abs(v env.Value) env.Value {
	switch {
	case !v.IsKnown():
		return env.Doubtful()
	case path.IsAbs(v.Text):
		return env.Of(path.Clean(v.Text))
	}
	return env.Of(path.Join("/work", v.Text))
}

func (work) Defines(string) bool { return false }

// defining is work in a script with a function.
type defining struct {
	work
	function string
}

func (d defining) Defines(name string) bool { return name == d.function }

// calls gives the effects of each command of a script that runs in /work, with $KNOWN set to /known.
func calls(t testing.TB, code string) []Effects {
	t.Helper()
	script, err := shell.Parse([]byte(code), 0, shell.Bash)
	if err != nil {
		t.Fatal(err)
	}
	var found []Effects
	for _, c := range script.Commands {
		argv := shell.Fields(c.Words, work{}.Lookup)
		_, _, rest, _ := shell.Unwrap(argv)
		call := Call{Shell: c, Argv: rest, OS: ospkg.Parse(c, argv), Around: work{}}
		if call.OS == nil {
			call.Installer = installer.Parse(c, argv)
		}
		found = append(found, Of(call))
	}
	return found
}

var verbs = map[Verb]string{
	WritesFile: "file", MakesDir: "dir", WritesTree: "tree", Copies: "copy", Links: "link", Removes: "remove", MakesUser: "user",
}

func show(e Effects) string {
	var parts []string
	for _, x := range e.List {
		text := verbs[x.Verb] + " " + x.Path
		if x.From != "" {
			text += " from " + x.From
		}
		if x.Name != "" {
			text += " " + x.Name
		}
		if x.Doubtful {
			text += "?"
		}
		parts = append(parts, text)
	}
	for bit, name := range map[Reach]string{AnyFile: "files", SystemFile: "system", AnyProgram: "programs", AnyUser: "users", AnyPackage: "packages", AnyRemoval: "removals"} {
		if e.Reach == Anything {
			parts = append(parts, "anything")
			break
		}
		if e.Reach&bit != 0 {
			parts = append(parts, "any "+name)
		}
	}
	return strings.Join(parts, ", ")
}

func TestEffects(t *testing.T) {
	for code, want := range map[string]string{
		"echo hello":                             "",
		"echo hello > out.txt":                   "file /work/out.txt",
		"echo hello >/dev/null 2>&1":             "",
		"echo hello >> $UNKNOWN":                 "any files",
		"echo a:x:1 >> /etc/passwd":              "any users",
		"mkdir -p -m 755 /a b":                   "dir /a, dir /work/b",
		"mkdir -p $KNOWN/x":                      "dir /known/x",
		"mkdir /app/$UNKNOWN":                    "tree /app?",
		"touch a":                                "file /work/a",
		"cp a b":                                 "copy /work/b from /work/a",
		"cp -r a b /c":                           "copy /c/a from /work/a, copy /c/b from /work/b",
		"cp -t /c a":                             "copy /c from /work/a",
		"cp *.txt /c":                            "tree /c?",
		"cp -r /src/. /c":                        "tree /c",
		"mv a b":                                 "copy /work/b from /work/a, remove /work/a",
		"ln -s /usr/bin/python3 /usr/bin/python": "link /usr/bin/python from /usr/bin/python3",
		"ln -sf python3 /usr/bin/python":         "link /usr/bin/python from /usr/bin/python3",
		"install -d -o app /data":                "dir /data",
		"install -m 755 tool /usr/bin/":          "copy /usr/bin/tool from /work/tool",
		"rm -rf /tmp/x":                          "remove /tmp/x",
		"rm -rf /tmp/*.pyc":                      "remove /tmp *.pyc",
		"rm -rf $UNKNOWN":                        "any removals",
		"find /app -name '*.pyc' -delete":        "remove /app *.pyc",
		"find /app -name __pycache__ -exec rm -rf {} +": "remove /app __pycache__",
		"find /app -type l -delete":                     "remove /app *?",
		"find /app -type f -exec chmod 644 {} +":        "",
		"find . -exec ./x {} +":                         "anything",
		"curl -sSLo /t/x https://a.b/c":                 "file /t/x",
		"curl -fsSL https://a.b/c.sh":                   "",
		"curl -O https://a.b/c.tgz":                     "file /work/c.tgz",
		"wget https://a.b/c.tgz":                        "file /work/c.tgz",
		"wget -qO- https://a.b/c.tgz":                   "",
		"wget -qO /t/y https://a.b/c.tgz":               "file /t/y",
		"wget -P /d https://a.b/c.tgz":                  "tree /d",
		"git clone https://a.b/c/d.git":                 "tree /work/d",
		"git clone --depth 1 -b v1 https://a.b/c/d /s":  "tree /s",
		"tar xzf x.tgz":                                 "tree /work?",
		"tar -xzf x.tgz -C /opt":                        "tree /opt",
		"tar czf /x.tgz dir":                            "file /x.tgz",
		"unzip -q x.zip -d /u":                          "tree /u",
		"useradd -m -u 1000 app":                        "user /home/app app, tree /home/app",
		"useradd -ms /bin/bash app":                     "user /home/app app, tree /home/app",
		"adduser --disabled-password --gecos '' app":    "user /home/app app, tree /home/app",
		"adduser -D -H app":                             "user /home/app app",
		"useradd $NAME":                                 "any users",
		"chown -R app /app":                             "",
		"sh -c 'mkdir /x'":                              "|dir /x",
		"./setup":                                       "anything",
		"make users":                                    "anything",
		"just x":                                        "anything",
		"python x.py":                                   "anything",
		"python manage.py migrate":                      "any files",
		"python -c 'print(1)'":                          "any files",
		"python --version":                              "",
		". /venv/bin/activate":                          "",
		"source env.sh":                                 "anything",
		"ansible-playbook x":                            "anything",
		"apt-get install -y curl":                       "any system",
		"pip download -d /wheels flask":                 "tree /wheels",
		"pip list":                                      "",
		"npm ci":                                        "any files, any programs",
		"gunicorn --check-config app":                   "any files",
		"ldconfig":                                      "any system",
		"xargs rm -rf":                                  "any removals",
		"xargs apt-get install -y":                      "anything",
		"f() { mkdir /x; }":                             "dir /x",
	} {
		var got []string
		for _, e := range calls(t, code) {
			got = append(got, show(e))
		}
		text := strings.Join(got, "|")
		if code == "npm ci" && text == "any programs, any files" {
			text = want // the order of a set
		}
		if text != want {
			t.Errorf("%s: %q, want %q", code, text, want)
		}
	}
}

func TestFunctionsAreTheScriptsOwn(t *testing.T) {
	script, err := shell.Parse([]byte("setup"), 0, shell.POSIX)
	if err != nil {
		t.Fatal(err)
	}
	c := script.Commands[0]
	call := Call{Shell: c, Argv: shell.Fields(c.Words, env.Nothing), Around: work{}}
	if got := Of(call); got.Reach != Anything || got.Why != "setup" {
		t.Errorf("an unknown program: %+v", got)
	}
	call.Around = defining{function: "setup"}
	if got := Of(call); got.Reach != 0 {
		t.Errorf("a function of the script: %+v", got)
	}
}

// FuzzOf proves that no words break the reading, and that all paths are absolute and clean.
func FuzzOf(f *testing.F) {
	for _, code := range []string{
		"mkdir -p a", "cp -t", "tar -", "tar C", "find -exec", "curl -o", "xargs", "ln -s", "install -d", "git clone", "useradd -m", "git -C",
		"tar --directory", "rm -rf -- *", "wget -O", "find / -name x -delete", "unzip -d", "mv -t a", "useradd -ms", "xargs sudo",
	} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		script, err := shell.Parse([]byte(code), 0, shell.Bash)
		if err != nil || script == nil || len(code) > 4096 {
			t.Skip()
		}
		for _, e := range calls(t, code) {
			for _, x := range e.List {
				if x.Verb != MakesUser && (!path.IsAbs(x.Path) || path.Clean(x.Path) != x.Path) {
					t.Errorf("%q: %s", code, fmt.Sprint(x))
				}
			}
		}
	})
}
