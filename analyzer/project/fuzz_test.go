package project

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzLock reads anything as every kind of lock file: names are normalized, and nothing is locked for development that is
// not locked at all.
func FuzzLock(f *testing.F) {
	names := []string{"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "Pipfile", "environment.yml"}
	for _, seed := range []string{
		"", "[[package]]\nname = \"Flask\"\nversion = \"3.1.0\"\n", "version = 1\n[[package]]\nname = \"a\"\n[[package]]\nname = \"a\"\nversion = \"2\"\n",
		`{"default":{"flask":{"version":"==3.1.0"}},"develop":{"pytest":{}}}`, `{"default":[]}`, `{"default":{"a":{"version":3}}}`, `{"a":{"a":{"a":{}}}}`,
		"lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\n", "[packages]\nflask = {version = \"*\", extras = [\"x\"]}\n[dev-packages]\na = \"==1\"\n",
		"a = " + strings.Repeat("[", 2000), strings.Repeat(`{"a":`, 2000), "dependencies:\n- pip:\n  - flask\n", "&a [*a]", "\xff\xfe\x00", "[[package]]\nname = \"\\u0000\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, name := range names {
			c := Open(fstest.MapFS{name: {Data: content}}, "Dockerfile")
			if lock, ok := c.Lock(name); ok {
				for dev := range lock.Dev {
					if _, locked := lock.Packages[dev]; !locked && lock.Dev[dev] {
						t.Errorf("%s: %q is locked for development only, but not locked", name, dev)
					}
				}
			}
			c.Pipfile(name)
		}
	})
}

// FuzzIgnore reads anything as a .dockerignore. Without patterns that bring files back, what lies in an ignored folder is
// ignored, and a walk gives only what is not.
func FuzzIgnore(f *testing.F) {
	for _, seed := range []string{"", "*\n!app\n", "**/__pycache__\n*.pyc\n", "a/../b\n", "[", "\\", "!", "#", "a/**\n!a/b\n", "/app\n", "**/**/**/x\n", "\xef\xbb\xbfapp\n", "..\n", "app/\n"} {
		f.Add([]byte(seed), "app/x.py")
	}
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		files := fstest.MapFS{".dockerignore": {Data: content}, "app/x.py": {}, "app/__pycache__/x.pyc": {}, "b/c/d": {}}
		c := Open(files, "Dockerfile")
		c.Ignored(name)
		for _, pattern := range []string{name, "*", "app/*"} {
			c.Glob(pattern)
		}
		back := strings.Contains(string(content), "!")
		c.Walk(".", func(p string, isDir bool) bool {
			if !isDir && c.Ignored(p) {
				t.Errorf("%q is ignored, but the builder gets it", p)
			}
			return true
		})
		if !back && c.Ignored("b/c") && !c.Ignored("b/c/d") {
			t.Errorf("%q is ignored, but not what is in it", path.Dir("b/c/d"))
		}
	})
}
