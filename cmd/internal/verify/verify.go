// Package verify tries fixes before they count: it builds the image before and after them, looks into both, asks both the same
// question, and puts the old files back when the new image is not there, can't start or answers otherwise.
package verify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// smokeLimit is for one run of the smoke command: one that starts a server never ends.
const smokeLimit = 10 * time.Minute

// cleanup is for what is done after an interrupt.
const cleanup = time.Minute

// ErrInterrupted is the error of Try when its context has ended.
var ErrInterrupted = errors.New("interrupted: what was not verified yet is as it was")

// Verifier tries fixes with an engine.
type Verifier struct {
	Engine *engine.Engine
	Smoke  string // shell code to run in both images; none if empty
	// Step is told what begins, "build the fixed file" and the like, and gives the writer for the engine's output,
	// which must not fail.
	Step func(what string) io.Writer
}

// Trial is one set of fixes.
type Trial struct {
	Image engine.Image // what to build; the tag is made up
	Apply func() error // puts the fixed files in place
	Undo  func() error // puts back those that Apply has changed, even where it failed half-way
}

// Verdict is what became of a trial.
type Verdict struct {
	Problem string   // why the old files stay, a sentence without its subject and end; "" if the fixes stay
	Applied bool     // there was something to put back
	Detail  []string // lines that explain the problem: the end of the engine's output, or what differs
	Before  int64    // bytes of the old image
	After   int64    // bytes of the fixed image
	Code    int      // exit code of the smoke command in both
	Smaller []inspect.Less
	Unseen  error // why the images were not looked into
}

// Try builds the image, applies the fixes and builds it again, looks for what keeps the new one alone from starting, runs the smoke command in both and compares what they say
// on standard output, byte by byte, and their exit codes. Standard error is not compared: warnings name the path of their
// package, which a conversion moves. Unless the verdict says that all is well, the old files are there again. The error is
// about the work itself: the engine does not answer, a file can't be written, or ErrInterrupted.
func (v *Verifier) Try(ctx context.Context, trial Trial) (verdict *Verdict, err error) {
	name := "pylint-docker-verify-" + strings.ToLower(rand.Text())
	t := &try{Verifier: v, Trial: trial, before: name + ":before", after: name + ":after", verdict: &Verdict{}}
	defer func() {
		if err != nil && ctx.Err() != nil && !errors.Is(err, ErrInterrupted) {
			err = ErrInterrupted // how the engine died of it is no news
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanup)
		defer cancel()
		v.Engine.Remove(ctx, t.built...)
	}()
	if err := t.old(ctx); err != nil || t.verdict.Problem != "" {
		return t.verdict, err
	}
	t.verdict.Applied = true
	good := false
	defer func() {
		// Also when something panics: an untried file must not stay.
		if !good {
			if ctx.Err() != nil {
				err = ErrInterrupted
			}
			err = errors.Join(err, trial.Undo())
		}
	}()
	if err := trial.Apply(); err != nil {
		return t.verdict, err
	}
	if err := t.fixed(ctx); err != nil || t.verdict.Problem != "" {
		return t.verdict, err
	}
	// An interrupt in the last moment: who interrupts is promised the old file.
	if ctx.Err() != nil {
		return t.verdict, ErrInterrupted
	}
	good = true
	return t.verdict, nil
}

type try struct {
	*Verifier
	Trial
	before, after string   // tags
	built         []string // tags
	answer        *engine.Result
	seen          *inspect.System // the old image; nil when the engine can't show it
	verdict       *Verdict
}

// old builds the image as it is, and asks it.
func (t *try) old(ctx context.Context) error {
	size, err := t.build(ctx, t.before, "building the old file")
	if t.unbuilt(ctx, err) {
		t.verdict.Problem = "does not build as it is with " + t.Engine.Name() + ", so there is nothing to compare with"
		return nil
	}
	t.verdict.Before = size
	if err == nil {
		t.seen, err = t.look(ctx, t.before)
	}
	if err != nil || t.Smoke == "" {
		return err
	}
	t.answer, err = t.ask(ctx, t.before, "running the smoke command in the old image")
	if err != nil {
		return err
	}
	// Of docker run and of the shell: not started, not executable, not found.
	if code := t.answer.Code; code >= 125 && code <= 127 {
		t.verdict.Problem = fmt.Sprintf("can't be asked: the smoke command does not start in the old image (exit code %d)", code)
		t.verdict.Detail = last(t.answer.Stderr)
	}
	return nil
}

