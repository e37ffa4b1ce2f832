package multistage

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// render is the whole Dockerfile with the final stage in three.
func (c *conversion) render() []byte {
	file := c.doc.File
	from := c.stage.From
	start := fixes.LineStart(file, from.Span.Start)
	end := file.Len()
	if c.stage.Index+1 < len(c.build.Stages) {
		end = fixes.LeadingStart(c.doc, c.build.Stages[c.stage.Index+1].From)
	}
	newline := fixes.Newline(c.doc)
	var out strings.Builder
	out.WriteString(file.Text(source.Span{Start: 0, End: start}))
	for i, parts := range c.stages() {
		if i > 0 {
			out.WriteString(newline + newline)
		}
		out.WriteString(strings.TrimRight(c.renderStage(parts), "\r\n"))
	}
	tail := file.Text(source.Span{Start: c.lastByte(), End: end})
	if c.stage.Index+1 < len(c.build.Stages) && strings.TrimSpace(tail) == "" {
		tail = newline + newline
	}
	out.WriteString(tail)
	out.WriteString(file.Text(source.Span{Start: end, End: file.Len()}))
	return []byte(out.String())
}

// lastByte is where the stage's last instruction ends.
func (c *conversion) lastByte() int {
	if n := len(c.stage.Steps); n > 0 {
		return c.stage.Steps[n-1].Instruction.Span.End
	}
	return c.stage.From.Span.End
}

// stages are the parts of each new stage. Where the builder is another image, nothing but the final stage is built from the base: they are one.
func (c *conversion) stages() [][]place {
	if c.base != "" {
		return [][]place{{inBuilder}, {inBase, inRuntime}}
	}
	return [][]place{{inBase}, {inBuilder}, {inRuntime}}
}

// builder is the index of the builder among the stages of the result.
func (c *conversion) builder() int { return c.stage.Index + len(c.stages()) - 2 }

func (c *conversion) renderStage(parts []place) string {
	newline := fixes.Newline(c.doc)
	w := &stageWriter{conversion: c, newline: newline}
	w.out.WriteString(c.fromLine(parts[0]) + newline)
	for _, w.stage = range parts {
		w.part()
	}
	return w.out.String()
}

// part writes what one of base, builder and runtime has.
func (w *stageWriter) part() {
	c, stage := w.conversion, w.stage
	switch stage {
	case inBase:
		c.writeEnvironment(w)
		c.writeLibraries(w)
	case inBuilder:
		w.workdir = c.workdirAfterBase()
		if c.base != "" {
			c.environment(w)
			w.workdir = c.firstWorkdir()
		}
		if c.layout == prefix && len(c.apps) > 1 {
			// Else pip would not see what the installation before has brought.
			w.line(fixes.SetEnv(c.doc, "PYTHONPATH", c.searched()))
		}
	case inRuntime:
		w.workdir = c.workdirAfterBase()
		to := c.dir
		if c.layout == prefix {
			to = c.python.Prefix
		}
		w.line(c.copyFrom(c.dir, to))
		c.writePath(w)
	}
	for _, p := range c.steps {
		if first := c.firstIntoVenv(); stage == inBuilder && first != nil && first.Step == p.step && c.venvWithin(p) < 0 {
			w.line(c.venvCommand())
		}
		for _, t := range c.trees {
			if stage == inRuntime && t.step == p.step && !(t.outside && c.layout == newVenv) {
				w.line(c.copyFrom(t.dir, t.dir))
			}
		}
		w.step(p)
	}
	if stage == inBase && c.setsPathLater() {
		c.environment(w)
	}
}

// copyFrom copies a directory from the builder.
func (c *conversion) copyFrom(from, to string) string {
	return fixes.KeywordCase(c.doc, "COPY") + " --from=" + c.names[inBuilder] + " " + from + " " + to
}

