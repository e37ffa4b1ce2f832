package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	projectsDir = filepath.Join("..", "testdata", "projects", "e2e")
	initDir     = filepath.Join("..", "testdata", "projects", "init")
)

// A project whose smoke.txt is wrong is found without an engine.
func TestProjectsAreComplete(t *testing.T) {
	projects, err := Projects(projectsDir)
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(projectsDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(projects) != len(dirs) {
		t.Errorf("%d of %d folders have a smoke.txt", len(projects), len(dirs))
	}
	converted := 0
	for _, project := range projects {
		if project.Images[0].Expect == Convert {
			converted++
		}
	}
	if len(projects) < 40 || converted < 34 {
		t.Errorf("%d projects, of which %d convert; want 40 and 34", len(projects), converted)
	}
}

func TestInitProjectsAreComplete(t *testing.T) {
	projects, err := Projects(initDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, project := range projects {
		for _, image := range project.Images {
			if image.Expect != Write || len(project.Images) != 1 {
				t.Errorf("%s must have one image that init writes", project.Name)
			}
		}
	}
	if dirs, err := filepath.Glob(filepath.Join(initDir, "*")); err != nil || len(dirs) != len(projects) || len(projects) < 10 {
		t.Errorf("%d of %d folders have a smoke.txt (%v)", len(projects), len(dirs), err)
	}
}

func TestParseSmoke(t *testing.T) {
	got, err := parseSmoke(`# Two services.
dockerfile: web/Dockerfile
expect: convert
touch: web/app.py
arg: A=1
secret: id=s,src=s.txt
serve: http://127.0.0.1:80/?a:b
start:

dockerfile: Dockerfile.gpu
expect: refuse its run-time base is unknown
no build: needs a GPU
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Image{
		{Dockerfile: "web/Dockerfile", Expect: Convert, Touch: "web/app.py", Args: []string{"A=1"}, Secrets: []string{"id=s,src=s.txt"}, Checks: []Check{{"serve", "http://127.0.0.1:80/?a:b"}, {"start", ""}}},
		{Dockerfile: "Dockerfile.gpu", Expect: Refuse, Reason: "its run-time base is unknown", NoBuild: "needs a GPU"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParseSmokeErrors(t *testing.T) {
	const good = "expect: convert\ntouch: a.py\nrun: true\n"
	for name, test := range map[string]struct{ text, want string }{
		"unknown key":              {good + "flavour: x", "line 4 is nothing"},
		"no colon":                 {good + "run", "line 4 is nothing"},
		"no value":                 {good + "run:", "line 4 is nothing"},
		"unknown expectation":      {"expect: wonders", "line 1 is nothing"},
		"refusal without a reason": {"expect: refuse", "line 1 is nothing"},
		"reason without a refusal": {"expect: convert because", "line 1 is nothing"},
		"empty":                    {"", "Dockerfile: nothing is expected"},
		"no check":                 {"expect: convert\ntouch: a.py", "no run, start or serve"},
		"nothing to touch":         {"expect: convert\nrun: true", "no source file"},
		"checks without a build":   {good + "no build: x", "not built"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseSmoke(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
