package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// SafeCase is a Dockerfile with its context, and what one rule's safe fix may change of the image.
type SafeCase struct {
	Rule, Name string            // of the folder and of the file
	Files      map[string][]byte // the build context, with slashes; Dockerfile is one of them
	NotBuilt   string            // why it can't be built everywhere; empty if it can
	BuildFails string            // part of the error with which the original does not build; empty if it does
	RunFails   string            // part of what the checks print when they fail in the original; empty if they don't
	Checks     []Check
	Differs    []Difference
}

// Difference is one that is meant.
type Difference struct {
	Pattern string // of a line of Differences; * is anything but a slash, ** is anything
	Quote   string // what the Fix section of the rule's page says of it
}

// Matches tells whether the pattern stands for a line of Differences. "/**" at its end is the folder
// itself too.
func (d Difference) Matches(line string) bool {
	pattern, tree := strings.CutSuffix(d.Pattern, "/**")
	expression := strings.NewReplacer(`\*\*`, `.*`, `\*`, `[^/]*`).Replace(regexp.QuoteMeta(pattern))
	if tree {
		expression += `(/.*)?`
	}
	return regexp.MustCompile(`^` + expression + `$`).MatchString(line)
}

// SafeCases reads all cases below a folder, RULE/CASE.txtar, in the order of their paths.
func SafeCases(dir string) ([]SafeCase, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		return nil, err
	}
	var cases []SafeCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		c := SafeCase{Rule: filepath.Base(filepath.Dir(file)), Name: strings.TrimSuffix(filepath.Base(file), ".txtar")}
		if err := c.parse(archive); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func (c *SafeCase) parse(archive *txtar.Archive) error {
	for line := range strings.Lines(string(archive.Comment)) {
		setting, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
		if !ok {
			continue
		}
		key, value, _ := strings.Cut(setting, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "not built":
			c.NotBuilt = value
		case "build fails":
			c.BuildFails = value
		case "run fails":
			c.RunFails = value
		case "run", "start":
			c.Checks = append(c.Checks, Check{Kind: key, Text: value})
		default:
			return fmt.Errorf("unknown setting %q", key)
		}
	}
	c.Files = map[string][]byte{}
	for _, file := range archive.Files {
		if file.Name != "differs" {
			c.Files[file.Name] = file.Data
			continue
		}
		for line := range strings.Lines(string(file.Data)) {
			pattern, quote, ok := strings.Cut(strings.TrimSpace(line), " | ")
			if !ok {
				return fmt.Errorf("no quotation of the documentation behind %q", strings.TrimSpace(line))
			}
			c.Differs = append(c.Differs, Difference{pattern, strings.TrimSpace(quote)})
		}
	}
	switch {
	case c.Files["Dockerfile"] == nil:
		return errors.New("no Dockerfile")
	case c.BuildFails != "" && (c.RunFails != "" || len(c.Differs) > 0):
		return errors.New("what does not build can't be compared")
	case c.BuildFails+c.RunFails != "" && len(c.Checks) == 0:
		return errors.New("nothing shows that the fixed image works")
	}
	return nil
}

// Write makes the build context in an empty folder.
func (c *SafeCase) Write(dir string) error {
	for _, name := range slices.Sorted(maps.Keys(c.Files)) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, c.Files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Lists tells whether a line of Differences is a documented one.
func (c *SafeCase) Lists(line string) bool {
	return slices.ContainsFunc(c.Differs, func(d Difference) bool { return d.Matches(line) })
}

// Judge compares what differs with what may. The problem is empty if every difference is a documented one and
// every documented one is there.
func (c *SafeCase) Judge(differences []string) (problem string) {
	var b strings.Builder
	for _, line := range differences {
		if !c.Lists(line) {
			b.WriteString("not documented: " + line + "\n")
		}
	}
	for _, d := range c.Differs {
		if !slices.ContainsFunc(differences, d.Matches) {
			b.WriteString("nothing differs like: " + d.Pattern + "\n")
		}
	}
	return b.String()
}

// SafeRow is what became of a case.
type SafeRow struct {
	Rule, Case string
	Differs    []string // patterns of the documented differences
	Result     string   // FAILED: ..., or what was shown
}

// Row begins the row of the case.
func (c *SafeCase) Row() SafeRow {
	row := SafeRow{Rule: c.Rule, Case: c.Name}
	for _, d := range c.Differs {
		row.Differs = append(row.Differs, d.Pattern)
	}
	return row
}

// Save writes the row to a folder.
func (r *SafeRow) Save(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, r.Rule+"+"+r.Case+".json"), text, 0o644)
}

// SafeRows reads the rows that Save has written for the cases, as far as there are any.
func SafeRows(dir string, cases []SafeCase) ([]SafeRow, error) {
	var rows []SafeRow
	for _, c := range cases {
		text, err := os.ReadFile(filepath.Join(dir, c.Rule+"+"+c.Name+".json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var row SafeRow
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", c.Rule, c.Name, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// What a case can show, apart from the reason why it was not built.
const (
	SameImage  = "same image"
	Documented = "differs as documented"
	NowBuilds  = "did not build before"
	NowRuns    = "did not run before"
)

// WriteSafeTable writes the rows as a table of Markdown, and below it what they come to.
func WriteSafeTable(w io.Writer, rows []SafeRow) error {
	var b strings.Builder
	b.WriteString("| rule | case | result | documented differences |\n|---|---|---|---|\n")
	count := map[string]int{}
	seen := map[string]bool{} // rule
	for _, r := range rows {
		var patterns []string
		for _, pattern := range r.Differs {
			patterns = append(patterns, "`"+pattern+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.Rule, r.Case, r.Result, strings.Join(patterns, ", "))
		word, _, _ := strings.Cut(r.Result, ":")
		count[word]++
		seen[r.Rule] = seen[r.Rule] || word != "not built" && word != "FAILED"
	}
	shown := 0
	for _, ok := range seen {
		if ok {
			shown++
		}
	}
	fmt.Fprintf(&b, "\n%d rules, of which %d were built. %d cases: %d with the same image, %d that differ as documented, %d that did not build before, %d that did not run before, %d not built, %d failed.\n",
		len(seen), shown, len(rows), count[SameImage], count[Documented], count[NowBuilds], count[NowRuns], count["not built"], count["FAILED"])
	_, err := io.WriteString(w, b.String())
	return err
}
