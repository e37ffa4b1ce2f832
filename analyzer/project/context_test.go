package project

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func walked(c *Context, dir string) (string, bool) {
	var all []string
	complete := c.Walk(dir, func(path string, isDir bool) bool {
		if isDir {
			path += "/"
		}
		all = append(all, path)
		return true
	})
	return strings.Join(all, " "), complete
}

func TestIgnored(t *testing.T) {
	for _, test := range []struct {
		name, ignore    string
		hidden, visible string
	}{
		{"anchored", "__pycache__\n*.pyc\n", "__pycache__ __pycache__/a x.pyc", "a/__pycache__ a/x.pyc"},
		{"every depth", "**/__pycache__\n**/*.py[cod]\n", "__pycache__ a/__pycache__ a/b/__pycache__/c a/x.pyc x.pyo", "a/x.py"},
		{"slashes", "/a/\n./b\n", "a a/x b", "c/a"},
		{"comments and blanks", "# a\n\n  b  \n #c\n", "b #c", "a c"},
		{"last match wins", "*\n!src\n**/tests\n", "x src/tests src/tests/a README.md", "src src/a"},
		{"brought back too late", "**/__pycache__\n*\n!src\n", "a", "src src/__pycache__ src/__pycache__/b"},
		{"byte order mark", "\uFEFFa\r\nb\r\n", "a b", "c"},
		{"bad pattern stops the build", "a\n[\n", "", "a"},
		{"lonely exclamation mark", "a\n!\n", "", "a"},
		{"empty", "", "", "a"},
	} {
		c := Open(tree(".dockerignore", test.ignore), "Dockerfile")
		for _, path := range strings.Fields(test.hidden) {
			if !c.Ignored(path) || !WouldIgnore(strings.Split(test.ignore, "\n"), path) {
				t.Errorf("%s: %s is not ignored", test.name, path)
			}
		}
		for _, path := range strings.Fields(test.visible) {
			if c.Ignored(path) || WouldIgnore(strings.Split(test.ignore, "\n"), path) {
				t.Errorf("%s: %s is ignored", test.name, path)
			}
		}
	}
}

func TestIgnoreFile(t *testing.T) {
	files := tree(".dockerignore", "a\n", "prod.Dockerfile.dockerignore", "b\n", "docker/Dockerfile.dockerignore", "c\n")
	for _, test := range []struct{ dockerfile, want, hidden, visible string }{
		{"Dockerfile", ".dockerignore", "a", "b"},
		{"prod.Dockerfile", "prod.Dockerfile.dockerignore", "b", "a"},
		{"docker/Dockerfile", "docker/Dockerfile.dockerignore", "c", "docker/c"},
		{"../out/Dockerfile", ".dockerignore", "a", "b"},
		{"", ".dockerignore", "a", "b"},
	} {
		c := Open(files, test.dockerfile)
		path, file, exists := c.IgnoreFile()
		if path != test.want || !exists || file.Len() == 0 || !c.Ignored(test.hidden) || c.Ignored(test.visible) {
			t.Errorf("%s: %s, %v", test.dockerfile, path, exists)
		}
	}
	if path, _, exists := Open(tree(), "Dockerfile").IgnoreFile(); path != ".dockerignore" || exists {
		t.Error(path, exists)
	}
}

