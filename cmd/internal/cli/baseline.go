package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/baseline"
	"github.com/pylint-docker/pylint-docker/rules"
)

// memory is what check does with a baseline: leave out what is in it, or write one.
type memory struct {
	path  string             // of the file, as the user wrote it; "" without a baseline
	dir   string             // the absolute folder that names in it are relative to
	from  string             // the folder that names of files are relative to
	known *baseline.Baseline // of --baseline, nil with --write-baseline
	found []baseline.Finding // of --write-baseline
	left  int                // how many findings were left out
}

// openMemory reads the baseline that the flags name.
func openMemory(f checkFlags, from string) (*memory, error) {
	m := &memory{path: f.baseline, from: from}
	if m.path == "" {
		m.path = f.writeBaseline
	}
	if m.path == "" {
		return m, nil
	}
	absolute, err := filepath.Abs(m.path)
	if err != nil {
		return nil, err
	}
	m.dir = filepath.Dir(absolute)
	if f.baseline == "" {
		return m, nil
	}
	content, err := os.ReadFile(m.path)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	m.known, err = baseline.Parse(m.path, content)
	return m, err
}

// covers tells whether a finding is to be left out. A file that can't be read is never covered: nothing is known of it.
func (m *memory) covers(d analyzer.Diagnostic, name string, file *source.File) bool {
	if m.path == "" || d.Rule == rules.SyntaxError {
		return false
	}
	f := baseline.Finding{File: m.name(name), Rule: d.Rule.Code, Anchor: baseline.Anchor(file, d.Span), Message: d.Message}
	if m.known == nil {
		m.found = append(m.found, f)
		return true
	}
	if m.known.Has(f) {
		m.left++
		return true
	}
	return false
}

// name is what a file is called in the baseline, which does not depend on where the user stands.
func (m *memory) name(shown string) string {
	if shown == stdinArg {
		return shown
	}
	if !filepath.IsAbs(shown) {
		shown = filepath.Join(m.from, shown)
	}
	if rel, err := filepath.Rel(m.dir, shown); err == nil {
		shown = rel
	}
	return filepath.ToSlash(shown)
}

// close writes the baseline, or tells what of it was found and what is gone.
func (m *memory) close(s *session, list []*linted) error {
	switch {
	case m.path == "":
		return nil
	case m.known == nil && s.code == exitError:
		return errors.New("--write-baseline: nothing is written, since not all files could be linted")
	case m.known == nil:
		if err := writeFile(m.path, func(w io.Writer) error { return baseline.Write(w, m.found) }); err != nil {
			return fmt.Errorf("--write-baseline: %w", err)
		}
		s.tell("%s: %d %s written\n", m.path, len(m.found), noun(len(m.found), "finding"))
		return nil
	}
	// What this run has not looked at is not gone, unless nobody could.
	looked := map[string]bool{}
	for _, l := range list {
		looked[m.name(l.target.File.Name())] = len(l.errs) == 0
	}
	gone := m.known.Gone(func(file string) bool {
		if clean, known := looked[file]; known {
			return clean
		}
		_, err := os.Stat(filepath.Join(m.dir, filepath.FromSlash(file)))
		return os.IsNotExist(err)
	})
	missing := 0
	for _, e := range gone {
		missing += e.Count
		if s.flags.verbose {
			fmt.Fprintf(s.Err, "%s: gone from %s: %s %s\n", m.path, printable(e.File), printable(e.Rule), printable(e.Message))
		}
	}
	hint := ""
	if missing > 0 {
		hint = fmt.Sprintf("; %d in it are gone, --write-baseline renews it", missing)
	}
	s.tell("%s: %d %s left out%s\n", m.path, m.left, noun(m.left, "finding"), hint)
	return nil
}

// tell says something about the run that is no finding.
func (s *session) tell(format string, args ...any) {
	if !s.flags.quiet {
		fmt.Fprintf(s.Err, format, args...)
	}
}
