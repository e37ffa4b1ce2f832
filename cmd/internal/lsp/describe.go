package lsp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// described is what a hover says of a place, and the place.
type described struct {
	text string
	span source.Span
}

// parts says what stands at an offset in the instruction there: its keyword or a flag, the base image, what a COPY from a stage brings, and
// what a start command comes to.
func (a *analysis) parts(offset int) (list []described) {
	b := a.result.Build
	if b == nil {
		return nil
	}
	in := b.Doc.InstructionAt(offset)
	if in == nil {
		return nil
	}
	at := source.Span{Start: offset, End: offset}
	say := func(text string, span source.Span) {
		if text != "" {
			list = append(list, described{text, span})
		}
	}
	step, stage := a.stepOf(in)
	inBody := touches(in.Body, at) && in.Body.Len() > 0
	switch {
	case in.Keyword == "FROM" && stage != nil && len(in.Args) > 0 && touches(in.Args[0].Span, at) && stage.Base == nil:
		say(describeImage(stage.BaseText.Or(in.Args[0].Value), stage.Image, b.Settings.Today), in.Args[0].Span)
	case step != nil && step.Copy != nil && (step.Copy.From != nil || !step.Copy.FromContext()) && !touches(in.KeywordSpan, at):
		say(describeCopy(step.Copy), in.Span)
	case (in.Keyword == "CMD" || in.Keyword == "ENTRYPOINT") && stage != nil && (inBody || touches(in.KeywordSpan, at)):
		say(describeProcess(b, stage, in), in.Span)
	}
	list = append(list, keywordPart(in, at)...)
	return list
}

// keywordPart explains a keyword, or a flag by its name.
func keywordPart(in *dockerfile.Instruction, at source.Span) []described {
	info, known := reference()[in.Keyword]
	if !known {
		return nil
	}
	for _, f := range in.Flags {
		name := source.Span{Start: f.Span.Start, End: f.Span.Start + len("--") + len(f.Name)}
		if !touches(name, at) {
			continue
		}
		for _, flag := range info.flags {
			if flag.name == "--"+f.Name {
				return []described{{fmt.Sprintf("`%s`: %s", flag.name, flag.what), name}}
			}
		}
	}
	if in.Trigger != nil && in.Keyword == "ONBUILD" && touches(in.Trigger.Span, at) {
		return keywordPart(in.Trigger, at)
	}
	if !touches(in.KeywordSpan, at) {
		return nil
	}
	text := fmt.Sprintf("**%s**: %s", in.Keyword, info.what)
	for _, form := range info.forms {
		text += "\n\n`" + form + "`"
	}
	return []described{{text + "\n\n[Reference](https://docs.docker.com/reference/dockerfile/#" + strings.ToLower(in.Keyword) + ")", in.KeywordSpan}}
}

// stepOf finds the step that an instruction is, and its stage. A FROM is no step.
func (a *analysis) stepOf(in *dockerfile.Instruction) (*analyzer.Step, *analyzer.Stage) {
	for _, s := range a.result.Build.Stages {
		if s.From == in {
			return nil, s
		}
		for _, step := range s.Steps {
			if step.Instruction == in {
				return step, s
			}
		}
	}
	return nil, nil
}

// describeImage says what is known of a base image of that name.
func describeImage(name string, f image.Facts, today time.Time) string {
	if f.Scratch {
		return "**scratch**: an empty image"
	}
	if !f.Known() {
		return ""
	}
	lines := []string{"**" + name + "**"}
	if f.Distro != "" {
		text := strings.TrimSpace(f.Distro + " " + f.NewestRelease())
		if f.Codename != "" {
			text += " (" + f.Codename + ")"
		}
		if f.Libc != "" {
			text += ", " + f.Libc
		}
		lines = append(lines, "- "+text+ends(image.End(f.Product(), f.NewestRelease()))(today))
	}
	switch p := f.Python; {
	case p != nil:
		text := "Python " + p.Version + " in " + code(p.Path)
		lines = append(lines, "- "+text+ends(image.End("python", p.Version))(today))
	case f.NoPython:
		lines = append(lines, "- no Python")
	}
	if f.User != "" {
		lines = append(lines, "- runs as "+code(f.User))
	}
	if f.StartKnown {
		if start := strings.Join(append(slices.Clone(f.Entrypoint), f.Cmd...), " "); start != "" {
			lines = append(lines, "- starts "+code(start))
		}
	}
	if reason, floating := f.Floating(); floating {
		lines = append(lines, "- becomes another image as time goes by: "+reason)
	}
	if f.Deprecated != "" {
		lines = append(lines, "- retired: "+f.Deprecated)
	}
	for i, name := range slices.Sorted(maps.Keys(f.Env)) {
		if i == 0 {
			lines = append(lines, "- sets")
		}
		lines = append(lines, "  - "+code(name+"="+f.Env[name]))
	}
	if len(lines) == 1 {
		return ""
	}
	return strings.Join(lines, "\n")
}

