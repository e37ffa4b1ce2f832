package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/graph"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/cmd/internal/verify"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// linted is what is kept of a file after it was linted: little, since there may be thousands.
type linted struct {
	target  report.Target
	errs    []error
	fails   bool              // a finding is at or above what the run or its configuration fails on
	least   analyzer.Severity // what it fails on; 0 means nothing
	changes []lint.Change
	applied []fixes.Applied
	ignores int    // how many rules --add-ignores has put into comments
	content []byte // of standard input after fixes
	note    string // for --verbose
}

// session is one run of check.
type session struct {
	*program
	flags  checkFlags
	linter *lint.Linter
	memory *memory

	verifying *verification   // of --verify, else nil
	streams   bool            // findings are shown while files are linted
	written   map[string]bool // paths of what fixes have changed
	targets   targets         // of --target
}

func (p *program) check(cmd *cobra.Command, args []string, f checkFlags) error {
	options, err := f.options(cmd, args)
	if err != nil {
		return err
	}
	if f.watch {
		return p.watch(args, f, options)
	}
	return p.run(args, f, options)
}

// run lints once.
func (p *program) run(args []string, f checkFlags, options lint.Options) error {
	linter, err := lint.New(options)
	if err != nil {
		return err
	}
	memory, err := openMemory(f, options.Dir)
	if err != nil {
		return err
	}
	s := &session{program: p, flags: f, linter: linter, memory: memory, written: map[string]bool{}}
	if f.input == ndjson {
		return s.records()
	}
	if slices.Equal(args, []string{stdinArg}) {
		return s.stdin(options)
	}
	named := len(args) > 0
	if !named {
		args = []string{"."}
	}
	found, errs := f.search(args, linter)
	if !named {
		var empty *discover.Empty
		errs = slices.DeleteFunc(errs, func(err error) bool { return errors.As(err, &empty) }) // said below, and no error
	}
	files, missing := s.inputs(found, args)
	errs = append(errs, missing...)
	for _, err := range errs {
		p.complain(withHint(err))
	}
	if f.changedSince != "" {
		all := len(files)
		if files, err = s.onlyChanged(files, options.Dir); err != nil {
			return err
		}
		if len(files) == 0 && all > 0 {
			s.tell("pylint-docker: nothing has changed of the %d %s since %s\n", all, noun(all, "Dockerfile"), f.changedSince)
		}
	}
	if f.showFiles {
		for i, file := range files {
			if i == 0 || files[i-1].Path != file.Path {
				fmt.Fprintln(p.Out, printable(file.Path))
			}
		}
		return nil
	}
	if len(files) == 0 && len(errs) == 0 && !f.quiet && f.changedSince == "" {
		fmt.Fprintln(p.Err, "pylint-docker: no Dockerfile found")
	}
	if f.verify && len(files) > 0 {
		if err := s.startVerifying(); err != nil {
			return err
		}
	}
	defer s.missTarget()
	if st := s.newStream(options); st != nil {
		s.each(files, st.add)
		return st.close()
	}
	list := make([]*linted, 0, len(files))
	s.each(files, func(l *linted) { list = append(list, l) })
	s.stopVerifying()
	if f.image != "" {
		if err := s.joinImage(files, list); err != nil {
			return err
		}
	}
	return s.finish(list, options)
}

// ahead is how many files a job may be ahead of the output, so that one slow file does not stop the others.
const ahead = 64

// each lints the files and hands them on in their order. Fixes are made one file after the other: two Dockerfiles may share a
// .dockerignore, and the second must see what the first has changed there.
func (s *session) each(files []lint.Input, do func(*linted)) {
	jobs := min(s.flags.jobs, len(files))
	if s.flags.fix || s.flags.diff {
		jobs = min(1, len(files))
	}
	show := s.progress(len(files))
	type task struct {
		in   lint.Input
		done chan<- *linted
	}
	tasks := make(chan task)
	for range jobs {
		go func() {
			for t := range tasks {
				s.flags.look.see(t.in.Path)
				if t.in.Embedded == nil {
					t.in.Content, t.in.Err = lint.ReadFile(t.in.Path)
				}
				l := s.one(t.in)
				show.step()
				t.done <- l
			}
		}()
	}
	queue := make(chan (<-chan *linted), ahead*jobs)
	go func() {
		for _, in := range files {
			done := make(chan *linted, 1)
			queue <- done
			tasks <- task{in, done}
		}
		close(tasks)
		close(queue)
	}()
	for done := range queue {
		do(<-done)
	}
	show.clear()
}

// editedTries is how often a file is read again that somebody has changed before its fixes were written.
const editedTries = 5

