package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/cmd/internal/diff"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

var colorModes = []string{"auto", "always", "never"}

// colorFor decides on colour: the flag, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether
// somebody looks.
func colorFor(mode string, w io.Writer) bool {
	switch {
	case mode == "always":
		return true
	case mode == "never", os.Getenv("NO_COLOR") != "":
		return false
	}
	if force := os.Getenv("FORCE_COLOR"); force != "" {
		return force != "0" && force != "false"
	}
	return isTerminal(w) && os.Getenv("TERM") != "dumb"
}

// linksFor decides on links: FORCE_HYPERLINK, as other programs have it, then whether a terminal that shows colours looks.
func linksFor(color bool, w io.Writer) bool {
	if force := os.Getenv("FORCE_HYPERLINK"); force != "" {
		return force != "0"
	}
	return color && isTerminal(w) && os.Getenv("TERM") != "linux"
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// widthOf is the width of the terminal, 0 when there is none.
func widthOf(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := w.(*os.File); ok && isTerminal(w) {
		return terminalWidth(f)
	}
	return 0
}

// newRun is an empty run that knows the rules.
func newRun(dir string) *report.Run {
	root := repository(dir)
	return &report.Run{
		Rules:   rules.All(),
		Why:     func(r *analyzer.Rule) string { return firstSentence(rules.Explain(r).Why) },
		Help:    func(r *analyzer.Rule) string { return rules.Explain(r).Markdown },
		Version: Version(),
		FromRoot: func(name string) string {
			if name == stdinArg {
				return name
			}
			path := name
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
				path = rel
			}
			return filepath.ToSlash(path)
		},
	}
}

// repository is the root of the repository around dir, or dir: code scanning wants names relative to it.
func repository(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return dir
		}
	}
}

// firstSentence is the first sentence of Markdown prose, on one line.
func firstSentence(text string) string {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	if strings.HasPrefix(paragraph, "```") {
		return ""
	}
	paragraph = strings.Join(strings.Fields(paragraph), " ")
	for from := 0; ; {
		end := strings.Index(paragraph[from:], ". ")
		if end < 0 {
			return paragraph
		}
		end += from + 1
		// "e.g. " and "3. " end no sentence, a capital letter after the blank begins one.
		next := paragraph[end+1:]
		if next != "" && (next[0] >= 'A' && next[0] <= 'Z' || next[0] == '`') && !strings.HasSuffix(paragraph[:end], "e.g.") {
			return paragraph[:end]
		}
		from = end
	}
}

// diff prints what would change. The last state of a file counts: several Dockerfiles may change one .dockerignore.
func (s *session) diff(list []*linted) error {
	last := map[string]lint.Change{}
	var order []string
	problems := 0
	for _, l := range list {
		problems += len(l.applied)
		for _, change := range l.changes {
			if _, known := last[change.Path]; !known {
				order = append(order, change.Path)
			}
			last[change.Path] = change
		}
	}
	sort.Strings(order)
	var out strings.Builder
	for _, path := range order {
		change := last[path]
		from := change.Name
		if change.Before == nil {
			from = os.DevNull
		}
		out.WriteString(diff.Unified(printable(filepath.ToSlash(from)), printable(filepath.ToSlash(change.Name)), string(change.Before), string(change.After)))
	}
	text := out.String()
	if isTerminal(s.Out) {
		text = harmless(text) // elsewhere it may be a patch to apply
	}
	if _, err := io.WriteString(s.Out, colorDiff(text, colorFor(s.flags.color, s.Out))); err != nil {
		return outputError(err)
	}
	if !s.flags.quiet {
		fmt.Fprintf(s.Err, "--fix would fix %d %s in %d %s\n", problems, noun(problems, "problem"), len(order), noun(len(order), "file"))
	}
	if len(order) > 0 && s.code == exitClean && !s.flags.exitZero {
		s.code = exitFindings
	}
	return nil
}