// ends says until when there are fixes.
func ends(end image.EndOfLife, known bool) func(today time.Time) string {
	return func(today time.Time) string {
		switch {
		case !known:
			return ""
		case end.Date.Before(today) && end.Extended.After(today):
			return ", fixes by its long-term support until " + end.Extended.Format("2006-01-02")
		case end.Date.Before(today):
			if end.Extended.IsZero() {
				end.Extended = end.Date
			}
			return ", **no fixes since " + end.Extended.Format("2006-01-02") + "**"
		}
		return ", fixes until " + end.Date.Format("2006-01-02")
	}
}

// describeCopy says what a COPY from a stage or an image brings.
func describeCopy(c *analyzer.Copy) string {
	from := "another image"
	switch {
	case c.From != nil:
		if from = c.From.Label(); c.From.Name != "" {
			from = "stage " + code(from)
		}
	case c.FromText.IsKnown():
		from = "image " + code(c.FromText.Text)
	}
	text := "Brings files from " + from
	deliveries := c.Deliveries()
	if len(deliveries) == 0 {
		return text
	}
	text += ":"
	for _, d := range deliveries {
		text += "\n- " + describeContent(d)
	}
	return text
}

// describeContent says what of an installation is there, where, and what installed it.
func describeContent(c analyzer.Content) string {
	what := "console scripts"
	switch {
	case c.OneScript != "" && !c.Libs:
		what = "the script " + code(c.OneScript)
	case c.Libs && c.Scripts:
		what = "packages and console scripts"
	case c.Libs:
		what = "packages"
	}
	text := what + " in " + code(c.Dir)
	if c.Mismatch {
		text += ", **where no interpreter looks**"
	}
	if in := c.Install; in != nil && in.Call != nil {
		text += ", of " + code(strings.TrimSpace(string(in.Call.Tool)+" "+in.Call.Verb))
		if set := in.Packages(); set.Read && len(set.Names) > 0 {
			text += " (" + listed(slices.Sorted(maps.Keys(set.Names))) + ")"
		}
	}
	return text
}

// maxNamed is how many packages a hover names.
const maxNamed = 8

func listed(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNamed)
	}
	return strings.Join(names, ", ")
}

// describeProcess says what the start command comes to, of a stage that is an image by itself.
func describeProcess(b *analyzer.Build, stage *analyzer.Stage, in *dockerfile.Instruction) string {
	if stage != b.Target {
		if stage.Ships {
			return ""
		}
		return "Starts nothing in the final image: the stage is not its last."
	}
	p, ok := stage.Process()
	if !ok || !in.Span.Contains(p.Start.Span) {
		return ""
	}
	lines := []string{}
	if len(p.Start.Wrappers) > 0 {
		lines = append(lines, "- through "+code(strings.Join(p.Start.Wrappers, ", ")))
	}
	program := p.Start.Program()
	if len(p.Start.Argv) > 0 {
		program = p.Start.Argv[0].Text()
	}
	switch {
	case p.Program.Path != "" && p.Program.Is(analyzer.Yes):
		lines = append(lines, "- the program is "+code(p.Program.Path)+broughtBy(b, p.Program.Answer))
	case p.Program.Is(analyzer.No):
		lines = append(lines, "- **the image has no program** "+code(program))
	default:
		lines = append(lines, "- whether the image has "+code(program)+" is not known")
	}
	if p.Python {
		where := "the Python of the system"
		if p.Environment != "" {
			where = "the virtual environment " + code(p.Environment)
		} else if i := stage.Interpreter(); i != nil && i.Version != "" {
			where = "Python " + i.Version + " of the system"
		}
		lines = append(lines, "- it runs in "+where)
	}
	if p.Module != nil {
		lines = append(lines, "- module "+code(p.Module.Text()))
	}
	if p.File != nil {
		lines = append(lines, "- file "+code(p.File.Text()))
	}
	if p.Python {
		for _, c := range stage.Contents() {
			lines = append(lines, "- "+map[analyzer.Presence]string{
				analyzer.Yes: "it sees the ", analyzer.No: "it does **not** see the ", analyzer.Maybe: "it may see the ",
			}[p.Sees(c)]+describeContent(c))
		}
	}
	if user := stage.After.User; user.IsKnown() {
		lines = append(lines, "- as user "+code(user.Text))
	}
	return "**What starts**\n" + strings.Join(lines, "\n")
}

// broughtBy says which line brought a thing.
func broughtBy(b *analyzer.Build, a analyzer.Answer) string {
	if a.Step == nil {
		return ", of the base image"
	}
	return fmt.Sprintf(", brought by line %d", b.File.Position(a.Step.Instruction.Span.Start).Line)
}
