package built_test

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/built"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Builders write the history in ways of their own; another Dockerfile than the image's is known by its instructions.
func TestPlaces(t *testing.T) {
	const text = "FROM python:3.12-slim AS base\nENV A=b\nRUN apt-get update && \\\n    apt-get install -y gcc\nFROM base\nRUN --mount=type=cache,target=/root/.cache pip  install flask\nCOPY . /app\nRUN [\"pip\", \"check\"]\nRUN <<EOF\nid\nEOF\n"
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	build := analyzer.Analyze(doc, analyzer.Settings{})
	for name, test := range map[string]struct {
		history string
		fits    bool
	}{
		"BuildKit":        {"ENV A=b/RUN ^bin^sh -c apt-get update &&     apt-get install -y gcc # buildkit/RUN ^bin^sh -c pip  install flask # buildkit/COPY . ^app # buildkit/RUN pip check # buildkit/RUN ^bin^sh -c id # buildkit", true},
		"older":           {"^bin^sh -c #(nop)  ENV A=b/^bin^sh -c apt-get update &&     apt-get install -y gcc/|1 X=y ^bin^sh -c pip install flask/^bin^sh -c #(nop) COPY dir:1 in ^app /^bin^sh -c pip check/^bin^sh -c id", true},
		"base before":     {"ADD file:1 in ^/ENV A=b/RUN ^bin^sh -c apt-get update &&  apt-get install -y gcc/RUN ^bin^sh -c pip install flask/COPY . ^app/RUN pip check/RUN id", true},
		"another command": {"ENV A=b/RUN ^bin^sh -c apt-get update && apt-get install -y gcc/RUN ^bin^sh -c pip install django/COPY . ^app/RUN pip check/RUN id", false},
		"another order":   {"ENV A=b/RUN ^bin^sh -c apt-get update && apt-get install -y gcc/COPY . ^app/RUN ^bin^sh -c pip install flask/RUN pip check/RUN id", false},
		"too few":         {"COPY . ^app/RUN pip check/RUN id", false},
	} {
		t.Run(name, func(t *testing.T) {
			image := &imagefs.Image{}
			for i, by := range strings.Split(test.history, "/") {
				image.History = append(image.History, imagefs.Step{CreatedBy: strings.ReplaceAll(by, "^", "/"), Layer: i})
			}
			places := built.Places(image, build)
			if (places != nil) != test.fits {
				t.Fatalf("got %v", places)
			}
			last := len(image.History) - 1
			if test.fits && !strings.HasPrefix(build.File.Text(places[last]), "RUN <<EOF") {
				t.Errorf("the last layer is of %q", build.File.Text(places[last]))
			}
		})
	}
}
