package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/signal"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/verify"
	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// verification is what --verify needs while files are fixed, one after the other.
type verification struct {
	ctx      context.Context // ends with the first interrupt
	stop     func()          // lets interrupts end the program again
	verifier *verify.Verifier
	status   *status
}

// validateVerify checks what is about --verify alone.
func (f *checkFlags) validateVerify(args []string) error {
	switch {
	case f.verify && !f.fix:
		return errors.New("--verify needs --fix: it tries the fixes before they count")
	case f.smoke != "" && !f.verify:
		return errors.New("--smoke needs --verify: it runs in the images that --verify builds")
	case len(f.secrets) > 0 && !f.verify:
		return errors.New("--secret needs --verify: nothing else builds images")
	case f.verify && slices.Contains(args, stdinArg):
		return errors.New("--verify builds files, so it can't be used with standard input")
	}
	for _, secret := range f.secrets {
		if !slices.ContainsFunc(strings.Split(secret, ","), func(field string) bool { return len(field) > 3 && strings.HasPrefix(field, "id=") }) {
			return fmt.Errorf("--secret must be id=ID,src=PATH or id=ID,env=NAME, not %q", secret)
		}
	}
	return nil
}

// startVerifying looks for an engine, so that its absence is told before anything is written.
func (s *session) startVerifying() error {
	// The program must not end with an untried file in place.
	ctx, stop := signal.NotifyContext(context.Background(), endings...)
	e, err := engine.Find(ctx, "")
	if err != nil {
		defer stop()
		if ctx.Err() != nil {
			return verify.ErrInterrupted
		}
		return fmt.Errorf("--verify: %w", err)
	}
	show := newStatus(s.Err, s.flags)
	s.verifying = &verification{ctx: ctx, stop: stop, status: show, verifier: &verify.Verifier{Engine: e, Smoke: s.flags.smoke}}
	return nil
}

// stopVerifying is called when all files are done.
func (s *session) stopVerifying() {
	if s.verifying != nil {
		s.verifying.stop()
	}
}

// interrupted tells whether no more files are to be touched.
func (s *session) interrupted() bool { return s.verifying != nil && s.verifying.ctx.Err() != nil }

// put writes the changes. stays tells that the fixed files are there: all were written and, with --verify, proved to be good.
func (s *session) put(unit *lint.Unit, changes []lint.Change) (stays bool, err error) {
	if s.verifying != nil && len(changes) > 0 {
		return s.verify(unit, changes)
	}
	for _, change := range changes {
		if err := change.Write(); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *session) verify(unit *lint.Unit, changes []lint.Change) (stays bool, err error) {
	name := unit.Input.Path
	if unit.Place.Context == "" {
		s.say("%s can't be built, since its build context is unknown (%s): nothing is fixed; name it with --context", name, unit.Place.Why)
		return false, nil
	}
	v := s.verifying
	defer v.status.clear()
	verifier := *v.verifier
	verifier.Step = func(what string) io.Writer { return v.status.step(name + ": " + what) }
	verdict, err := verifier.Try(v.ctx, s.trial(unit, changes))
	v.status.clear()
	if err != nil {
		return false, err
	}
	s.verdict(name, verdict, len(changes))
	return verdict.Problem == "", nil
}

// trial says how to build the Dockerfile, which is as check sees it, and how its changes come and go.
func (s *session) trial(unit *lint.Unit, changes []lint.Change) verify.Trial {
	image := engine.Image{Context: unit.Place.Context, File: unit.Input.Path, Target: unit.Place.Target, Secrets: s.flags.secrets}
	for _, name := range slices.Sorted(maps.Keys(unit.Place.Args)) {
		image.Args = append(image.Args, name+"="+unit.Place.Args[name])
	}
	var written []lint.Change
	return verify.Trial{
		Image: image,
		Apply: func() error {
			// The old file may have been built for minutes.
			for _, change := range changes {
				if err := change.Still(); err != nil {
					return err
				}
			}
			for _, change := range changes {
				if err := change.Write(); err != nil {
					return err
				}
				written = append(written, change)
			}
			return nil
		},
		Undo: func() error {
			var errs []error
			for _, change := range slices.Backward(written) {
				errs = append(errs, change.Undo())
			}
			return errors.Join(errs...)
		},
	}
}

// verdict says what became of a file.
func (s *session) verdict(name string, verdict *verify.Verdict, files int) {
	with := s.verifying.verifier.Engine.Name()
	if verdict.Problem == "" {
		if s.flags.quiet {
			return
		}
		text := fmt.Sprintf("%s: verified with %s, %s", name, with, verify.Sizes(verdict.Before, verdict.After))
		if len(verdict.Smaller) > 0 {
			text += " (" + less(verdict.Smaller) + ")"
		}
		if verdict.Unseen != nil {
			reason, _, _ := strings.Cut(verdict.Unseen.Error(), "\n")
			text += "; the images could not be looked into: " + reason
		} else {
			text += "; its files show no new fault"
		}
		if s.flags.smoke != "" {
			text += fmt.Sprintf("; the smoke command answers alike (exit code %d)", verdict.Code)
		}
		s.say("%s", text)
		return
	}
	rest := "nothing is fixed"
	if verdict.Applied {
		rest = "the old file is back"
		if files > 1 {
			rest = "the old files are back"
		}
	}
	s.say("%s %s: %s", name, verdict.Problem, rest)
	for _, line := range verdict.Detail {
		s.say("  | %s", strings.TrimRight(line, "\r"))
	}
}

// less tells what got smaller: "build tools 250 MB less, package lists 20.0 MB".
func less(list []inspect.Less) string {
	var parts []string
	for _, l := range list {
		parts = append(parts, l.What+" "+inspect.Megabytes(l.Bytes))
	}
	parts[0] += " less"
	return strings.Join(parts, ", ")
}

// say writes a line for people, beside the report.
func (s *session) say(format string, values ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, values...), "\t", "    ")
	fmt.Fprintln(s.Err, printable(text))
}