// fixed builds the image after the fixes, and compares.
func (t *try) fixed(ctx context.Context) error {
	size, err := t.build(ctx, t.after, "building the fixed file")
	if t.unbuilt(ctx, err) {
		t.verdict.Problem = "does not build with " + t.Engine.Name() + " after the fixes"
		return nil
	}
	t.verdict.After = size
	if err == nil && t.seen != nil {
		err = t.compareFiles(ctx)
	}
	if err != nil || t.Smoke == "" || t.verdict.Problem != "" {
		return err
	}
	answer, err := t.ask(ctx, t.after, "running the smoke command in the fixed image")
	if err != nil {
		return err
	}
	t.verdict.Code = answer.Code
	problem, detail := compare(t.answer, answer)
	if problem == "" {
		return nil
	}
	// A command that prints the time or a process number answers otherwise in the same image, too.
	again, err := t.ask(ctx, t.before, "running the smoke command in the old image again")
	if err != nil {
		return err
	}
	if other, same := compare(t.answer, again); other != "" {
		problem, detail = "can't be compared: the smoke command answers otherwise each time, in the old image too", same
	}
	t.verdict.Problem, t.verdict.Detail = problem, detail
	return nil
}

func (t *try) build(ctx context.Context, tag, what string) (int64, error) {
	image := t.Image
	image.Tag = tag
	if err := t.Engine.Build(ctx, image, t.Step(what)); err != nil {
		return 0, err
	}
	t.built = append(t.built, tag)
	info, err := t.Engine.Inspect(ctx, tag)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", t.Image.File, err)
	}
	return info.Size, nil
}

// look reads an image, nil where the engine can't write it to a file: that is no fault of the Dockerfile.
func (t *try) look(ctx context.Context, tag string) (*inspect.System, error) {
	t.Step("looking into the image")
	image, err := imagefs.OpenWritten(ctx, "what "+t.Engine.Name()+" saves", func(file string) error { return t.Engine.Save(ctx, tag, file) }, imagefs.Options{})
	if err != nil {
		t.verdict.Unseen = err
		return nil, ctx.Err()
	}
	return inspect.New(image), nil
}

// compareFiles asks whether the fixed image has what it starts, and what it has less of.
func (t *try) compareFiles(ctx context.Context) error {
	after, err := t.look(ctx, t.after)
	if after == nil {
		return err
	}
	if t.verdict.Detail = after.Worse(t.seen); len(t.verdict.Detail) > 0 {
		t.verdict.Problem = "can't run after the fixes, as the files of its image show"
		return nil
	}
	t.verdict.Smaller = after.Smaller(t.seen)
	return nil
}

// unbuilt tells whether the error of build says that the Dockerfile can't be built, and keeps the engine's last lines.
// Everything else is no fault of the file.
func (t *try) unbuilt(ctx context.Context, err error) bool {
	failed := new(engine.BuildError)
	if exit := new(exec.ExitError); err == nil || ctx.Err() != nil || !errors.As(err, &failed) || !errors.As(err, &exit) {
		return false
	}
	t.verdict.Detail = last(failed.Output)
	return true
}

func (t *try) ask(ctx context.Context, tag, what string) (*engine.Result, error) {
	t.Step(what)
	ctx, cancel := context.WithTimeoutCause(ctx, smokeLimit, fmt.Errorf("the smoke command did not end in %s", smokeLimit))
	defer cancel()
	answer, err := t.Engine.Run(ctx, engine.Process{Tag: tag, Entrypoint: "sh", Args: []string{"-c", t.Smoke}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.Image.File, err)
	}
	return answer, nil
}
