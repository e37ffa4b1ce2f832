package lsp

import (
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// inlaySettings switch inlay hints on; without them there are none.
type inlaySettings struct {
	Variables bool `json:"variables"` // the value of $VAR behind it, and the default of an ARG behind a build argument
	Stages    bool `json:"stages"`    // what a stage adds to the final image, behind its FROM
}

// InlayHint is text that an editor shows inside a line, though the file does not hold it.
type InlayHint struct {
	Position    Position       `json:"position"`
	Label       string         `json:"label"`
	Tooltip     *MarkupContent `json:"tooltip,omitempty"`
	PaddingLeft bool           `json:"paddingLeft,omitempty"`
}

// maxHint bounds a value in a line: longer ones are for hovers.
const maxHint = 40

func inlayHints(ctx context.Context, v *view) (any, error) {
	hints := []InlayHint{}
	if v.inlays == (inlaySettings{}) {
		return hints, nil
	}
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	b := a.result.Build
	if b == nil {
		return hints, nil
	}
	span := v.encoding.span(v.file, v.params.Range)
	add := func(offset int, hint InlayHint) {
		if span.Start <= offset && offset <= span.End {
			hint.Position = v.encoding.position(v.file, offset)
			hints = append(hints, hint)
		}
	}
	if v.inlays.Stages {
		for _, s := range b.Stages {
			add(s.From.Span.End, stageHint(b, s))
		}
	}
	if v.inlays.Variables {
		for _, n := range a.names {
			if end, value, ok := a.valueHint(v.file, n); ok {
				add(end, InlayHint{Label: "=" + value, Tooltip: &MarkupContent{"plaintext", "the value of " + n.text + " here"}})
			}
		}
	}
	sort.SliceStable(hints, func(i, j int) bool {
		x, y := hints[i].Position, hints[j].Position
		return x.Line < y.Line || x.Line == y.Line && x.Character < y.Character
	})
	return hints, nil
}

// valueHint is the value of a variable where it is used, and the end of $VAR or ${VAR}. A form such as ${VAR:-x}
// has none: its value may be another than that of the variable.
func (a *analysis) valueHint(file *source.File, n name) (end int, value string, ok bool) {
	if n.kind != variableName || n.def {
		return 0, "", false
	}
	content, end := file.Bytes(), n.span.End
	if n.span.Start > 0 && content[n.span.Start-1] == '{' {
		if end >= len(content) || content[end] != '}' {
			return 0, "", false
		}
		end++
	}
	known := a.valueAt(n)
	if known.Kind != env.Known || strings.ContainsAny(known.Text, "\r\n") {
		return 0, "", false
	}
	return end, shortened(known.Text), true
}

// shortened is a value as a hint shows it.
func shortened(value string) string {
	if runes := []rune(value); len(runes) > maxHint {
		return string(runes[:maxHint]) + "…"
	}
	return value
}

// stageHint says what a stage adds to the final image: in a few words, since VS Code cuts a line's hints off after 43 characters,
// and in a sentence.
func stageHint(b *analyzer.Build, s *analyzer.Stage) InlayHint {
	hint := func(label, sentence string) InlayHint {
		return InlayHint{Label: label, Tooltip: &MarkupContent{"plaintext", sentence}, PaddingLeft: true}
	}
	added := s.AddsOSPackages()
	switch {
	case s.Ships:
		var parts []string
		if n := len(added); n > 0 {
			parts = append(parts, words.Count(n, "OS package"))
		}
		dirs := directories(b, func(c analyzer.Content) bool { return b.Target != nil && holds(s, c) })
		parts = append(parts, dirs...)
		if len(parts) == 0 {
			return hint("final image", "The layers of this stage are in the final image.")
		}
		return hint("final image: "+strings.Join(parts, ", "), "The layers of this stage are in the final image, among them "+strings.Join(parts, ", ")+".")
	case s.Feeds:
		label, sentence := "gives files", "The final image takes files of this stage."
		given := func(c analyzer.Content) bool { return c.Copy != nil && slices.Contains(s.Installs(), c.Install) }
		if dirs := directories(b, given); len(dirs) > 0 {
			label, sentence = "gives "+strings.Join(dirs, ", "), "The final image takes the Python packages in "+strings.Join(dirs, ", ")+" from this stage."
		}
		if n := len(added); n > 0 {
			label += ", leaves " + words.Count(n, "OS package")
			sentence += " The stage has " + words.Count(n, "OS package") + " that stay behind."
		}
		return hint(label, sentence)
	}
	return hint("not in the final image", "Nothing of this stage gets into the final image.")
}

// holds tells whether a stage itself brings a content of the final image, by an installation or a COPY.
func holds(s *analyzer.Stage, c analyzer.Content) bool {
	if c.Copy == nil {
		return slices.Contains(s.Installs(), c.Install)
	}
	return slices.ContainsFunc(s.Steps, func(step *analyzer.Step) bool { return step.Copy == c.Copy })
}

// directories are where the final image has the Python packages that match, each once.
func directories(b *analyzer.Build, match func(analyzer.Content) bool) []string {
	var dirs []string
	for _, c := range b.Target.Contents() {
		if c.Libs && match(c) && !slices.Contains(dirs, c.Dir) {
			dirs = append(dirs, c.Dir)
		}
	}
	return dirs
}
