// Package built brings a Dockerfile together with the image that was built of it.
package built

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Places finds the instruction of each layer, by the index of the layer: those of the target and of the stages below it stand at the end of the
// history, one entry each. Layers that are not there are of the base image. Where an entry is none of the instruction, nothing is known: nil.
func Places(image *imagefs.Image, build *analyzer.Build) map[int]source.Span {
	if build.Target == nil {
		return nil
	}
	steps := build.Target.ChainSteps()
	history := image.History
	if len(history) < len(steps) {
		return nil
	}
	history = history[len(history)-len(steps):]
	byLayer := map[int]source.Span{}
	for i, step := range steps {
		code := ""
		if step.Instruction.Keyword == "RUN" {
			code, _, _ = strings.Cut(build.File.Text(step.Instruction.Body), "\n")
		}
		if !madeBy(history[i].CreatedBy, step.Instruction.Keyword, squeezed(strings.TrimRight(code, " \t\r\\`"))) {
			return nil
		}
		if history[i].Layer >= 0 {
			byLayer[history[i].Layer] = step.Instruction.Span
		}
	}
	return byLayer
}

// madeBy tells whether an entry of the history is of an instruction: BuildKit writes `COPY . /app # buildkit`, the older
// builders and Buildah `/bin/sh -c #(nop) COPY file:... in /app`, and the code alone for RUN, of which all keep the first line as it is.
func madeBy(entry, keyword, code string) bool {
	text, isNop := strings.CutPrefix(strings.TrimSpace(entry), "/bin/sh -c #(nop)")
	text = strings.TrimSpace(text)
	if keyword == "RUN" && !strings.HasPrefix(code, "[") && !strings.HasPrefix(code, "<<") && !strings.Contains(squeezed(text), code) {
		return false
	}
	if strings.HasPrefix(text, keyword) {
		return true
	}
	return keyword == "RUN" && !isNop && (strings.HasPrefix(text, "/bin/sh -c ") || strings.HasPrefix(text, "|"))
}

func squeezed(text string) string { return strings.Join(strings.Fields(text), " ") }