// one lints one file. What somebody saves meanwhile is linted and fixed instead.
func (s *session) one(in lint.Input) *linted {
	l := s.once(in)
	for range editedTries {
		mine := in.Detached || in.Recorded || in.Embedded != nil || s.verifying != nil
		if mine || !slices.ContainsFunc(l.errs, func(err error) bool { return errors.Is(err, lint.ErrEdited) }) {
			break
		}
		in.Content, in.Err = lint.ReadFile(in.Path)
		l = s.once(in)
	}
	return l
}

func (s *session) once(in lint.Input) *linted {
	l := &linted{target: report.Target{File: source.New(in.Path, in.Content)}}
	if s.interrupted() {
		l.errs = []error{verify.ErrInterrupted}
		return l
	}
	unit, err := s.linter.Open(in)
	if err != nil {
		l.errs = []error{err}
		return l
	}
	defer unit.Close()
	if s.flags.verbose {
		l.note = note(s.linter, unit)
	}
	files := unit.Files()
	var result *lint.Result
	switch {
	case unit.Input.Embedded != nil:
		result = unit.Run() // nothing is written into a compose or bake file
	case s.flags.addIgnores:
		result, files = s.addIgnores(unit, l)
	case s.flags.fix || s.flags.diff:
		fixed, err := unit.Loop(s.flags.level())
		if err != nil {
			l.errs = append(l.errs, err)
		}
		for _, d := range fixed.Dropped {
			l.errs = append(l.errs, fmt.Errorf("%s:%d: %w", unit.NameOf(d.Path), d.Line, d.Err))
		}
		files, result, l.applied = fixed.Files, fixed.Result, fixed.Applied
		if result, files = s.settle(unit, l, result, files); result == nil {
			return l
		}
	default:
		result = unit.Run()
	}
	l.errs = append(l.errs, result.Errors...)
	s.keep(l, unit, result, files)
	if result.Build != nil {
		l.target.Bases = result.Build.UnknownBases()
		s.targets.saw(result.Build, s.flags.target)
	}
	if s.flags.verbose && len(l.target.Bases) > 0 {
		l.note += unjudged(unit, l.target.Bases)
	}
	return l
}

// settle writes what the fixes changed, or remembers it for --diff.
func (s *session) settle(unit *lint.Unit, l *linted, result *lint.Result, files fixes.Files) (*lint.Result, fixes.Files) {
	changes := unit.Changes(files)
	l.content = files.Dockerfile
	switch {
	case s.flags.diff:
		l.changes = changes
		unit.Keep(files)
	case !unit.Input.Detached:
		stays, err := s.put(unit, changes)
		if err != nil {
			l.errs = append(l.errs, err)
		}
		if !stays {
			// What is on disk is what is to be reported.
			l.applied = nil
			return unit.Run(), unit.Files()
		}
		for _, change := range changes {
			s.written[change.Path] = true
		}
	}
	return result, files
}

// keep stores the findings with the files that they name, so that the context can be closed.
func (s *session) keep(l *linted, unit *lint.Unit, result *lint.Result, files fixes.Files) {
	found := result.Diagnostics
	if s.flags.fixOnly && !s.flags.diff {
		found = nil // what is left is nobody's question
	}
	report.Sort(found)
	l.target = report.Target{File: result.File, Diagnostics: found, NameOf: names(unit, found)}
	if len(found) == 0 {
		l.target.File = source.New(result.File.Name(), nil)
		return
	}
	l.target.Picture = s.picture(result.Build, nil)
	others := map[string]*source.File{}
	for _, path := range pathsOf(found) {
		others[path] = unit.Source(path, files)
	}
	l.target.Open = func(path string) *source.File { return others[path] }
	l.least = s.leastOf(unit.Config.FailOn, unit.Config.Never)
}

// picture draws the stages of a file with several, or with the megabytes of its image, where a report shows that.
func (s *session) picture(build *analyzer.Build, places *imagePlaces) []byte {
	if build == nil || len(build.Stages) < 2 && places == nil || !slices.ContainsFunc(s.flags.reports(), func(o output) bool { return o.format == "html" }) {
		return nil
	}
	g := graph.Of(build)
	if places != nil {
		weigh(g, build, places)
	}
	var out bytes.Buffer
	if err := graph.Write(&out, "svg", g, graph.Style{}); err != nil {
		return nil
	}
	return out.Bytes()
}

var severities = map[string]analyzer.Severity{"error": analyzer.Error, "warning": analyzer.Warning, "info": analyzer.Info}

