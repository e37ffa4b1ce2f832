package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

// TestHadolintPage compares the table in docs/hadolint.md with the counterparts. `go test ./rules -run TestHadolintPage -update` writes it.
func TestHadolintPage(t *testing.T) {
	path := filepath.Join("..", "docs", "hadolint.md")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- counterparts -->\n", "<!-- /counterparts -->\n"
	before, rest, ok := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", path)
	}
	want := before + begin + "\n" + rules.HadolintTable() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(content)); diff != "" {
		t.Errorf("`go test ./rules -run TestHadolintPage -update` writes it anew:\n%s", diff)
	}
}

func TestCounterpartsAreInOrder(t *testing.T) {
	list := rules.Counterparts()
	code := regexp.MustCompile(`^(DL|SC)[0-9]{4}$`)
	for i, c := range list {
		if !code.MatchString(c.Code) || c.About == "" || c.Differs == "" || len(c.Rules) == 0 || slices.Contains(c.Rules, nil) {
			t.Errorf("%+v is not whole", c)
		}
		if i > 0 && list[i-1].Code >= c.Code {
			t.Errorf("%s is out of order", c.Code)
		}
		if strings.ContainsAny(c.About+c.Differs, "|\n") {
			t.Errorf("%s breaks the table", c.Code)
		}
		if slices.Contains(c.Rules, rules.SyntaxError) {
			t.Errorf("%s: a file that can't be read can't be ignored", c.Code)
		}
	}
}

func TestHadolintComments(t *testing.T) {
	const run = "RUN pip install flask\n" // PLD202 at the word, PLD205 at the command
	for _, test := range []struct{ name, text, want string }{
		{"none", "FROM python:3.13-slim\n" + run, "PLD202 PLD205"},
		{"one", "FROM python:3.13-slim\n# hadolint ignore=DL3042\n" + run, "PLD202"},
		{"two, and one without counterpart", "FROM python:3.13-slim\n#hadolint ignore = DL3013 , DL3042,SC2086\n" + run, ""},
		{"with a reason", "FROM python:3.13-slim\n# hadolint ignore=DL3042 # because, DL3013\n" + run, "PLD202"},
		{"above another comment", "FROM python:3.13-slim\n# hadolint ignore=DL3042\n# pylint-docker: ignore[PLD202]\n" + run, ""},
		{"a blank line between", "FROM python:3.13-slim\n# hadolint ignore=DL3042\n\n" + run, "PLD202 PLD205"},
		{"another instruction", "FROM python:3.13-slim\n# hadolint ignore=DL3042\nENV A=1\n" + run, "PLD202 PLD205"},
		{"global, at the end", "FROM python:3.13-slim\n" + run + "# hadolint global ignore=DL3042,DL3013\n", ""},
		{"stage", "# hadolint stage ignore=DL3042\nFROM python:3.13-slim\n" + run, "PLD202"},
		{"another stage", "# hadolint stage ignore=DL3042\nFROM python:3.13-slim AS b\nFROM b\n" + run, "PLD202 PLD205"},
		{"stage above no FROM", "FROM python:3.13-slim\n# hadolint stage ignore=DL3042\n" + run, "PLD202 PLD205"},
		{"names are case-sensitive", "FROM python:3.13-slim\n# hadolint ignore=dl3042\n" + run, "PLD202 PLD205"},
		{"text behind it", "FROM python:3.13-slim\n# hadolint ignore=DL3042 because\n" + run, "PLD202 PLD205"},
		{"a sentence", "FROM python:3.13-slim\n# hadolint would ignore=DL3042\n" + run, "PLD202 PLD205"},
		{"shell", "FROM python:3.13-slim\n# hadolint shell=powershell\n" + run, "PLD202 PLD205"},
		{"what it suppresses is not unused, ours is", "FROM python:3.13-slim\n# pylint-docker: ignore[PLD501]\n# hadolint ignore=DL3002,DL3042,DL3013\n" + run, "PLD002"},
		{"ours and theirs for one", "FROM python:3.13-slim\n# pylint-docker: ignore[PLD205]\n# hadolint ignore=DL3042\n" + run, "PLD202"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sel := rules.Selection{}
			for _, name := range []string{"PLD002", "PLD003", "PLD202", "PLD205", "PLD501"} {
				rule, _ := rules.Find(name)
				sel = sel.With(rule)
			}
			rootless := test.text + "USER 1000\n"
			lint := func(sel rules.Selection) string {
				_, found, _ := rules.Lint(source.New("Dockerfile", []byte(rootless)), analyzer.Settings{}, sel)
				var codes []string
				for _, d := range found {
					codes = append(codes, d.Rule.Code)
				}
				slices.Sort(codes)
				return strings.Join(codes, " ")
			}
			if got := lint(sel.WithHadolintComments()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if without := strings.ReplaceAll(test.text, "hadolint", "nothing"); lint(sel) != func() string { rootless = without + "USER 1000\n"; return lint(sel) }() {
				t.Error("the comment counts though nobody asks for it")
			}
		})
	}
}

func TestHadolintCodesHaveTheirPlaces(t *testing.T) {
	const text = "# hadolint global ignore=DL3006\nFROM a\n#  hadolint ignore=DL3042,SC2086 # x\nRUN b\n# hadolint ignore=DL3000\n\n# hadolint stage ignore=DL3042\nFROM c\n# hadolint stage ignore=DL3042\nRUN d\n"
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range rules.HadolintCodes(doc) {
		below := "nothing"
		if c.Below != nil {
			below = c.Below.Keyword
		}
		if c.Global {
			below = "all"
		}
		got = append(got, doc.File.Text(c.Span)+" "+c.Code+" "+below)
	}
	want := []string{"DL3006 DL3006 all", "DL3042 DL3042 RUN", "SC2086 SC2086 RUN", "DL3000 DL3000 nothing", "DL3042 DL3042 FROM", "DL3042 DL3042 nothing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzHadolintComments(f *testing.F) {
	f.Add([]byte("FROM python:3.13-slim\n# hadolint global ignore=DL3042 # x\n# hadolint ignore=DL3013,SC1\nRUN pip install flask \\\n# hadolint ignore=DL3042\n  x\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		doc, err := dockerfile.Parse(source.New("Dockerfile", content))
		if err != nil {
			return
		}
		for _, c := range rules.HadolintCodes(doc) {
			if doc.File.Text(c.Span) != c.Code || c.Global && c.Below != nil {
				t.Errorf("%+v", c)
			}
		}
		_, without, _ := rules.Lint(doc.File, analyzer.Settings{}, rules.Default())
		_, with, _ := rules.Lint(doc.File, analyzer.Settings{}, rules.Default().WithHadolintComments())
		if len(with) > len(without) {
			t.Errorf("comments add findings: %d, %d without", len(with), len(without))
		}
	})
}