// fromLine is the FROM of one of the new stages.
func (c *conversion) fromLine(stage place) string {
	file, from := c.doc.File, c.stage.From
	head := file.Text(from.KeywordSpan)
	as := "AS"
	if head == strings.ToLower(head) {
		as = "as" // BuildKit's check FromAsCasing wants both words alike
	}
	switch {
	case stage == inRuntime:
		return head + " " + c.names[inBase] + c.name()
	case stage == inBuilder && c.base == "":
		return head + " " + c.names[inBase] + " " + as + " " + c.names[stage]
	}
	for _, f := range from.Flags {
		head += " " + file.Text(f.Span)
	}
	if stage == inBase && c.base != "" {
		return head + " " + c.base + c.name()
	}
	return head + " " + from.Args[0].Text + " " + as + " " + c.names[stage]
}

// name is what names the final stage, behind a blank.
func (c *conversion) name() string {
	if args := c.stage.From.Args; len(args) == 3 {
		return " " + args[1].Text + " " + args[2].Text
	}
	return ""
}

// writeEnvironment says in the base stage where the packages are, unless a later ENV of that stage sets PATH.
func (c *conversion) writeEnvironment(w *stageWriter) {
	if !c.setsPathLater() {
		c.environment(w)
	}
}

func (c *conversion) setsPathLater() bool {
	return slices.ContainsFunc(c.steps, func(p *placed) bool {
		return p.at&inBase != 0 && p.step.Instruction.Keyword == "ENV" &&
			slices.ContainsFunc(p.step.Instruction.Pairs, func(pair dockerfile.Pair) bool { return pair.Key == "PATH" })
	})
}

func (c *conversion) environment(w *stageWriter) {
	switch c.layout {
	case userBase:
		if !c.stage.After.Env("PYTHONUSERBASE").Is(c.dir) {
			w.line(fixes.SetEnv(c.doc, "PYTHONUSERBASE", c.dir))
		}
		if c.stage.After.OnPath(path.Join(c.dir, "bin")) != analyzer.Yes && (w.stage != inBuilder || c.runsInBuilder()) {
			w.line(fixes.SetEnv(c.doc, "PATH", "$PATH:"+c.dir+"/bin"))
		}
	case newVenv:
		w.line(fixes.SetEnv(c.doc, "VIRTUAL_ENV", c.dir))
		w.line(fixes.SetEnv(c.doc, "PATH", c.dir+"/bin:$PATH"))
	}
}

// runsInBuilder tells whether something besides installers runs in the builder, which may look for what they have installed.
func (c *conversion) runsInBuilder() bool {
	for _, p := range c.steps {
		for _, one := range p.pieces {
			if one.at&inBuilder != 0 && one.follows == itself && slices.ContainsFunc(commandsIn(p.step, one.span), func(command *analyzer.Command) bool {
				concern := command.Concern()
				return concern == analyzer.Runs || concern == analyzer.Unclear
			}) {
				return true
			}
		}
	}
	return false
}

// firstIntoVenv is the first command that installs into the new virtual environment, which has to be there before it, nil where there is none.
func (c *conversion) firstIntoVenv() *analyzer.Command {
	if c.layout != newVenv {
		return nil
	}
	for _, step := range c.stage.Steps {
		for _, command := range step.Commands {
			if in := command.Install; in != nil && in.Place != analyzer.ToolEnv && !(slices.Contains(c.tools, in) && c.outer(in)) {
				return command
			}
		}
	}
	return nil
}

// venvWithin is the index of the element before which the virtual environment is made where the same RUN brings what makes it, -1 elsewhere.
func (c *conversion) venvWithin(p *placed) int {
	first, brought := c.firstIntoVenv(), false
	for i, one := range p.pieces {
		if first != nil && one.span.Contains(first.Shell.Span) {
			if brought {
				return i
			}
			break
		}
		brought = brought || one.venv && one.at&inBuilder != 0
	}
	return -1
}

// venvCommand is the RUN that makes the virtual environment.
func (c *conversion) venvCommand() string {
	run := fixes.KeywordCase(c.doc, "RUN") + " "
	if c.needsVenvPackage() && !c.venvAdded {
		return run + c.aptInstall(c.venvPackage()) + " \\\n" + fixes.Indent(c.doc) + "&& " + c.makeVenv()
	}
	return run + c.makeVenv()
}

