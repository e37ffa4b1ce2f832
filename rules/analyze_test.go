package rules

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// analyze gives the model of a Dockerfile.
func analyze(t *testing.T, text string, settings analyzer.Settings) *analyzer.Build {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return analyzer.Analyze(doc, settings)
}