// pathsOf lists the files other than the Dockerfile that findings name.
func pathsOf(found []analyzer.Diagnostic) []string {
	var paths []string
	add := func(path string) {
		if path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	for _, d := range found {
		add(d.Path)
		for _, r := range d.Related {
			add(r.Path)
		}
		if d.Fix != nil {
			for _, e := range d.Fix.Edits {
				add(e.Path)
			}
		}
	}
	return paths
}

func names(unit *lint.Unit, found []analyzer.Diagnostic) func(string) string {
	known := map[string]string{}
	for _, path := range pathsOf(found) {
		known[path] = unit.NameOf(path)
	}
	return func(path string) string { return known[path] }
}

// finish reports, and decides on the exit code.
func (s *session) finish(list []*linted, options lint.Options) error {
	s.errors(list)
	for _, l := range list {
		if l.note != "" {
			fmt.Fprint(s.Err, l.note)
		}
	}
	if s.flags.diff {
		return s.diff(list)
	}
	run, fixed := s.merge(list, options)
	style := report.Style{Quiet: s.flags.quiet, Unsafe: s.flags.unsafe, Files: s.counted(distinct(run.Targets)), Fixed: fixed, FixOnly: s.flags.fixOnly}
	if err := s.memory.close(s, list); err != nil {
		return err
	}
	if s.flags.addIgnores {
		s.tellIgnores(list)
	}
	if s.flags.writeBaseline != "" && !slices.ContainsFunc(run.Targets, func(t report.Target) bool { return len(t.Diagnostics) > 0 }) {
		return nil
	}
	if err := s.write(run, style); err != nil {
		return err
	}
	if s.flags.showFixes {
		s.showFixes(list)
	}
	fails := s.flags.exitNonZeroOnFix && fixed > 0
	for _, l := range list {
		fails = fails || l.fails && !s.flags.exitZero
	}
	if fails && s.code == exitClean {
		s.code = exitFindings
	}
	return nil
}

// counted is how many files the summary speaks of: those in the report, or those that were changed where nothing else is told.
func (s *session) counted(reported int) int {
	if s.flags.fixOnly {
		return len(s.written)
	}
	return reported
}

// distinct counts files: one may hold several Dockerfiles.
func distinct(targets []report.Target) int {
	names := map[string]bool{}
	for i := range targets {
		names[targets[i].File.Name()] = true
	}
	return len(names)
}

// errors complains of each error once: a broken configuration concerns many files.
func (s *session) errors(list []*linted) {
	said := map[string]bool{}
	for _, l := range list {
		s.sayErrors(l, said)
	}
}

func (s *session) sayErrors(l *linted, said map[string]bool) {
	for _, err := range l.errs {
		if !said[err.Error()] {
			said[err.Error()] = true
			s.complain(err)
		}
	}
}

// merge puts the files together. A finding about a file that several Dockerfiles share is reported with the first; what the
// baseline covers is left out.
func (s *session) merge(list []*linted, options lint.Options) (*report.Run, int) {
	run := newRun(options.Dir)
	covered := map[string]bool{}
	fixed := 0
	for _, l := range list {
		fixed += len(l.applied)
		if s.admit(l, covered) {
			run.Targets = append(run.Targets, l.target)
		}
	}
	return run, fixed
}

// admit decides on what is reported of a file, and whether it belongs into the report at all. covered is what was seen of files that
// Dockerfiles share, and whether the baseline covers it.
func (s *session) admit(l *linted, covered map[string]bool) bool {
	if len(l.errs) > 0 && len(l.target.Diagnostics) == 0 {
		return false
	}
	l.target.Diagnostics = slices.DeleteFunc(l.target.Diagnostics, func(d analyzer.Diagnostic) bool {
		name, file, key := l.target.File.Name(), l.target.File, ""
		if d.Path != "" {
			name, file = l.target.NameOf(d.Path), l.target.Open(d.Path)
			key = fmt.Sprintf("%s\x00%v\x00%s\x00%s", name, d.Span, d.Rule.Code, d.Message)
		}
		known, twice := covered[key]
		if !twice {
			known = s.memory.covers(d, name, file)
		}
		if key != "" {
			covered[key] = known
		}
		l.fails = l.fails || !known && l.least > 0 && d.Severity >= l.least
		return known || twice
	})
	return true
}

// write puts the reports where they belong.
func (s *session) write(run *report.Run, style report.Style) error {
	for _, o := range s.flags.reports() {
		style := style
		if o.file == "" {
			style.Color, style.Width = colorFor(s.flags.color, s.Out), widthOf(s.Out)
			style.Links = linksFor(style.Color, s.Out)
			if err := s.render(s.Out, o.format, run, style); err != nil {
				return err
			}
			continue
		}
		style.Color = s.flags.color == "always"
		if err := writeFile(o.file, func(w io.Writer) error { return s.render(w, o.format, run, style) }); err != nil {
			return err
		}
	}
	return nil
}

func outputError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the report could not be written: %w", err)
}

func (s *session) render(w io.Writer, format string, run *report.Run, style report.Style) error {
	var err error
	if s.flags.statistics {
		err = report.Statistics(w, format, run, style)
	} else {
		err = report.Write(w, format, run, style)
	}
	return outputError(err)
}
