package e2e

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/imagefs/imagetest"
)

// An image that is not what the Dockerfile says is found out, and one that is has nothing wrong.
func TestProve(t *testing.T) {
	const text = "FROM scratch\nCOPY app.py /app/app.py\nENV A=b\nWORKDIR /app\n"
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	build := analyzer.Analyze(doc, analyzer.Settings{})
	prove := func(name, variable string) *Proof {
		// BuildKit gives an image from scratch this PATH.
		env := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=" + variable}
		image := imagetest.Image{Name: "x:1", Workdir: "/app", Env: env, Layers: []imagetest.Layer{
			{CreatedBy: "COPY app.py /app/app.py", Files: []imagetest.File{{Name: "app/"}, {Name: "app/" + name, Content: "print()\n"}}},
		}}
		dir := t.TempDir()
		if err := image.Write(dir); err != nil {
			t.Fatal(err)
		}
		read, err := imagefs.Open(t.Context(), dir, imagefs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return Prove("x", build.Target, text, read, 0, build)
	}
	right := prove("app.py", "b")
	if len(right.Errors) > 0 || right.Kinds["path that the file names"].Yes == 0 || right.Kinds["env"].Yes == 0 {
		t.Errorf("%v %+v", right.Errors, right.Kinds)
	}
	wrong := strings.Join(prove("other.py", "c").Errors, "\n")
	for _, want := range []string{"/app/app.py: the model says true, the image has it: false", `env A is "c", not "b"`} {
		if !strings.Contains(wrong, want) {
			t.Errorf("no %q in\n%s", want, wrong)
		}
	}
}

// The table adds up what the proofs have counted.
func TestWriteProof(t *testing.T) {
	var b strings.Builder
	proofs := []Proof{
		{Stage: "a/0", Kinds: map[string]*Tally{"user": {Asked: 3, Yes: 1, No: 1}}},
		{Stage: "a/1", Kinds: map[string]*Tally{"user": {Asked: 1, Yes: 1, Wrong: 1}}, Errors: []string{"user: x"}},
	}
	if err := WriteProof(&b, proofs); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| user | 4 | 2 | 1 | 25 % | 1 |", "| all | 4 | 2 | 1 | 25 % | 1 |", "2 stages.", "WRONG a/1: user: x"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