// makeVenv is the command that makes the virtual environment.
func (c *conversion) makeVenv() string {
	python := "python3"
	switch {
	case c.stage.Image.Official:
		python = "python"
	case c.python3 != "":
		python = c.python3
	}
	venv := python + " -m venv"
	if c.python.Prefix == "/usr" && len(c.stage.SystemLibraries()) > 0 {
		venv += " --system-site-packages"
	}
	if !c.usesPip() {
		venv += " --without-pip" // uv installs without one, and it would be in the final image
	}
	return venv + " " + c.dir
}

// firstWorkdir is the working directory that the image has.
func (c *conversion) firstWorkdir() env.Value {
	if len(c.stage.Steps) > 0 {
		return c.stage.Steps[0].Before.Workdir
	}
	return c.stage.After.Workdir
}

// usesPip tells whether the new virtual environment needs pip: only uv does without. Poetry before 1.5 takes one that lacks it for broken.
func (c *conversion) usesPip() bool {
	return slices.ContainsFunc(append(slices.Clone(c.apps), c.tools...), func(in *analyzer.Installation) bool {
		return in.Call.Tool != installer.UvPip && (slices.Contains(c.apps, in) || !c.outer(in))
	})
}

// needsVenvPackage tells whether the interpreter is Debian's, which makes no virtual environment without a package of its own.
func (c *conversion) needsVenvPackage() bool {
	debian := c.stage.Image.Distro == "debian" || c.stage.Image.Distro == "ubuntu"
	return c.layout == newVenv && c.python.Prefix == "/usr" && debian && !c.stage.After.HasOSPackage(c.venvPackage()) && !c.stage.After.HasOSPackage("python3-full")
}

// bringsVenv tells of an OS package whether it lets Debian's interpreter make virtual environments.
func bringsVenv(name string) bool { return strings.HasSuffix(name, "-venv") || name == "python3-full" }

// venvPackage is the package that lets the interpreter make virtual environments.
func (c *conversion) venvPackage() string { return cmp.Or(c.python3, "python3") + "-venv" }

func (c *conversion) workdirAfterBase() env.Value {
	at := c.firstWorkdir()
	for _, p := range c.steps {
		if p.at&inBase != 0 && p.step.Instruction.Keyword == "WORKDIR" {
			at = c.after(p.step)
		}
	}
	return at
}

// after is the working directory behind a step.
func (c *conversion) after(step *analyzer.Step) env.Value {
	if step.Index+1 < len(c.stage.Steps) {
		return c.stage.Steps[step.Index+1].Before.Workdir
	}
	return c.stage.After.Workdir
}

// stageWriter writes one stage.
type stageWriter struct {
	*conversion
	stage   place
	newline string
	out     strings.Builder
	workdir env.Value // in force
	wrote   bool      // there is something below FROM
}

// line writes an instruction of our own, with "\n" and `\` continuations.
func (w *stageWriter) line(text string) {
	w.out.WriteString(fixes.Native(w.doc, text+"\n"))
	w.wrote = true
}

// step writes what of a step belongs to the stage.
func (w *stageWriter) step(p *placed) {
	in := p.step.Instruction
	var text string
	if in.Keyword == "RUN" {
		text = w.runText(p)
	} else if p.at&w.stage != 0 {
		text = w.textOf(in)
		if w.stage == inBuilder {
			text = w.narrowed(p, text)
		}
	}
	if text == "" {
		return
	}
	w.keepWorkdir(p)
	if w.wrote && fixes.IsBlankLine(w.doc.File, w.doc.File.LineOf(fixes.LeadingStart(w.doc, in))-1) {
		w.out.WriteString(w.newline)
	}
	for _, comment := range w.comments(p) {
		w.out.WriteString(comment + w.newline)
	}
	w.out.WriteString(text + w.newline)
	w.wrote = true
	if in.Keyword == "WORKDIR" {
		w.workdir = w.after(p.step)
	}
}

// keepWorkdir changes to the directory that a step ran in, where the stage is in another one.
func (w *stageWriter) keepWorkdir(p *placed) {
	if w.stage == inBase || !w.dependsOnWorkdir(p) {
		return
	}
	want := p.step.Before.Workdir
	if !want.IsKnown() || !w.workdir.IsKnown() || want == w.workdir {
		return
	}
	w.line(fixes.KeywordCase(w.doc, "WORKDIR") + " " + want.Text)
	w.workdir = want
}

