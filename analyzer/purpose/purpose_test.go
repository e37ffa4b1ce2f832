package purpose_test

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestForDevelopment(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"Dockerfile", "FROM python:3.12 AS runtime\n", false},
		{"Dockerfile", "FROM python:3.12 AS base\nFROM base AS dev\n", true},
		{"Dockerfile", "FROM python:3.12 AS dev\nFROM dev AS production\n", false},
		{"Dockerfile.dev", "FROM python:3.12\n", true},
		{"docker/Dockerfile.local.alpine", "FROM python:3.12\n", true},
		{"Dockerfile.tests", "FROM python:3.12\n", true},
		{"test.Dockerfile", "FROM python:3.12\n", false}, // a file to try things with
		{"docker/editable.Dockerfile", "FROM python:3.12\n", true},
		{"Dockerfile.devpi", "FROM python:3.12\n", false},
		{"x/.devcontainer/Dockerfile", "FROM python:3.12\n", true},
		{"compose/local/django/Dockerfile", "FROM python:3.12\n", true},
		{"compose/production/django/Dockerfile", "FROM python:3.12\n", false},
		{"localhost/Dockerfile", "FROM python:3.12\n", false},
	} {
		doc, err := dockerfile.Parse(source.New(test.name, []byte(test.text)))
		if err != nil {
			t.Fatal(err)
		}
		if got := purpose.ForDevelopment(analyzer.Analyze(doc, analyzer.Settings{})); got != test.want {
			t.Errorf("%s of %q: %v", test.name, test.text, got)
		}
	}
}
