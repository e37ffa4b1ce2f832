package fixes

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// maxRounds bounds Loop. Rules that wait for each other at one place need a round each; more than
// this many is a rule that feeds on its own output.
const maxRounds = 20

// Files is a Dockerfile with the files of its build context that fixes have changed or created.
type Files struct {
	Dockerfile []byte
	// Others maps slash paths relative to the context root to their new content.
	Others map[string][]byte
}

// Judge finds what is wrong with files. It must see Others in place of the context's own files,
// and must not change its argument.
type Judge func(files Files) ([]analyzer.Diagnostic, error)

// Applied is a fix that Loop applied.
type Applied struct {
	Rule   *analyzer.Rule
	Title  string
	Safety analyzer.Safety
	Path   string // of the finding: "" for the Dockerfile
	Line   int    // one-based line of the finding in the text of its round
}

// Dropped is a fix that could not be applied; Err says why and names the rule.
type Dropped struct {
	Rule  *analyzer.Rule
	Title string
	Path  string
	Line  int
	Err   error
}

// Outcome is what Loop did.
type Outcome struct {
	Files     Files
	Applied   []Applied             // in the order of application
	Remaining []analyzer.Diagnostic // what Judge says of Files
	Dropped   []Dropped
	Rounds    int // rounds that changed something
}

// Loop applies every fix of at least the given safety (Safe, or Unsafe for both; suggestions are
// never applied) until none is left. In each round it takes the fixes in the order of their
// places and of their rules' codes, leaves those that touch one already taken for the next round,
// and applies the rest in one sweep over all files. A fix is applied whole or not at all.
//
// read gives the context's own files; it may be nil. A fix after which the Dockerfile does not
// parse is dropped and the others go on. When rules undo each other, or do not come to an end,
// Loop fails with an error that names them, and Outcome.Files are the files as they were given.
//
// A fix with a Prove that does not hold of the result is taken back: the files are fixed without it, then it is tried once more on what
// came out, and when it does not hold there either it is among Outcome.Dropped. So a second Loop over the result changes nothing.
func Loop(files Files, read func(path string) ([]byte, bool), judge Judge, level analyzer.Safety) (Outcome, error) {
	first := looper{read: read, files: files}
	out, err := first.loop(judge, level)
	broken := first.broken()
	if err != nil || broken == nil {
		return out, err
	}
	without := looper{read: read, files: files, unproven: true}
	if out, err = without.loop(judge, level); err != nil {
		return out, err
	}
	again := looper{read: read, files: out.Files}
	if more, err := again.loop(judge, level); err == nil && again.broken() == nil {
		more.Applied = append(out.Applied, more.Applied...)
		more.Rounds += out.Rounds
		return more, nil
	}
	out.Dropped = append(out.Dropped, *broken)
	return out, nil
}

// broken is a fix that was applied and that does not hold of the result; nil when there is none.
func (l *looper) broken() *Dropped {
	for _, c := range l.proofs {
		if reason := c.fix.Prove(l.files.Dockerfile); reason != "" {
			err := fmt.Errorf("%s: fix %q does not go together with the other fixes: %s", c.ruleName(), c.fix.Title, reason)
			return &Dropped{c.found.Rule, c.fix.Title, c.found.Path, c.line, err}
		}
	}
	return nil
}

// loop applies fixes until none is left.
func (l *looper) loop(judge Judge, level analyzer.Safety) (Outcome, error) {
	level = max(level, analyzer.Unsafe)
	files := l.files
	seen := map[string]int{files.Key(): 0}
	out := Outcome{Files: files}
	var history [][]*candidate
	for {
		found, err := judge(l.files)
		if err != nil {
			return Outcome{Files: files}, err
		}
		taken, next, dropped := l.round(candidates(found, level, l.text))
		if len(taken) == 0 {
			out.Files, out.Remaining, out.Dropped = l.files, found, dropped
			return out, nil
		}
		history = append(history, taken)
		if len(history) > maxRounds {
			err := fmt.Errorf("fixes do not come to an end: %s", ruleNames(history[maxRounds-1:]))
			return Outcome{Files: files, Remaining: out.Remaining}, err
		}
		if round, ok := seen[next.Key()]; ok {
			err := fmt.Errorf("fixes undo each other: %s", ruleNames(history[round:]))
			return Outcome{Files: files, Remaining: out.Remaining}, err
		}
		seen[next.Key()] = len(history)
		for _, c := range taken {
			if c.fix.Prove != nil {
				l.proofs = append(l.proofs, c)
			}
			out.Applied = append(out.Applied, Applied{c.found.Rule, c.fix.Title, c.fix.Safety, c.found.Path, c.line})
		}
		if out.Rounds == 0 {
			out.Remaining = found
		}
		l.files = next
		out.Rounds++
	}
}

