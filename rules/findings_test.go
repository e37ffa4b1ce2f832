package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestAppendPlace(t *testing.T) {
	at := func(start int, path string) analyzer.Related {
		return analyzer.Related{Span: source.Span{Start: start, End: start + 3}, Path: path}
	}
	var got []analyzer.Related
	for _, place := range []analyzer.Related{at(1, ""), at(5, ""), at(1, ""), at(1, "requirements.txt"), at(5, ""), at(1, "requirements.txt")} {
		got = appendPlace(got, place)
	}
	if diff := cmp.Diff([]analyzer.Related{at(1, ""), at(5, ""), at(1, "requirements.txt")}, got); diff != "" {
		t.Error(diff)
	}
}
