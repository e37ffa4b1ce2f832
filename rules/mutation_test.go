package rules_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

const mutationsDir = "../testdata/mutations"

// The floors of TestMutations: of so many planted defects so many were found when it was last measured. Floors rise only.
const (
	plantedFloor = 1889
	foundFloor   = 1846
)

// TestMutations plants defects into correct files, one at a time, and counts which of them are found. The correct files are
// testdata/mutations, one a style of building; the defects are the kinds of mutation_kinds_test.go. A defect counts as found
// when one of its kind's codes is reported once more than in the correct file.
//
//	go test ./rules -run TestMutations -v        prints the table of styles and kinds, and what is missed
//
// A correct file must give no error, and none of the warnings about the multi-stage pattern (PLD1xx) but those that its
// setting `allows` names.
func TestMutations(t *testing.T) {
	styles := readStyles(t)
	table := mutationTable{}
	for _, s := range styles {
		clean := s.lint(t, s.dockerfile, nil)
		for _, d := range clean {
			pattern := d.Severity == analyzer.Warning && strings.HasPrefix(d.Rule.Code, "PLD1")
			if (d.Severity == analyzer.Error || pattern) && !slices.Contains(s.allows, d.Rule.Code) {
				t.Errorf("%s is correct, but line %s", s.name, finding(s.dockerfile, d))
			}
		}
		before := countCodes(clean, analyzer.Info)
		for _, k := range mutationKinds {
			if slices.Contains(s.not, k.name) {
				continue
			}
			for _, m := range k.plant(s) {
				table.add(s.name, k, m, before, s.lint(t, m.dockerfile, m.files))
			}
		}
	}
	for _, k := range mutationKinds {
		if table.kinds[k.name].planted == 0 {
			t.Errorf("no style has the defect %s", k.name)
		}
	}
	planted, found := table.print(t, styles)
	if planted < plantedFloor || found*plantedFloor < foundFloor*planted {
		t.Errorf("%d of %d planted defects are found; it was %d of %d", found, planted, foundFloor, plantedFloor)
	}
}

// A style is a correct project that is built in several stages.
type style struct {
	name        string
	dockerfile  string
	files       map[string]string // the context
	environment string            // where the packages are in the final image
	allows, not []string          // codes that the correct file may have; kinds of defects that are none here
}

// readStyles reads testdata/mutations/*.txtar: a sentence, settings ("# environment: /opt/venv", "# context: app uv",
// "# allows: PLD125", "# not: KIND KIND"), the Dockerfile and files of the context. `context` names folders of
// context.txtar, whose files all come to the root of the context.
func readStyles(t *testing.T) []style {
	t.Helper()
	shared, err := txtar.ParseFile(filepath.Join(mutationsDir, "context.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(mutationsDir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var styles []style
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if s := readStyle(strings.TrimSuffix(filepath.Base(name), ".txtar"), archive, shared); s.name != "context" {
			styles = append(styles, s)
		}
	}
	return styles
}

func readStyle(name string, archive, shared *txtar.Archive) style {
	s := style{name: name, files: map[string]string{}}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "# ")), ": ")
		switch key {
		case "environment":
			s.environment = value
		case "allows":
			s.allows = strings.Fields(value)
		case "not":
			s.not = strings.Fields(value)
		case "context":
			for _, f := range shared.Files {
				if folder, rest, _ := strings.Cut(f.Name, "/"); slices.Contains(strings.Fields(value), folder) {
					s.files[rest] = string(f.Data)
				}
			}
		}
	}
	for _, f := range archive.Files {
		if f.Name == "Dockerfile" {
			s.dockerfile = string(f.Data)
			continue
		}
		s.files[f.Name] = string(f.Data)
	}
	return s
}