func TestWalkAndGlob(t *testing.T) {
	c := Open(tree(
		".dockerignore", "*.log\nhidden\nkeep\n!keep/deep/file\n!README.md\n",
		"a.txt", "", "b.log", "", "src/x.py", "", "src/b.log", "", "src/sub/y.py", "",
		"hidden/z", "", "keep/other", "", "keep/deep/file", "", "keep/deep/else", "", "we[i]rd", "", "README.md", "",
	), "Dockerfile")
	got, complete := walked(c, ".")
	want := ".dockerignore README.md a.txt keep/ keep/deep/ keep/deep/file src/ src/b.log src/sub/ src/sub/y.py src/x.py we[i]rd"
	if got != want || !complete {
		t.Errorf("walk: %s, %v", got, complete)
	}
	for dir, want := range map[string]string{"src/": "src/b.log src/sub/ src/sub/y.py src/x.py", "hidden": "", "keep": "keep/deep/ keep/deep/file", "a.txt": "", "no": "", "../": ""} {
		if got, _ := walked(c, dir); got != want {
			t.Errorf("walk %s: %s", dir, got)
		}
	}
	n := 0
	if c.Walk(".", func(string, bool) bool { n++; return n < 2 }) || n != 2 {
		t.Errorf("walk went on: %d", n)
	}
	for pattern, want := range map[string]string{
		"*.txt": "a.txt", "./a.txt": "a.txt", "/a.txt": "a.txt", "../../a.txt": "a.txt", "*.log": "", "b.log": "", "src/*": "src/b.log src/sub src/x.py",
		"s*/*.py": "src/x.py", "**/*.py": "src/x.py", "src": "src", "src/": "src", ".": ".", "": "", "nope*": "", "keep": "keep", "k*p": "keep", "hidden": "",
		"[": "", "we[[]i]rd": "we[i]rd", "?.txt": "a.txt", "a.txt/*": "", "keep/deep/*": "keep/deep/file",
	} {
		if got := strings.Join(c.Glob(pattern), " "); got != want {
			t.Errorf("glob %q: %q, want %q", pattern, got, want)
		}
	}
}

func TestReadLimits(t *testing.T) {
	files := fstest.MapFS{"big": {Data: make([]byte, maxFile+1)}, "fits": {Data: make([]byte, maxFile)}, "dir/x": {}}
	c := Open(files, "Dockerfile")
	for path, want := range map[string]bool{"big": false, "fits": true, "./fits": true, "/fits": true, "dir": false, "../fits": false, "": false, "a\x00b": false} {
		if _, ok := c.Read(path); ok != want {
			t.Errorf("%q: read %v, want %v", path, ok, want)
		}
	}
	if !c.Exists("dir") || !c.IsDir("dir/") || c.IsDir("fits") || c.Exists("nope") || c.Exists("../x") || !c.IsDir(".") {
		t.Error("Exists or IsDir is wrong")
	}
}

func TestSymbolicLinksStayInside(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "root")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"secret": "x", "root/own": "y"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"out": "../secret", "in": "own"} {
		if err := os.Symlink(target, filepath.Join(inside, link)); err != nil {
			t.Skip(err)
		}
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	c := Open(root.FS(), "Dockerfile")
	if _, ok := c.Read("out"); ok || c.Exists("out") {
		t.Error("a link leads outside")
	}
	if content, ok := c.Read("in"); !ok || string(content) != "y" {
		t.Error("a link inside is not followed")
	}
}

func TestNilContext(t *testing.T) {
	var c *Context
	for _, c := range []*Context{c, Open(nil, "Dockerfile")} {
		_, a := c.Requirements("x")
		_, b := c.Project(".")
		_, d := c.Lock("uv.lock")
		_, e := c.Pipfile("Pipfile")
		_, f := c.Read("x")
		path, _, g := c.IgnoreFile()
		if a || b || d || e || f || g || c.Exists("x") || c.IsDir(".") || c.Ignored("x") || c.Glob("*") != nil || path != ".dockerignore" {
			t.Error("a context without files knows something")
		}
		c.Walk(".", func(string, bool) bool { t.Error("visited"); return true })
		if lines, complete := c.AllRequirements("x"); lines != nil || complete {
			t.Error("requirements from nowhere")
		}
		c.AllConstraints("x")
	}
	if Builds(nil, ".") != nil || GuessRoot(nil, "a/Dockerfile", nil) != "." {
		t.Error("builds from nowhere")
	}
}

func TestConcurrentUse(t *testing.T) {
	c := Open(tree(".dockerignore", "**/x\n!y\n", "a/x", "", "y", "", "requirements.txt", "a\n", "pyproject.toml", "[project]\nname='a'\n"), "Dockerfile")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			c.Ignored("a/x")
			c.Glob("*/x")
			walked(c, ".")
			c.Project(".")
			c.AllRequirements("requirements.txt")
			c.IgnoreFile()
		})
	}
	wait.Wait()
}

