package verify

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/imagefs/imagetest"
)

type file = imagetest.File

// app is an image that starts app.py with a Python of its own, from two layers.
func app(more ...file) *imagetest.Image {
	own := append([]file{{Name: "app/app.py", Content: "print()\n"}}, more...)
	return &imagetest.Image{Name: "app:1", Workdir: "/app", Cmd: []string{"python3", "app.py"}, Layers: []imagetest.Layer{
		{CreatedBy: "ADD file:1 in /", Files: []file{
			{Name: "usr/local/bin/python3.12", Content: imagetest.Program(), Mode: 0o755}, {Name: "usr/local/bin/python3", Link: "python3.12"},
			{Name: "usr/local/lib/python3.12/os.py"},
		}},
		{CreatedBy: "COPY . /app", Files: own},
	}}
}

func started(image *imagetest.Image, words ...string) *imagetest.Image {
	image.Cmd = words
	return image
}

// The engine builds nothing: it saves images that are there.
func TestLook(t *testing.T) {
	gcc := "Package: gcc-12\nStatus: install ok installed\nInstalled-Size: 60000\n\nPackage: git\nStatus: install ok installed\nInstalled-Size: 2000\n"
	for name, test := range map[string]struct {
		before, after *imagetest.Image
		problem       string // in the detail; "" if all is well
		smaller       string
	}{
		"nothing got worse":             {app(), app(), "", ""},
		"what it starts is gone":        {app(), started(app(), "python3", "main.py"), "the image does not start: /app/main.py, which Python is to run, is not there", ""},
		"a server that did not come":    {app(), started(app(), "gunicorn", "app:app"), "the image does not start: gunicorn is not on PATH", ""},
		"did not start before":          {started(app(), "python3", "main.py"), started(app(), "gunicorn"), "", ""},
		"build tools and lists stay":    {app(), app(file{Name: "var/lib/dpkg/status", Content: gcc}), "", ""},
		"build tools and lists are out": {app(file{Name: "var/lib/dpkg/status", Content: gcc}, file{Name: "var/lib/apt/lists/a", Zeros: 3_000_000}), app(), "", "build tools 61440000, package lists 3000000, other system packages 2048000"},
		"editable sources are gone": {
			app(), app(file{Name: "usr/local/lib/python3.12/site-packages/x-1.dist-info/METADATA", Content: "Name: x\nVersion: 1\n"},
				file{Name: "usr/local/lib/python3.12/site-packages/x-1.dist-info/direct_url.json", Content: `{"url": "file:///src", "dir_info": {"editable": true}}`}),
			"x is an editable install of /src, which is not in the image", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for tag, image := range map[string]*imagetest.Image{"before": test.before, "after": test.after} {
				if err := image.Write(filepath.Join(dir, tag)); err != nil {
					t.Fatal(err)
				}
			}
			e, err := engine.New(engine.Commands{
				Name: "nothing", Build: []string{"true"}, Run: []string{"false"}, Inspect: []string{"echo", "[{}]"},
				Save: []string{"sh", "-c", `cp -r "$0/${1##*:}" "$2"`, dir, "{tag}", "{archive}"},
			})
			if err != nil {
				t.Fatal(err)
			}
			undone := false
			v := &Verifier{Engine: e, Step: func(string) io.Writer { return io.Discard }}
			verdict, err := v.Try(t.Context(), Trial{Apply: func() error { return nil }, Undo: func() error { undone = true; return nil }})
			if err != nil || verdict.Unseen != nil {
				t.Fatal(err, verdict.Unseen)
			}
			if undone != (test.problem != "") || undone != (verdict.Problem != "") || !strings.Contains(strings.Join(verdict.Detail, "\n"), test.problem) {
				t.Errorf("undone: %v, problem: %q, detail: %q, want %q", undone, verdict.Problem, verdict.Detail, test.problem)
			}
			var smaller []string
			for _, l := range verdict.Smaller {
				smaller = append(smaller, fmt.Sprint(l.What, " ", l.Bytes))
			}
			if diff := cmp.Diff(test.smaller, strings.Join(smaller, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