// lint gives all findings of a Dockerfile in the style's context, over which the files of other are laid.
func (s style) lint(t *testing.T, text string, other map[string]string) []analyzer.Diagnostic {
	t.Helper()
	context := fstest.MapFS{"Dockerfile": &fstest.MapFile{Data: []byte(text)}}
	for _, files := range []map[string]string{s.files, other} {
		for name, content := range files {
			context[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
		}
	}
	settings := testSettings()
	settings.Context = project.Open(context, "Dockerfile")
	_, found, failures := rules.Lint(source.New("Dockerfile", []byte(text)), settings, rules.Default())
	for _, err := range failures {
		t.Error(err)
	}
	return found
}

func finding(text string, d analyzer.Diagnostic) string {
	at := source.New("Dockerfile", []byte(text)).Position(d.Span.Start)
	return fmt.Sprintf("%d has %s %s: %s", at.Line, d.Rule.Code, d.Severity, d.Message)
}

// countCodes counts the findings of each code that are at least so severe.
func countCodes(found []analyzer.Diagnostic, least analyzer.Severity) map[string]int {
	count := map[string]int{}
	for _, d := range found {
		if d.Severity >= least {
			count[d.Rule.Code]++
		}
	}
	return count
}

// A mutationKind is a kind of defect.
type mutationKind struct {
	name  string
	codes string            // any of these says it
	least analyzer.Severity // of the finding
	plant func(style) []mutant
}

// A mutant is a style with one defect.
type mutant struct {
	what       string // what was changed
	dockerfile string
	files      map[string]string // files of the context that are changed, too
}

type score struct{ planted, found int }

type mutationTable struct {
	cells  map[[2]string]score // by style and kind
	kinds  map[string]score
	misses []string
}

func (m *mutationTable) add(style string, k mutationKind, mutant mutant, before map[string]int, found []analyzer.Diagnostic) {
	if m.cells == nil {
		m.cells, m.kinds = map[[2]string]score{}, map[string]score{}
	}
	after, hit := countCodes(found, k.least), 0
	for code := range strings.FieldsSeq(k.codes) {
		if after[code] > 0 && countCodes(found, analyzer.Info)[code] > before[code] {
			hit = 1
		}
	}
	cell, all := m.cells[[2]string{style, k.name}], m.kinds[k.name]
	m.cells[[2]string{style, k.name}] = score{cell.planted + 1, cell.found + hit}
	m.kinds[k.name] = score{all.planted + 1, all.found + hit}
	if hit == 0 {
		var got []string
		for code, n := range countCodes(found, analyzer.Info) {
			if n > before[code] {
				got = append(got, code)
			}
		}
		slices.Sort(got)
		m.misses = append(m.misses, fmt.Sprintf("%-22s %-22s %s (wanted %s, new are %v)", k.name, style, mutant.what, k.codes, got))
	}
}

// print logs the table, kinds down and styles across, and what is missed; it gives the sums.
func (m *mutationTable) print(t *testing.T, styles []style) (planted, found int) {
	t.Helper()
	var out strings.Builder
	letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	out.WriteString("found/planted in each style; . is none planted, = all of them found\n")
	for i, s := range styles {
		sum := score{}
		for _, k := range mutationKinds {
			c := m.cells[[2]string{s.name, k.name}]
			sum = score{sum.planted + c.planted, sum.found + c.found}
		}
		fmt.Fprintf(&out, "  %c %-22s %3d of %3d\n", letters[i], s.name, sum.found, sum.planted)
	}
	fmt.Fprintf(&out, "%-26s", "")
	for i := range styles {
		fmt.Fprintf(&out, "   %c", letters[i])
	}
	out.WriteString("    all\n")
	for _, k := range mutationKinds {
		fmt.Fprintf(&out, "%-26s", k.name)
		for _, s := range styles {
			c, ok := m.cells[[2]string{s.name, k.name}]
			switch {
			case !ok:
				out.WriteString("   .")
			case c.found == c.planted:
				out.WriteString("   =")
			default:
				fmt.Fprintf(&out, " %d/%d", c.found, c.planted)
			}
		}
		all := m.kinds[k.name]
		planted, found = planted+all.planted, found+all.found
		fmt.Fprintf(&out, "  %3d/%d\n", all.found, all.planted)
	}
	fmt.Fprintf(&out, "%d of %d planted defects of %d kinds are found in %d styles (%.1f %%); missed:\n", found, planted,
		len(slices.Collect(maps.Keys(m.kinds))), len(styles), 100*float64(found)/float64(max(planted, 1)))
	out.WriteString(strings.Join(m.misses, "\n"))
	t.Log(out.String())
	return planted, found
}
