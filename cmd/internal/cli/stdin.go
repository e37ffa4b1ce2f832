package cli

import (
	"errors"
	"fmt"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// stdinArg is the path that means standard input.
const stdinArg = "-"

// stdin lints standard input. With --fix the text after the fixes goes to standard output, and the report to the
// error stream.
func (s *session) stdin(options lint.Options) error {
	in := lint.Input{Path: s.flags.stdinFilename, Detached: true}
	if in.Path == "" {
		in.Path, in.Nameless = stdinArg, true
	}
	if s.flags.showFiles {
		fmt.Fprintln(s.Out, printable(in.Path))
		return nil
	}
	in.Content, in.Err = lint.Read(s.In)
	var unreadable *lint.Unreadable
	if s.flags.fix && errors.As(in.Err, &unreadable) {
		return fmt.Errorf("%s: %w", in.Path, in.Err) // there is no text to print
	}
	defer s.missTarget()
	l, list := &linted{}, []*linted(nil)
	if !s.flags.forceExclude || in.Nameless || !leftOut(s.linter, in.Path) {
		l = s.one(in)
		list = append(list, l)
	}
	if s.flags.fix {
		text := l.content
		if text == nil {
			text = in.Content
		}
		if _, err := s.Out.Write(text); err != nil {
			return outputError(err)
		}
		s.Out = s.Err
	}
	return s.finish(list, options)
}
