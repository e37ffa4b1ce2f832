package discover

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree makes files in a new folder; "name -> target" makes a link, "name/" a folder, "name: text" a file with text.
func tree(t *testing.T, entries ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, e := range entries {
		name, target, isLink := strings.Cut(e, " -> ")
		name, text, _ := strings.Cut(name, ": ")
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, path)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func find(t *testing.T, root string, args ...string) (paths, problems []string) {
	t.Helper()
	t.Chdir(root)
	files, errs := Files(args, func(path string, dir bool) bool { return filepath.Base(path) == "excluded" })
	for _, f := range files {
		paths = append(paths, filepath.ToSlash(f.Path))
	}
	for _, err := range errs {
		problems = append(problems, err.Error())
	}
	return paths, problems
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"Dockerfile": true, "Dockerfile.prod": true, "web.Dockerfile": true, "web.dockerfile": true,
		"Containerfile": true, "Containerfile.prod": true, "dockerfile": true, "Dockerfile_prod": true, "Dockerfiles": false,
		"Dockerfile.dockerignore": false, "web.Dockerfile.dockerignore": false, "Dockerfile.prod~": false,
		"MyDockerfile": false, "Dockerfile-prod": true, "Dockerfile.md": false, "Dockerfile.txt": false, "Dockerfile.j2": false, "Dockerfile.tmpl": false, "Dockerfile-x.erb": false, "Dockerfile.bak": false, "Containerfile.orig": false, "dockerfile.py": false, "compose.yaml": false, "Containerfile.containerignore": false,
	} {
		if got := IsName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name     string
		tree     []string
		args     []string
		want     []string
		problems []string
	}{
		{"order", []string{"b/Dockerfile", "a/z/Dockerfile", "a/Dockerfile.b", "a/Dockerfile", "Dockerfile", "a-b/Dockerfile"}, []string{"."},
			[]string{"Dockerfile", "a/Dockerfile", "a/Dockerfile.b", "a/z/Dockerfile", "a-b/Dockerfile", "b/Dockerfile"}, nil},
		{"skipped folders", []string{".git/Dockerfile", "node_modules/x/Dockerfile", "env/pyvenv.cfg", "env/x/Dockerfile", ".devcontainer/Dockerfile"},
			[]string{"."}, []string{".devcontainer/Dockerfile"}, nil},
		{"ignored", []string{".git/", ".gitignore: build/\n*.tmp.Dockerfile\n/only-here\n", "build/Dockerfile", "x/build/Dockerfile", "a.tmp.Dockerfile", "only-here/Dockerfile", "x/only-here/Dockerfile"},
			[]string{"."}, []string{"x/only-here/Dockerfile"}, nil},
		{"nested and negated", []string{".git/", ".gitignore: Dockerfile.*\n!Dockerfile.keep\n", "Dockerfile.a", "Dockerfile.keep", "x/.gitignore: !Dockerfile.a\nDockerfile\n", "x/Dockerfile.a", "x/Dockerfile", "Dockerfile"},
			[]string{"."}, []string{"Dockerfile", "Dockerfile.keep", "x/Dockerfile.a"}, nil},
		{"ignore file above", []string{".git/", ".gitignore: /sub/gen\n", "sub/gen/Dockerfile", "sub/Dockerfile"}, []string{"sub"}, []string{"sub/Dockerfile"}, nil},
		{"no repository above", []string{".gitignore: /sub/gen\n", "sub/gen/Dockerfile"}, []string{"sub"}, []string{"sub/gen/Dockerfile"}, nil},
		{"inside pattern", []string{".gitignore: gen/**\n!gen/Dockerfile.keep\n", "gen/Dockerfile", "gen/Dockerfile.keep"}, []string{"."}, []string{"gen/Dockerfile.keep"}, nil},
		{"info/exclude", []string{".git/info/exclude: local\n", "local/Dockerfile", "Dockerfile"}, []string{"."}, []string{"Dockerfile"}, nil},
		{"excluded", []string{"excluded/Dockerfile", "Dockerfile"}, []string{"."}, []string{"Dockerfile"}, nil},
		{"named all the same", []string{".gitignore: *\n", "excluded/Dockerfile", "odd.name"}, []string{"excluded/Dockerfile", "odd.name"}, []string{"excluded/Dockerfile", "odd.name"}, nil},
		{"once", []string{"Dockerfile", "link -> Dockerfile"}, []string{"Dockerfile", ".", "./Dockerfile", "link"}, []string{"Dockerfile"}, nil},
		{"links", []string{"real/Dockerfile", "Dockerfile.link -> real/Dockerfile", "loop/loop -> ..", "gone.Dockerfile -> nowhere"}, []string{"."}, []string{"real/Dockerfile"}, nil},
		{"link in another place", []string{"real/odd", "Dockerfile -> real/odd"}, []string{"."}, []string{"Dockerfile"}, nil},
		{"folder named so", []string{"Dockerfile/", "x/Dockerfile/y/Dockerfile"}, []string{"Dockerfile", "x"}, []string{"x/Dockerfile/y/Dockerfile"}, []string{"Dockerfile: this is a folder, not a Dockerfile"}},
		{"folder with Dockerfiles", []string{"Containerfiles/Dockerfile"}, []string{"Containerfiles"}, []string{"Containerfiles/Dockerfile"}, nil},
		{"missing", []string{"Dockerfile"}, []string{"nothing", "Dockerfile"}, []string{"Dockerfile"}, []string{"nothing: no such file or directory"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, problems := find(t, tree(t, c.tree...), c.args...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.problems, problems); diff != "" {
				t.Error(diff)
			}
		})
	}
}
