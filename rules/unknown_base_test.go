package rules_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/rules"
)

// unfamiliar puts an image of which nothing is known in the place of all bases and copied images that are known.
func unfamiliar(dockerfile string) string {
	from := regexp.MustCompile(`(?im)^(\s*FROM\s+(?:--\S+\s+)*)(\S+)(.*)$`)
	stages := map[string]bool{}
	return from.ReplaceAllStringFunc(dockerfile, func(line string) string {
		m := from.FindStringSubmatch(line)
		known := stages[m[2]]
		if as := regexp.MustCompile(`(?i)^\s+AS\s+(\S+)`).FindStringSubmatch(m[3]); as != nil {
			stages[as[1]] = true
		}
		if known {
			return line
		}
		return m[1] + "acme/base:1.4" + m[3] + "\nWORKDIR /" // where all the known ones begin
	})
}

// TestUnknownBase proves which rules are silent on a base image of which nothing is known, and that the others are not.
func TestUnknownBase(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	speaks, cases := map[*analyzer.Rule]int{}, map[*analyzer.Rule]int{}
	for _, file := range files {
		c := readCase(t, file)
		if !c.fires() || c.rule.Check == nil {
			continue
		}
		context, content := fstest.MapFS{}, ""
		for _, f := range c.archive.Files {
			if f.Name == "Dockerfile" {
				content = string(f.Data)
			} else if !isExpectation(f.Name) {
				context[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		var fsys fs.FS = context
		if c.noContext {
			fsys = nil
		}
		if !regexp.MustCompile(`(?m)^(?:CMD|ENTRYPOINT)`).MatchString(content) {
			content = strings.TrimRight(content, "\n") + "\nCMD [\"python\", \"-m\", \"app\"]\n"
		}
		cases[c.rule]++
		if strings.Contains(findings(t, c.encode(unfamiliar(content)), fsys, c.settings, only(c.rule)), " "+c.rule.Code+" ") {
			speaks[c.rule]++
		}
	}
	for _, rule := range rules.All() {
		switch n := speaks[rule]; {
		case testing.Verbose():
			t.Logf("%s %s: %d of %d cases", rule.Code, rule.Name, n, cases[rule])
			fallthrough
		case rule.Check == nil, cases[rule] == 0:
		case rule.AsksBase && 2*n >= cases[rule]:
			t.Errorf("%s %s speaks in %d of %d cases on an unfamiliar base: it does not depend on the base", rule.Code, rule.Name, n, cases[rule])
		case !rule.AsksBase && n == 0:
			t.Errorf("%s %s is silent in all of %d cases on an unfamiliar base: set AsksBase", rule.Code, rule.Name, cases[rule])
		}
	}
}
