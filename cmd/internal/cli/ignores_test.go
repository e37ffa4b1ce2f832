package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/rules"
)

// TestIgnoreAll is about what no rule reports today: findings in other files and at no instruction.
func TestIgnoreAll(t *testing.T) {
	rule := func(code string) *analyzer.Rule {
		r, ok := rules.Find(code)
		if !ok {
			t.Fatal(code)
		}
		return r
	}
	other := analyzer.Diagnostic{Rule: rule("PLD205"), Path: "requirements.txt"}
	for name, test := range map[string]struct {
		text, want string
		found      []analyzer.Diagnostic
	}{
		"another file": {
			"# syntax=docker/dockerfile:1\nARG A\n# the base\nFROM a\nRUN x\n",
			"# syntax=docker/dockerfile:1\nARG A\n# pylint-docker: ignore-file[PLD205]\n# the base\nFROM a\nRUN x\n",
			[]analyzer.Diagnostic{other},
		},
		"extends what is there": {
			"# pylint-docker: ignore-file[PLD101,] -- old\n\nFROM a\n",
			"# pylint-docker: ignore-file[PLD101, PLD205,] -- old\n\nFROM a\n",
			[]analyzer.Diagnostic{other},
		},
		"a comment below the first FROM is none": {
			"FROM a\n# pylint-docker: ignore-file[PLD101]\nRUN x\n",
			"# pylint-docker: ignore-file[PLD205]\nFROM a\n# pylint-docker: ignore-file[PLD101]\nRUN x\n",
			[]analyzer.Diagnostic{other},
		},
		"the whole file covers its instructions": {
			"FROM a\nRUN x\n",
			"# pylint-docker: ignore-file[PLD205]\nFROM a\n# pylint-docker: ignore[PLD402]\nRUN x\n",
			[]analyzer.Diagnostic{other, {Rule: rule("PLD205"), Span: source.Span{Start: 7, End: 8}}, {Rule: rule("PLD402"), Span: source.Span{Start: 7, End: 8}}},
		},
		"between instructions": {
			"FROM a\n\n\nRUN x\n",
			"# pylint-docker: ignore-file[PLD402]\nFROM a\n\n\nRUN x\n",
			[]analyzer.Diagnostic{{Rule: rule("PLD402"), Span: source.Span{Start: 8, End: 8}}},
		},
		"no stage": {"# nothing\nARG A\n", "# nothing\nARG A\n", []analyzer.Diagnostic{other}},
		"not about comments": {"FROM a\n", "FROM a\n", []analyzer.Diagnostic{
			{Rule: rules.UnusedIgnore}, {Rule: rules.MalformedIgnore}, {Rule: rules.SyntaxError},
		}},
	} {
		file := source.New("Dockerfile", []byte(test.text))
		doc, err := dockerfile.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		result := &lint.Result{File: file, Build: analyzer.Analyze(doc, analyzer.Settings{}), Diagnostics: test.found}
		got, _ := ignoreAll(result)
		if diff := cmp.Diff(test.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
