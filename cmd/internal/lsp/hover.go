package lsp

import (
	"context"
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

func hover(ctx context.Context, v *view) (any, error) {
	a, n, named, err := v.here(ctx)
	if err != nil {
		return nil, err
	}
	offset := v.encoding.offset(v.file, v.params.Position)
	at := source.Span{Start: offset, End: offset}
	var parts []string
	span := at
	if named {
		parts, span = append(parts, a.describe(n)), n.span
	}
	described := a.parts(offset)
	for _, d := range described {
		if parts = append(parts, d.text); !named {
			span, named = d.span, true
		}
	}
	if in := a.installAt(offset); in != nil {
		parts = append(parts, describeInstall(in))
		if !named {
			span = in.Call.Span
		}
	}
	if b := a.result.Build; b != nil && len(parts) > 0 && (!named || len(described) > 0) {
		if text := v.weights(b).ofInstruction(b.Doc.InstructionAt(offset)); text != "" {
			parts = append(parts, text)
		}
	}
	if c, ok := a.hadolintAt(offset); ok {
		parts, span, named = append(parts, a.describeHadolint(c)), c.Span, true
	}
	for i, d := range a.touching(at) {
		parts = append(parts, describeRule(d))
		if place := a.anchor(d); !named && (i == 0 || place.Len() < span.Len()) {
			span = place
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	kind := "plaintext"
	if v.client.markdown {
		kind = "markdown"
	}
	r := v.encoding.rangeOf(v.file, span)
	return Hover{MarkupContent{kind, strings.Join(parts, "\n\n---\n\n")}, &r}, nil
}

// hadolintAt is the code of hadolint's at an offset, in an ignore comment.
func (a *analysis) hadolintAt(offset int) (rules.HadolintCode, bool) {
	if a.result.Build == nil {
		return rules.HadolintCode{}, false
	}
	for _, c := range rules.HadolintCodes(a.result.Build.Doc) {
		if c.Span.Start <= offset && offset <= c.Span.End {
			return c, true
		}
	}
	return rules.HadolintCode{}, false
}

// describeHadolint says what a code of hadolint's means here, and who says so.
func (a *analysis) describeHadolint(c rules.HadolintCode) string {
	var ours []string
	for _, rule := range rules.HadolintRules(c.Code) {
		ours = append(ours, fmt.Sprintf("[%s](%s) %s", rule.Code, rule.URL(), rule.Name))
	}
	text := fmt.Sprintf("`%s` of hadolint", c.Code)
	switch list := strings.Join(ours, ", "); {
	case len(ours) == 0:
		return text + " has no counterpart here"
	case a.result.Hadolint == "":
		return text + " has a counterpart, " + list + ", but ignores nothing here: `compat: hadolint` in the configuration would change that"
	default:
		return text + " ignores " + list + " here, as " + a.result.Hadolint + " says"
	}
}

func describeRule(d analyzer.Diagnostic) string {
	e := rules.Explain(d.Rule)
	text := fmt.Sprintf("**[%s](%s) %s** (%s)\n\n%s", d.Rule.Code, d.Rule.URL(), d.Rule.Name, d.Severity, e.What)
	if e.Why != "" {
		text += "\n\n" + e.Why
	}
	switch {
	case d.Fix != nil:
		text += fmt.Sprintf("\n\n*Fix (%s)*: %s", d.Fix.Safety, d.Fix.Title)
	case d.NoFixReason != "":
		text += "\n\n*No fix*: " + d.NoFixReason
	}
	return text
}

// describe says what a name means where it stands.
func (a *analysis) describe(n name) string {
	if n.kind == stageName {
		return a.describeStage(n)
	}
	if by := a.setByShell(n); by != "" {
		return fmt.Sprintf("`%s` is %s", n.text, by)
	}
	switch v := a.valueAt(n); v.Kind {
	case env.Known:
		return fmt.Sprintf("`%s` is %s", n.text, code(v.Text))
	case env.Unknown:
		return fmt.Sprintf("`%s` is not known here: it depends on the base image, the build's arguments or a command", n.text)
	default:
		return fmt.Sprintf("`%s` is not set here", n.text)
	}
}

// maxShown bounds values in a hover.
const maxShown = 300

// code shows text as Markdown code, whatever is in it.
func code(text string) string {
	if text == "" {
		return "empty"
	}
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "…"
	}
	text = strings.Join(strings.Fields(text), " ")
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// valueAt is the value of a variable: before the instruction for a reference, after it for a definition.
func (a *analysis) valueAt(n name) env.Value {
	if n.step == nil {
		return a.globalAt(n)
	}
	state := n.step.Before
	if n.def {
		state = n.stage.After
		if next := n.step.Index + 1; next < len(n.stage.Steps) {
			state = n.stage.Steps[next].Before
		}
		return state.Lookup(n.text)
	}
	for _, c := range n.step.Commands {
		if c.Shell.Span.Start <= n.span.Start && n.span.End <= c.Shell.Span.End {
			state = c.State
		}
	}
	return state.Lookup(n.text)
}

// globalAt is the value of a variable in FROM or among the ARGs before the first FROM.
// https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
func (a *analysis) globalAt(n name) env.Value {
	b := a.result.Build
	values := map[string]env.Value{}
	lookup := func(name string) env.Value { return values[name] }
	for _, in := range b.Doc.Instructions {
		if in.Keyword == "FROM" || in.Span.Start > n.span.Start {
			break
		}
		for _, p := range in.Pairs {
			switch given, ok := b.Settings.BuildArgs[p.Key]; {
			case ok:
				values[p.Key] = env.Of(given)
			case p.HasValue:
				values[p.Key] = env.Expand(p.Value, b.Doc.Escape, lookup)
			default:
				values[p.Key] = env.Doubtful()
			}
		}
	}
	if v, ok := values[n.text]; ok {
		return v
	}
	return env.Doubtful() // BuildKit knows TARGETPLATFORM and its like here
}

func (a *analysis) describeStage(n name) string {
	for _, s := range a.result.Build.Stages {
		if stageGroup(s) != n.group {
			continue
		}
		text := fmt.Sprintf("**stage %s**", s.Label())
		if s.BaseText.IsKnown() {
			text += " from " + code(s.BaseText.Text)
		}
		switch {
		case s.Ships:
			text += "\n\nIts layers are in the final image."
		case s.Feeds:
			text += "\n\nThe final image takes files from it."
		default:
			text += "\n\nNothing of it gets into the final image."
		}
		return text
	}
	return "stage " + n.text
}

func (a *analysis) installAt(offset int) *analyzer.Installation {
	if a.result.Build == nil {
		return nil
	}
	for _, s := range a.result.Build.Stages {
		for _, in := range s.Installs() {
			if in.Call.Span.Start <= offset && offset <= in.Call.Span.End {
				return in
			}
		}
	}
	return nil
}

// describeInstall says what a command installs and where.
func describeInstall(in *analyzer.Installation) string {
	var out strings.Builder
	fmt.Fprintf(&out, "**%s** ", strings.TrimSpace(string(in.Call.Tool)+" "+in.Call.Verb))
	if in.Place == analyzer.UnknownPlace {
		out.WriteString("installs to a place that is not known")
	} else {
		fmt.Fprintf(&out, "installs into %s", placeNames[in.Place])
	}
	if in.Dir.IsKnown() && in.Dir.Text != "" {
		out.WriteString(" " + code(in.Dir.Text))
	}
	if i := in.Interpreter; i != nil && i.Version != "" {
		fmt.Fprintf(&out, " for Python %s", i.Version)
	}
	if in.Implicit {
		out.WriteString(" (chosen by pip, since the user is not root)")
	}
	out.WriteString("\n")
	for i, r := range in.Requirements {
		if i == maxListed {
			fmt.Fprintf(&out, "\n- and %d more", len(in.Requirements)-i)
			break
		}
		text := r.Text
		if text == "" { // it is not known in full
			text = in.Command.Step.Stage.Build().File.Text(r.Span)
		}
		out.WriteString("\n- " + code(text))
	}
	for _, f := range in.Files {
		out.WriteString("\n- " + code(f.Written))
		if f.File == nil {
			out.WriteString(", which is not known")
			continue
		}
		names := []string{}
		for _, l := range f.File.Lines {
			names = append(names, code(l.Requirement.Text))
		}
		if more := len(names) - maxListed; more > 0 {
			names = append(names[:maxListed], fmt.Sprintf("and %d more", more))
		}
		if len(names) > 0 {
			out.WriteString(": " + strings.Join(names, ", "))
		}
	}
	return strings.TrimRight(out.String(), "\n")
}

const maxListed = 20

var placeNames = map[analyzer.Place]string{
	analyzer.System:     "the interpreter's own site-packages",
	analyzer.UserSite:   "the user base",
	analyzer.VirtualEnv: "the virtual environment",
	analyzer.PrefixDir:  "the prefix",
	analyzer.TargetDir:  "the directory",
	analyzer.RootDir:    "the root",
	analyzer.CondaEnv:   "the conda environment",
	analyzer.ToolEnv:    "an environment of its own",
}
