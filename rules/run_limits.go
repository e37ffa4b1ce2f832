package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
)

// TooLarge is why a Dockerfile is not analyzed: it has more stages or instructions than can be followed. It is nil for
// all others, and else a *dockerfile.SyntaxError.
func TooLarge(doc *dockerfile.Document) error {
	if n := len(doc.Instructions); n > maxInstructions {
		return refuse(doc.Instructions[maxInstructions], "the Dockerfile has %d instructions, more than the %d that are analyzed", n, maxInstructions)
	}
	stages := 0
	for _, in := range doc.Instructions {
		if in.Keyword != "FROM" {
			continue
		}
		if stages++; stages > maxStages {
			return refuse(in, "the Dockerfile has more than %d stages, the most that are analyzed", maxStages)
		}
	}
	return nil
}

// tooEntangled is why nothing can be said of a build: its stages pass more installations to each other than can be
// followed. It is nil for all others, and else a *dockerfile.SyntaxError.
func tooEntangled(b *analyzer.Build) error {
	if b.Entangled() {
		return refuse(b.Stages[0].From, "the stages pass on Python packages in more than %d ways, the most that are analyzed", analyzer.MaxContents)
	}
	return nil
}

// What is analyzed at most, besides analyzer.MaxContents. The largest of 100,000 public Dockerfiles have 23 stages, 51 copies between
// stages and 200 instructions; what is beyond the limits is made to keep a reader busy.
const (
	maxStages       = 500
	maxInstructions = 20_000
)

func refuse(in *dockerfile.Instruction, format string, args ...any) error {
	return &dockerfile.SyntaxError{Span: in.Span, Message: fmt.Sprintf(format, args...)}
}