// harmless is text that doesn't command the terminal, line by line.
func harmless(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		code := strings.TrimRight(line, "\r\n")
		for i, part := range strings.Split(code, "\t") {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(printable(part))
		}
		b.WriteString(line[len(code):])
	}
	return b.String()
}

func noun(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func colorDiff(diff string, on bool) string {
	if !on {
		return diff
	}
	var b strings.Builder
	for line := range strings.Lines(diff) {
		text, ending := strings.TrimRight(line, "\r\n"), line[len(strings.TrimRight(line, "\r\n")):]
		code := ""
		switch {
		case strings.HasPrefix(text, "--- "), strings.HasPrefix(text, "+++ "):
			code = "1"
		case strings.HasPrefix(text, "@@"):
			code = "36"
		case strings.HasPrefix(text, "-"):
			code = "31"
		case strings.HasPrefix(text, "+"):
			code = "32"
		}
		if code == "" {
			b.WriteString(line)
			continue
		}
		b.WriteString("\x1b[" + code + "m" + text + "\x1b[0m" + ending)
	}
	return b.String()
}

// showFixes lists the fixes by file and rule.
func (s *session) showFixes(list []*linted) {
	for _, l := range list {
		if len(l.applied) == 0 {
			continue
		}
		counts := map[*analyzer.Rule]int{}
		var order []fixes.Applied
		for _, a := range l.applied {
			if counts[a.Rule]++; counts[a.Rule] == 1 {
				order = append(order, a)
			}
		}
		sort.SliceStable(order, func(i, j int) bool { return order[i].Rule.Code < order[j].Rule.Code })
		fmt.Fprintf(s.Out, "Fixed in %s:\n", printable(l.target.File.Name()))
		for _, a := range order {
			fmt.Fprintf(s.Out, "  %d × %s %s: %s (%s)\n", counts[a.Rule], a.Rule.Code, a.Rule.Name, a.Title, a.Safety)
		}
	}
}

// note tells for --verbose how a file is judged.
func note(linter *lint.Linter, unit *lint.Unit) string {
	configuration := "none"
	if unit.Config.Path != "" {
		configuration = linter.Display(unit.Config.Path)
	}
	context := "none"
	if unit.Place.Context != "" {
		context = linter.Display(unit.Place.Context)
	}
	name := unit.Input.Path
	if unit.Input.Embedded != nil {
		name += fmt.Sprintf(":%d", unit.Input.Embedded.Line())
	}
	text := fmt.Sprintf("%s: configuration: %s; context: %s (%s)", name, configuration, context, unit.Place.Why)
	for _, also := range unit.Place.Also {
		text += "; and in: " + linter.Display(also)
	}
	if unit.Place.Target != "" {
		text += "; target: " + unit.Place.Target
	}
	text += fmt.Sprintf("; rules: %d", len(unit.Selection.Rules()))
	if foreign := unit.Foreign(); len(foreign) > 0 {
		text += "; of hadolint's, these mean nothing here: " + strings.Join(foreign, ", ")
	}
	return printable(text) + "\n"
}

// unjudged tells for --verbose which rules say nothing where a base image is not known.
func unjudged(unit *lint.Unit, bases []string) string {
	var silent []string
	for _, rule := range unit.Selection.Rules() {
		if rule.AsksBase {
			silent = append(silent, rule.Code)
		}
	}
	text := fmt.Sprintf("%s: not known: the base image %s; not judged is what depends on it (%s): name it under images: in the configuration",
		unit.Input.Path, strings.Join(bases, ", "), strings.Join(silent, ", "))
	return printable(text) + "\n"
}

// leastOf is the least severity that makes a run fail, by the flags and the configuration; 0 when none does.
func (s *session) leastOf(least analyzer.Severity, never bool) analyzer.Severity {
	switch s.flags.failOn {
	case "":
	case "never":
		never = true
	default:
		never, least = false, severities[s.flags.failOn]
	}
	switch {
	case never:
		return 0
	case least == 0:
		return analyzer.Warning
	}
	return least
}
