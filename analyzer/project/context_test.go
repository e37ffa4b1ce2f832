package project

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
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

func TestHostileInputEnds(t *testing.T) {
	deep := strings.Repeat("[", 300_000)
	for name, text := range map[string]string{
		"pyproject.toml":   "a=" + deep,
		"a/pyproject.toml": "a=" + deep[:150_000],
		"b/pyproject.toml": "a." + strings.Repeat("b.", 100_000) + "c=1",
		"setup.py":         "setup(a=" + deep + ")",
		"setup.cfg":        deep,
		"requirements.txt": "-e " + deep,
		"Pipfile":          "[packages]\na=" + deep,
		"uv.lock":          deep,
	} {
		c := Open(tree(name, text), "Dockerfile")
		dir := filepath.Dir(name)
		c.Project(dir)
		c.Lock(name)
		c.Pipfile(name)
		c.Requirements(name)
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
