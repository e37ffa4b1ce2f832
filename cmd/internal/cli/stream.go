package cli

import (
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
)

// stream reports each file when it was linted, in the order of the files, so that the memory of a run does not depend on how many
// there are.
type stream struct {
	session *session
	report  *report.Stream
	covered map[string]bool // see admit
	said    map[string]bool // errors
	names   map[string]bool // of the files in the report: one may hold several Dockerfiles
	fixed   int
	fails   bool
}

// newStream begins a report on standard output. It is nil where that must wait for the last file: the format needs all findings, or
// something else is said before it.
func (s *session) newStream(options lint.Options) *stream {
	f := s.flags
	reports := f.reports()
	if len(reports) != 1 || reports[0].file != "" || s.memory.path != "" || f.image != "" || f.diff || f.verify || f.addIgnores || f.statistics || f.showFixes || f.verbose {
		return nil
	}
	style := report.Style{Quiet: f.quiet, Unsafe: f.unsafe, FixOnly: f.fixOnly, Color: colorFor(f.color, s.Out), Width: widthOf(s.Out)}
	style.Links = linksFor(style.Color, s.Out)
	r, ok := report.NewStream(s.Out, reports[0].format, newRun(options.Dir), style)
	if !ok {
		return nil
	}
	s.streams = true
	return &stream{session: s, report: r, covered: map[string]bool{}, said: map[string]bool{}, names: map[string]bool{}}
}

func (st *stream) add(l *linted) {
	st.session.sayErrors(l, st.said)
	st.fixed += len(l.applied)
	if !st.session.admit(l, st.covered) {
		return
	}
	st.names[l.target.File.Name()] = true
	st.report.Target(&l.target)
	st.fails = st.fails || l.fails
}

// close ends the report, and decides on the exit code.
func (st *stream) close() error {
	s := st.session
	if err := st.report.Close(s.counted(len(st.names)), st.fixed); err != nil {
		return outputError(err)
	}
	fails := st.fails && !s.flags.exitZero || s.flags.exitNonZeroOnFix && st.fixed > 0
	if fails && s.code == exitClean {
		s.code = exitFindings
	}
	return nil
}