// dependsOnWorkdir tells whether what the stage has of a step does something else in another directory.
func (w *stageWriter) dependsOnWorkdir(p *placed) bool {
	in := p.step.Instruction
	switch in.Keyword {
	case "COPY", "ADD", "WORKDIR":
		return len(in.Args) == 0 || !path.IsAbs(in.Args[len(in.Args)-1].Value)
	case "RUN":
		return slices.ContainsFunc(p.step.Commands, func(command *analyzer.Command) bool {
			if !slices.ContainsFunc(p.pieces, func(one piece) bool {
				return one.at&w.stage != 0 && one.span.Contains(command.Shell.Span) && !installsTool.MatchString(w.doc.File.Text(one.span))
			}) {
				return false
			}
			switch command.Concern() {
			case analyzer.ShellState, analyzer.Nothing, analyzer.SystemPackages, analyzer.IndexCleanup, analyzer.Accounts:
				return false
			case analyzer.Packaging:
				return command.Install == nil || readsFiles(command.Install)
			}
			return true
		})
	}
	return false
}

// readsFiles tells whether an installation names files or projects by a path that depends on the working directory.
func readsFiles(in *analyzer.Installation) bool {
	relative := func(use analyzer.RequirementsUse) bool { return !path.IsAbs(use.Written) }
	return in.Call.Tool != installer.Pip || slices.ContainsFunc(in.Files, relative) || slices.ContainsFunc(in.Constraints, relative) ||
		slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool {
			return r.Kind != installer.Named && r.Kind != installer.URL && !path.IsAbs(r.Location)
		})
}

// runText is the part of a RUN that belongs to the stage, "" for none.
func (w *stageWriter) runText(p *placed) string {
	in, file := p.step.Instruction, w.doc.File
	if len(p.pieces) == 1 && p.pieces[0].span == in.Span {
		one := p.pieces[0]
		if one.at&w.stage == 0 || one.follows == dropped {
			return ""
		}
		if text, ok := one.rewrites[w.stage]; ok {
			return text
		}
		return file.Text(in.Span)
	}
	kept, decisive, all := 0, false, true
	for _, one := range p.pieces {
		if one.at&w.stage != 0 && one.follows != dropped {
			kept++
			decisive = decisive || one.follows == itself
		}
		all = all && one.at&w.stage != 0 && one.follows != dropped && one.rewrites[w.stage] == ""
	}
	if all {
		return file.Text(in.Span)
	}
	if kept == 0 || !decisive && !w.onlyFollowers(p) {
		return ""
	}
	var out strings.Builder
	out.WriteString(file.Text(source.Span{Start: in.Span.Start, End: p.pieces[0].span.Start}))
	first, last, within := true, "", w.venvWithin(p)
	for i, one := range p.pieces {
		if one.at&w.stage == 0 || one.follows == dropped {
			continue
		}
		if one.follows == systemBehind { // `apt-get update` twice, where what stood between went to another stage
			if text := file.Text(one.span); text == last {
				continue
			}
			last = file.Text(one.span)
		} else {
			last = ""
		}
		if !first {
			out.WriteString(file.Text(source.Span{Start: p.pieces[i-1].span.End, End: one.span.Start}))
		}
		first = false
		if w.stage == inBuilder && i == within {
			out.WriteString(w.makeVenv() + file.Text(source.Span{Start: p.pieces[i-1].span.End, End: one.span.Start}))
		}
		if text, ok := one.rewrites[w.stage]; ok {
			out.WriteString(text)
		} else {
			out.WriteString(file.Text(one.span))
		}
	}
	out.WriteString(strings.TrimRight(file.Text(source.Span{Start: p.pieces[len(p.pieces)-1].span.End, End: in.Span.End}), " \t\\"))
	return out.String()
}

// onlyFollowers tells whether the RUN has no command that decides about the others, such as a lone `apt-get update`.
func (w *stageWriter) onlyFollowers(p *placed) bool {
	return !slices.ContainsFunc(p.pieces, func(one piece) bool { return one.follows == itself || one.follows == dropped })
}
