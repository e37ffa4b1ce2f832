package rules_test

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

// unknownPrograms are spellings of one thing: a program runs of which nothing is known.
var unknownPrograms = []string{"./setup", "./setup.sh", "make x", "just x", "python x.py", "ansible-playbook x"}

// Ceilings of TestSilence, which only ever fall.
const (
	spellingCeiling = 0 // cases whose findings depend on the spelling
	errorCeiling    = 0 // cases where an error stands although the program may have healed it
)

// TestSilence puts a program of which nothing is known above the start command of the cases of all rules that ask whether
// something is there. What is found must not depend on how the program is called, but for findings on that very line;
// and an error may only stand where no program could heal it, because the build stops before it or the
// state that is wrong is none of the file system (see healable).
func TestSilence(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	cases, spelled, stood := 0, []string{}, []string{}
	for _, file := range files {
		c := readCase(t, file)
		if !presenceRule.MatchString(c.rule.Code) || !c.fires() {
			continue
		}
		for _, place := range []string{"CMD ENTRYPOINT", "USER"} {
			all := c.spellings(t, place)
			if all == nil {
				continue
			}
			cases++
			name := fmt.Sprintf("%s %s above %s", c.rule.Code, filepath.Base(file), place)
			for i, found := range all {
				if !slices.Equal(found, all[0]) {
					spelled = append(spelled, fmt.Sprintf("%s:\n  %s: %s\n  %s: %s", name, unknownPrograms[0], all[0], unknownPrograms[i], found))
					break
				}
			}
			if slices.ContainsFunc(all[0], mayBeHealed) {
				stood = append(stood, fmt.Sprintf("%s: %s", name, all[0]))
			}
		}
	}
	t.Logf("%d cases x %d spellings", cases, len(unknownPrograms))
	if n := len(spelled); n > spellingCeiling || testing.Verbose() {
		t.Logf("%d depend on the spelling, at most %d may:\n%s", n, spellingCeiling, strings.Join(spelled, "\n"))
	}
	if n := len(stood); n > errorCeiling || testing.Verbose() {
		t.Logf("%d have an error that the program may have healed, at most %d may:\n%s", n, errorCeiling, strings.Join(stood, "\n"))
	}
	if cases < 255 || len(spelled) > spellingCeiling || len(stood) > errorCeiling {
		t.Errorf("%d cases, %d depend on the spelling, %d have an error that may be none", cases, len(spelled), len(stood))
	}
}

// presenceRule are the codes of rules that may ask what is there.
var presenceRule = regexp.MustCompile(`^PLD[1-6]`)

// healable finds an error about what a program that runs last could have put there. Where it says that the build fails, it does
// so before the program runs; and where a user is not there, so it does, unless the program runs above.
var healable = regexp.MustCompile(`PLD(107|109|113|115|117|128|129|509|512|513|607) \(error\)|below PLD510 \(error\)`)

func mayBeHealed(finding string) bool {
	return healable.MatchString(finding) && !strings.Contains(finding, "the build fails")
}

// spellings gives what is found in the case with each of unknownPrograms in it; nil where it has no place for them.
func (c *ruleCase) spellings(t *testing.T, place string) [][]string {
	var all [][]string
	for _, program := range unknownPrograms {
		found, ok := c.under(t, program, place)
		if !ok {
			return nil
		}
		all = append(all, found)
	}
	return all
}

func (c *ruleCase) fires() bool {
	for _, f := range c.archive.Files {
		if f.Name == "want" && bytes.Contains(f.Data, []byte(" "+c.rule.Code+" ")) {
			return true
		}
	}
	return false
}

// under lints the case with a program above the first of some instructions in the last stage, or at the end where there is no
// start command; lines are counted as if it were not there, and findings on its own line are left out. False when there is no such instruction.
func (c *ruleCase) under(t *testing.T, program, place string) ([]string, bool) {
	t.Helper()
	context, text := fstest.MapFS{}, ""
	for _, f := range c.archive.Files {
		if f.Name == "Dockerfile" {
			text = string(f.Data)
		}
		if !isExpectation(f.Name) {
			context[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	doc, err := dockerfile.Parse(source.New("Dockerfile", c.encode(text)))
	if err != nil {
		return nil, false
	}
	at := -1
	for _, in := range doc.Instructions {
		if in.Keyword == "FROM" {
			at = -1
		}
		if at < 0 && slices.Contains(strings.Fields(place), in.Keyword) {
			at = in.Span.Start
		}
	}
	content := string(doc.File.Bytes())
	if at < 0 && place == "USER" {
		return nil, false
	}
	if at < 0 {
		content = strings.TrimRight(content, "\r\n") + "\n"
		at = len(content)
	}
	content = content[:at] + "RUN " + program + "\n" + content[at:]
	file := source.New("Dockerfile", []byte(content))
	settings := c.settings
	if !c.noContext {
		settings.Context = project.Open(context, "Dockerfile")
	}
	_, found, _ := rules.Lint(file, settings, c.selection)
	own := file.Position(at).Line
	lines := map[string]bool{}
	for _, d := range found {
		line := file.Position(d.Span.Start).Line
		if line == own && d.Path == "" {
			continue
		}
		below := ""
		if line > own {
			line, below = line-1, "below "
		}
		severity := ""
		if d.Severity == analyzer.Error {
			severity = " (error)"
		}
		lines[fmt.Sprintf("%s:%d %s%s%s: %s", d.Path, line, below, d.Rule.Code, severity, d.Message)] = true
	}
	return slices.Sorted(maps.Keys(lines)), true
}
