package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// validateImage checks what --image goes together with.
func (f *checkFlags) validateImage(args []string) error {
	switch {
	case f.image == "":
		return nil
	case f.fix || f.diff || f.addIgnores || f.watch:
		return errors.New("--image is about the Dockerfile as it was built: it excludes --fix, --diff, --add-ignores and --watch")
	case slices.Contains(args, stdinArg) || f.input == ndjson:
		return errors.New("--image and standard input exclude each other")
	}
	return nil
}

// joinImage brings together what the one Dockerfile says and what the image that was built of it shows. A finding that both have tells what it
// costs there, or that the image proves it; one that the image refutes is dropped; what only the image shows stands at the instruction of its layer.
func (s *session) joinImage(files []lint.Input, list []*linted) error {
	if len(list) != 1 {
		return fmt.Errorf("--image is about one Dockerfile, and there are %d: name it", len(list))
	}
	f := imageFlags{checkFlags: s.flags, dockerfile: files[0].Path}
	build, err := s.imageBuild(f)
	if err != nil {
		return err
	}
	image, places, err := s.imageOf(build, f)
	if err != nil {
		return err
	}
	at, err := filepath.Abs(f.dockerfile)
	if err != nil {
		return err
	}
	config, err := s.linter.ConfigFor(at)
	if err != nil {
		return err
	}
	l := list[0]
	l.target.Picture = s.picture(build, places)
	shown := s.imageDiagnostics(inspect.New(image), f, places, s.linter.Selection(config, at))
	l.target.Diagnostics = join(l.target.Diagnostics, shown)
	l.target.Diagnostics = slices.DeleteFunc(l.target.Diagnostics, refutedBy(inspect.New(image)))
	report.Sort(l.target.Diagnostics)
	l.least = s.leastOf(config.FailOn, config.Never)
	return nil
}

// imageOf opens the image of --image, which must have been built of the Dockerfile, and tells which layer is of which instruction.
func (p *program) imageOf(build *analyzer.Build, f imageFlags) (*imagefs.Image, *imagePlaces, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	image, err := p.openImage(ctx, f.image, f)
	if err != nil {
		return nil, nil, err
	}
	places := &imagePlaces{image: image, others: map[string]*source.File{}}
	if places.follow(build); places.byLayer == nil {
		return nil, nil, fmt.Errorf("the layers of %s are not those of %s: build it from that file as it is", f.image, build.File.Name())
	}
	return image, places, nil
}

// shownByImage is a finding of the image with its place in the Dockerfile.
type shownByImage struct {
	analyzer.Diagnostic

	bytes int64
}

// join adds what the image shows to the findings of its Dockerfile.
func join(findings []analyzer.Diagnostic, shown []shownByImage) []analyzer.Diagnostic {
	joined := map[int]bool{}
	own := len(findings)
	for _, d := range shown {
		best := -1
		for i, f := range findings[:own] {
			if f.Rule != d.Rule || f.Path != "" || joined[i] {
				continue
			}
			if best < 0 || d.Span.Start <= f.Span.Start && f.Span.End <= d.Span.End {
				best = i
			}
		}
		switch {
		case best < 0:
			findings = append(findings, d.Diagnostic)
		case d.bytes > 0:
			joined[best] = true
			findings[best].Message += "; " + inspect.Megabytes(d.bytes) + " in this image"
		default:
			joined[best] = true
			findings[best].Message += "; the image proves it"
		}
	}
	return findings
}

// refutedBy tells which findings the image refutes: that its user or its start command is not there or can't be run, where the image shows all that
// it comes to; and that a library is missing, where all that is installed finds its own.
func refutedBy(system *inspect.System) func(analyzer.Diagnostic) bool {
	start := system.Start()
	sound := start.Complete && len(start.Faults) == 0
	missing := slices.ContainsFunc(system.Findings(), func(f inspect.Finding) bool { return slices.Contains(f.Codes, "PLD115") })
	seen := sound && start.Environment != nil && !start.Environment.Opaque
	return func(d analyzer.Diagnostic) bool {
		switch d.Rule.Code {
		case "PLD509", "PLD510", "PLD513":
			return sound
		case "PLD115":
			return seen && !missing
		}
		return false
	}
}