func TestOverlay(t *testing.T) {
	base := tree("a", "old", "dir/b", "b", "dir/sub/c", "c")
	o := Overlay(base, map[string][]byte{"a": []byte("new"), "dir/n": []byte("n"), "fresh/deep/f": []byte("f"), ".dockerignore": []byte("dir\n"), "../bad": nil, "/abs": nil})
	if err := fstest.TestFS(o, "a", "dir/b", "dir/n", "dir/sub/c", "fresh/deep/f", ".dockerignore"); err != nil {
		t.Error(err)
	}
	if content, _ := fs.ReadFile(o, "a"); string(content) != "new" {
		t.Errorf("a holds %q", content)
	}
	if content, _ := fs.ReadFile(base, "a"); string(content) != "old" {
		t.Error("the base changed")
	}
	if err := fstest.TestFS(Overlay(nil, map[string][]byte{"x/y": nil}), "x/y"); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(Overlay(nil, nil)); err != nil {
		t.Error(err)
	}
	if c := Open(o, "Dockerfile"); !c.Ignored("dir/b") || c.Ignored("a") {
		t.Error("the new .dockerignore is not in force")
	}
	shadow := Overlay(base, map[string][]byte{"dir": []byte("file")})
	if _, err := fs.Stat(shadow, "dir/b"); err == nil {
		t.Error("a file has children")
	}
	if _, err := fs.ReadDir(shadow, "dir"); err == nil {
		t.Error("a file was listed")
	}
}

func TestGuessRoot(t *testing.T) {
	files := tree(
		"svc/Dockerfile", "", "svc/requirements.txt", "", "svc/app/x.py", "",
		"docker/api/Dockerfile", "", "pyproject.toml", "", "src/a.py", "",
		"deploy/Dockerfile", "", "deploy/compose.yaml", "services:\n  a:\n    build:\n      context: ..\n      dockerfile: deploy/Dockerfile\n",
		"other/Dockerfile", "", "docker-compose.yml", "services:\n  o:\n    build: ./other\n",
	)
	for _, test := range []struct {
		dockerfile, copied, want string
	}{
		{"svc/Dockerfile", "requirements.txt app", "svc"},
		{"svc/Dockerfile", "", "svc"},
		{"svc/Dockerfile", ". ./", "svc"},
		{"svc/Dockerfile", "svc/requirements.txt svc/app", "."},
		{"svc/Dockerfile", "nowhere.txt", "svc"},
		{"svc/Dockerfile", "requirements.txt nowhere.txt", "svc"},
		{"docker/api/Dockerfile", "pyproject.toml src/*.py", "."},
		{"docker/api/Dockerfile", "../../pyproject.toml", "."},
		{"deploy/Dockerfile", "compose.yaml", "."},
		{"other/Dockerfile", "src pyproject.toml", "other"},
		{"../Dockerfile", "src", "."},
	} {
		if got := GuessRoot(files, test.dockerfile, strings.Fields(test.copied)); got != test.want {
			t.Errorf("%s copying %s: %s, want %s", test.dockerfile, test.copied, got, test.want)
		}
	}
}

func TestHostileInputEnds(t *testing.T) {
	deep := strings.Repeat("[", 300_000)
	for name, text := range map[string]string{
		"pyproject.toml":        "a=" + deep,
		"a/pyproject.toml":      "a=" + deep[:150_000],
		"b/pyproject.toml":      "a." + strings.Repeat("b.", 100_000) + "c=1",
		"setup.py":              "setup(a=" + deep + ")",
		"setup.cfg":             deep,
		"compose.yaml":          "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nservices: {x: {build: .}}\n",
		"docker-compose.yml":    deep,
		"docker-bake.hcl":       "a = " + deep[:19_000],
		"docker-bake.x.hcl":     "a = " + strings.Repeat("!", 65_000) + "true",
		"docker-bake.y.hcl":     "a = " + strings.Repeat("true ? 1 : ", 5_500) + "1",
		"docker-bake.z.hcl":     "a = 1" + strings.Repeat("+1", 32_000),
		"docker-bake.big.hcl":   "a = " + strings.Repeat("!", 250_000) + "true",
		"docker-bake.json":      deep,
		"requirements.txt":      "-e " + deep,
		"Pipfile":               "[packages]\na=" + deep,
		"uv.lock":               deep,
		"c/docker-compose.yml":  "a: &a\n  <<: *a\n  b: *a\nservices: *a\n",
		"cc/docker-compose.yml": "services: &a\n  x: *a\n  build: *a\n",
	} {
		c := Open(tree(name, text), "Dockerfile")
		dir := filepath.Dir(name)
		c.Project(dir)
		c.Lock(name)
		c.Pipfile(name)
		c.Requirements(name)
		Builds(tree(name, text), dir)
	}
}

func TestWalkLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("makes many files")
	}
	files := fstest.MapFS{}
	for i := range maxEntries + 10 {
		files["f"+string(rune('a'+i%26))+strings.Repeat("x", i/26%7)+"-"+itoa(i)] = &fstest.MapFile{}
	}
	n := 0
	if Open(files, "Dockerfile").Walk(".", func(string, bool) bool { n++; return true }) || n != maxEntries {
		t.Errorf("saw %d", n)
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// withoutPlaces leaves out where inline Dockerfiles stand, which has tests of its own.
var withoutPlaces = cmpopts.IgnoreFields(Build{}, "InlineAt")

func TestBuilds(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             []Build
	}{
		{"short form", "compose.yaml", "services:\n  web:\n    build: ./web\n  db:\n    image: x\n",
			[]Build{{Line: 3, Column: 5, Service: "web", Context: "web", Dockerfile: "web/Dockerfile"}}},
		{"long form", "docker-compose.prod.yml", "services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/prod.Dockerfile\n      target: prod\n      args:\n        A: 1\n        B: ${B}\n        C:\n        D: ${D:-d}\n",
			[]Build{{Line: 3, Column: 5, Service: "web", Context: ".", Dockerfile: "docker/prod.Dockerfile", Target: "prod", Args: map[string]string{"A": "1", "D": "d"}}}},
		{"args as a list", "compose.yml", "services:\n  w:\n    build:\n      args: [A=1, B, 'C=x=y', 'D=$$5']\n",
			[]Build{{Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "Dockerfile", Args: map[string]string{"A": "1", "C": "x=y", "D": "$5"}}}},
		{"anchors and merge keys", "compose.yaml", "x-b: &b\n  context: app\n  target: one\nservices:\n  a:\n    build:\n      <<: *b\n      target: two\n  c: &c\n    build: *b\n  d: *c\n", []Build{
			{Line: 6, Column: 5, Service: "a", Context: "app", Dockerfile: "app/Dockerfile", Target: "two"},
			{Line: 10, Column: 5, Service: "c", Context: "app", Dockerfile: "app/Dockerfile", Target: "one"},
			{Line: 10, Column: 5, Service: "d", Context: "app", Dockerfile: "app/Dockerfile", Target: "one"}}},
		{"inline", "compose.yaml", "services:\n  w:\n    build:\n      dockerfile_inline: |\n        FROM scratch\n",
			[]Build{{Line: 3, Column: 5, Service: "w", Context: ".", Inline: "FROM scratch\n"}}},
		{"variables", "compose.yaml", "services:\n  a:\n    build: ${DIR:-app}\n  b:\n    build: ${DIR}\n  c:\n    build: {context: ., dockerfile: $FILE}\n  d:\n    build: {context: '${A-${B:-x}}', target: $T}\n", []Build{
			{Line: 3, Column: 5, Service: "a", Context: "app", Dockerfile: "app/Dockerfile"},
			{Line: 9, Column: 5, Service: "d", Context: "x", Dockerfile: "x/Dockerfile"}}},
		{"outside and remote", "compose.yaml", "services:\n  a:\n    build: ..\n  b:\n    build: https://host.test/x.git\n  c:\n    build: /abs\n  d:\n    build: {context: .., dockerfile: ../x}\n  e:\n    build: git@host.test:x\n", nil},
		{"not compose", "composer.yaml", "services:\n  a:\n    build: .\n", nil},
		{"odd shapes", "compose.yaml", "services:\n  - build: .\n", nil},
		{"odd shapes", "compose.yaml", "services:\n  a:\n    build: [x]\n  b:\n    build:\n  c: x\n", nil},
		{"broken", "compose.yaml", "services:\n\ta: [", nil},
		{"bake", "docker-bake.hcl", `
variable "DIR" { default = "app" }
variable "NONE" {}
group "default" { targets = ["web"] }
target "_base" {
  args = { A = "1", B = NONE, C = upper("x") }
  target = "base"
}
target "web" {
  inherits   = ["_base"]
  context    = "./${DIR}"
  dockerfile = "web.Dockerfile"
  args = { D = 2, A = "3" }
}
target "unknown" { context = NONE }
target "function" { dockerfile = lower("X") }
target "loop" {
  matrix = { x = ["a"] }
  name = x
}
target "stranger" { inherits = ["elsewhere"] }
target "self" { inherits = ["self"] }
target "plain" {}
target "inline" {
  dockerfile-inline = "FROM scratch"
}
target "remote" { context = "https://host.test/x.git" }
`, []Build{
			{Line: 9, Column: 1, Service: "web", Context: "app", Dockerfile: "app/web.Dockerfile", Target: "base", Args: map[string]string{"A": "3", "D": "2"}},
			{Line: 23, Column: 1, Service: "plain", Context: ".", Dockerfile: "Dockerfile"},
			{Line: 24, Column: 1, Service: "inline", Context: ".", Inline: "FROM scratch"}}},
		{"bake in json", "docker-bake.json", "{\n \"variable\": {\"web\": {\"default\": \"app\"}},\n \"target\": {\n  \"web\": {\"context\": \"${web}\", \"args\": {\"A\": \"1\", \"B\": null}, \"inherits\": [\"t\"]},\n  \"t\": {\"target\": \"x\"},\n  \"bad\": {\"context\": \"${none}\"}\n }\n}\n",
			[]Build{{Line: 4, Column: 3, Service: "web", Context: "app", Dockerfile: "app/Dockerfile", Target: "x", Args: map[string]string{"A": "1"}}}},
		{"broken bake", "docker-bake.hcl", "target \"a\" {", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.want {
				test.want[i].File = test.file
			}
			if diff := cmp.Diff(test.want, Builds(tree(test.file, test.text), "."), withoutPlaces); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverridesTakeTheBase(t *testing.T) {
	got := Builds(tree(
		"app/docker-compose.yml", "services:\n  w:\n    build: {context: .., dockerfile: app/x.Dockerfile}\n",
		"app/docker-compose.override.yml", "services:\n  w:\n    build: {target: dev}\n",
	), "app")
	want := []Build{
		{File: "app/docker-compose.yml", Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "app/x.Dockerfile"},
		{File: "app/docker-compose.override.yml", Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "app/x.Dockerfile", Target: "dev"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzBuilds(f *testing.F) {
	f.Add(uint8(0), []byte("a: &a {b: *a}\nservices: {x: {<<: [*a], build: {args: [${A:-${B}}]}}}"))
	f.Add(uint8(1), []byte("variable \"A\" { default = \"${B}\" }\ntarget \"a\" { inherits=[\"a\"]\n args = { (A) = 1 } }"))
	f.Add(uint8(2), []byte(`{"target":{"a":{"context":"%{if true}x%{endif}"}}}`))
	f.Add(uint8(0), []byte("x: &x\n  dockerfile_inline: >2-\n   FROM a$$\n\n    b\nservices: {a: {build: *x, extends: b}, b: {build: {dockerfile_inline: \"FROM \\u00e9 \\\n  b\"}, extends: {service: a, file: compose.yaml}}}"))
	f.Add(uint8(1), []byte("target \"a\" { dockerfile-inline = <<-E\n  FROM a\n   RUN $${b}${\"c\"}\n  E\n}"))
	f.Add(uint8(2), []byte(`{"target":{"a":{"dockerfile-inline":"FROM a\\nRUN \\ud83d\\ude00 $${b}"}}}`))
	names := []string{"compose.yaml", "docker-bake.hcl", "docker-bake.json"}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		for _, b := range Builds(tree(names[int(which)%3], string(content)), ".") {
			if at := b.InlineAt; at != nil && at.Offsets != nil && (len(at.Offsets) != len(b.Inline)+1 || !slices.IsSorted(at.Offsets) || at.Offsets[len(b.Inline)] > len(content)) {
				t.Fatalf("%q stands at %v", b.Inline, at)
			}
			if (b.Inline != "") != (b.InlineAt != nil) {
				t.Fatalf("%q without its place", b.Inline)
			}
			if b.Context != "" && !fs.ValidPath(b.Context) || b.Dockerfile != "" && !fs.ValidPath(b.Dockerfile) || b.Dockerfile == "" && b.Inline == "" {
				t.Fatalf("%+v", b)
			}
		}
	})
}