// Key is the same for equal files, and other for others. It holds them all: a hash would bring a tenth of a megabyte of cryptography into the
// playground, and there are few rounds.
func (f Files) Key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n%s", len(f.Dockerfile), f.Dockerfile)
	for _, path := range slices.Sorted(maps.Keys(f.Others)) {
		fmt.Fprintf(&b, "%q %d\n%s", path, len(f.Others[path]), f.Others[path])
	}
	return b.String()
}

func ruleNames(rounds [][]*candidate) string {
	names := map[string]bool{}
	for _, taken := range rounds {
		for _, c := range taken {
			names[c.ruleName()] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// candidate is a fix that may be applied.
type candidate struct {
	found analyzer.Diagnostic
	fix   *analyzer.Fix
	line  int
}

func (c *candidate) ruleName() string {
	if c.found.Rule == nil {
		return "an unnamed rule"
	}
	return c.found.Rule.Code + " " + c.found.Rule.Name
}

func (c *candidate) code() string {
	if c.found.Rule == nil {
		return ""
	}
	return c.found.Rule.Code
}

func candidates(found []analyzer.Diagnostic, level analyzer.Safety, text func(string) ([]byte, bool)) []*candidate {
	var all []*candidate
	lines := map[string]*source.File{}
	for _, d := range found {
		if d.Fix == nil || d.Fix.Safety < level || len(d.Fix.Edits) == 0 {
			continue
		}
		c := &candidate{found: d, fix: d.Fix, line: 1}
		if _, known := lines[d.Path]; !known {
			if content, ok := text(d.Path); ok {
				lines[d.Path] = source.New(d.Path, content)
			}
		}
		if file := lines[d.Path]; file != nil {
			c.line = file.LineOf(max(0, d.Span.Start))
		}
		all = append(all, c)
	}
	stable.Sort(all, func(a, b *candidate) int {
		x, y := a.first(), b.first()
		return cmp.Or(
			cmp.Compare(x.Path, y.Path),
			cmp.Compare(x.Span.Start, y.Span.Start),
			cmp.Compare(x.Span.End, y.Span.End),
			cmp.Compare(a.code(), b.code()),
		)
	})
	return all
}

// first is the first place that the fix edits.
func (c *candidate) first() analyzer.Edit { return slices.MinFunc(c.fix.Edits, CompareEdits) }

type looper struct {
	read  func(string) ([]byte, bool)
	files Files
	// unproven leaves fixes with a Prove out; proofs are those that were applied.
	unproven bool
	proofs   []*candidate
}

// text is the present content of a file: "" is the Dockerfile.
func (l *looper) text(path string) ([]byte, bool) {
	if path == "" {
		return l.files.Dockerfile, true
	}
	if content, ok := l.files.Others[path]; ok {
		return content, true
	}
	if l.read == nil {
		return nil, false
	}
	return l.read(path)
}

// round chooses fixes and gives the files after them. A fix that breaks the Dockerfile is dropped
// and the choice is made anew, so that those which waited for it get their turn.
func (l *looper) round(all []*candidate) (taken []*candidate, next Files, dropped []Dropped) {
	drop := func(c *candidate, err error) {
		all = slices.DeleteFunc(all, func(other *candidate) bool { return other == c })
		err = fmt.Errorf("%s: fix %q: %w", c.ruleName(), c.fix.Title, err)
		dropped = append(dropped, Dropped{c.found.Rule, c.fix.Title, c.found.Path, c.line, err})
	}
	if l.unproven {
		all = slices.DeleteFunc(all, func(c *candidate) bool { return c.fix.Prove != nil })
	}
	for _, c := range slices.Clone(all) {
		if err := l.check(c.fix); err != nil {
			drop(c, err)
		}
	}
	for {
		taken = choose(all)
		next, err := l.apply(taken)
		if err == nil {
			return taken, next, dropped
		}
		guilty, err := l.guilty(taken)
		drop(guilty, err)
	}
}

// check refuses a fix that can't be applied to the present files on its own.
func (l *looper) check(fix *analyzer.Fix) error {
	changes := false
	perFile := map[string][]analyzer.Edit{}
	for _, e := range fix.Edits {
		perFile[e.Path] = append(perFile[e.Path], e)
	}
	for path, edits := range perFile {
		before, exists := l.text(path)
		before, edits = window(before, edits)
		after, err := applyTo(path, before, exists, edits)
		if err != nil {
			return err
		}
		changes = changes || !exists || string(after) != string(before)
	}
	if !changes {
		return errors.New("changes nothing")
	}
	return nil
}

// window is the part of a file that edits are about, and the edits as seen from its beginning: a file with many
// fixes is not copied for each. What does not lie in the file is left as it is, to be refused.
func window(content []byte, edits []analyzer.Edit) ([]byte, []analyzer.Edit) {
	from, to := len(content), 0
	for _, e := range edits {
		if e.Create || e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > len(content) {
			return content, edits
		}
		from, to = min(from, e.Span.Start), max(to, e.Span.End)
	}
	shifted := slices.Clone(edits)
	for i := range shifted {
		shifted[i].Span.Start -= from
		shifted[i].Span.End -= from
	}
	return content[from:to], shifted
}

// choose takes each fix that touches none already taken. Equal edits of several fixes are no
// conflict: two rules may want the same line.
func choose(all []*candidate) []*candidate {
	var taken []*candidate
	edits := map[string][]analyzer.Edit{} // by path, in order of place; no two touch across fixes
	for _, c := range all {
		if slices.ContainsFunc(c.fix.Edits, func(e analyzer.Edit) bool { return touchesAny(e, edits[e.Path]) }) {
			continue
		}
		taken = append(taken, c)
		for _, e := range c.fix.Edits {
			i, _ := slices.BinarySearchFunc(edits[e.Path], e, CompareEdits)
			edits[e.Path] = slices.Insert(edits[e.Path], i, e)
		}
	}
	return taken
}

// touchesAny looks at the neighbours of e alone: sorted is in order of place and, apart from equal
// edits, without overlaps, so the search starts at the first that does not end before e.
func touchesAny(e analyzer.Edit, sorted []analyzer.Edit) bool {
	from, _ := slices.BinarySearchFunc(sorted, e.Span.Start, func(o analyzer.Edit, start int) int {
		return cmp.Compare(o.Span.End, start)
	})
	for _, o := range sorted[from:] {
		if o.Span.Start > e.Span.End && !o.Create && !e.Create {
			break
		}
		if e != o && touch(e, o) {
			return true
		}
	}
	return e.Create && slices.ContainsFunc(sorted, func(o analyzer.Edit) bool { return o != e })
}

// touch tells whether the result of two edits could depend on their order. An insertion touches
// what it borders on: `&& b` appended to a command that another fix deletes must wait.
func touch(a, b analyzer.Edit) bool {
	switch {
	case a.Path != b.Path:
		return false
	case a.Create || b.Create:
		return true
	case a.Span.Empty() || b.Span.Empty():
		return a.Span.Start <= b.Span.End && b.Span.Start <= a.Span.End
	}
	return a.Span.Overlaps(b.Span)
}

// apply gives the files after all of the fixes, or an error when the Dockerfile does not parse.
func (l *looper) apply(taken []*candidate) (Files, error) {
	perFile := map[string][]analyzer.Edit{}
	seen := map[analyzer.Edit]bool{}
	for _, c := range taken {
		for _, e := range c.fix.Edits {
			if !seen[e] {
				seen[e] = true
				perFile[e.Path] = append(perFile[e.Path], e)
			}
		}
	}
	next := Files{Dockerfile: l.files.Dockerfile, Others: maps.Clone(l.files.Others)}
	for _, path := range slices.Sorted(maps.Keys(perFile)) {
		before, exists := l.text(path)
		after, err := applyTo(path, before, exists, perFile[path])
		if err != nil {
			return Files{}, err
		}
		if path == "" {
			next.Dockerfile = after
			continue
		}
		if next.Others == nil {
			next.Others = map[string][]byte{}
		}
		next.Others[path] = after
	}
	if _, changed := perFile[""]; !changed {
		return next, nil
	}
	if _, err := dockerfile.Parse(source.New("Dockerfile", next.Dockerfile)); err != nil {
		return Files{}, fmt.Errorf("the result is not a valid Dockerfile: %w", err)
	}
	return next, nil
}

// guilty finds, by halving, a fix whose addition to those before it breaks the Dockerfile.
func (l *looper) guilty(taken []*candidate) (*candidate, error) {
	good, bad := 0, len(taken) // the first `good` apply, the first `bad` do not
	_, err := l.apply(taken)
	for bad-good > 1 {
		middle := (good + bad) / 2
		if _, e := l.apply(taken[:middle]); e != nil {
			bad, err = middle, e
		} else {
			good = middle
		}
	}
	return taken[bad-1], err
}
