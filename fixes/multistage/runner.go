package multistage

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// runner is a call of `uv run`, `poetry run`, `pipenv run` or `pdm run`. Where the tool stays in the builder, what it runs is called by
// itself, with the environment's scripts on PATH.
type runner struct {
	tool installer.Tool
	head source.Span   // from the word of the tool up to that of the program
	argv []shell.Field // the program and its arguments
	// python tells that the tool calls the interpreter with what follows: a file, or -m and a module.
	python string
	plain  bool // it is given no options that ask for more
}

// runners are tools with a verb "run", and the options in front of the program that say nothing about the environment.
var runners = map[string]string{
	"uv": "-q --quiet --frozen --locked --no-sync --no-dev --no-progress --offline --no-cache -n --no-editable", "poetry": "-q --quiet -n --no-interaction",
	"pipenv": "-q --quiet", "pdm": "-q --quiet",
}

// readRunner finds such a call among the words of a command.
func readRunner(argv []shell.Field) (r runner, ok bool) {
	for i, word := range argv {
		plain, known := runners[shell.Program(word)]
		if !known || !word.Literal {
			continue
		}
		r = runner{tool: installer.Tool(shell.Program(word)), plain: true}
		ran, module := false, false
		for k := i + 1; k < len(argv); k++ {
			switch text := argv[k].Text(); {
			case text == "run" && !ran:
				ran = true
			case ran && r.tool == installer.Uv && (text == "-m" || text == "--module"):
				module = true
			case ran && text == "--" || strings.HasPrefix(text, "-"):
				r.plain = r.plain && (text == "--" || slices.Contains(strings.Fields(plain), text))
			case !ran:
				return r, false // another verb
			default:
				r.head, r.argv = source.Span{Start: word.Span.Start, End: argv[k].Span.Start}, argv[k:]
				r.plain = r.plain && argv[k].Literal
				switch {
				case module:
					r.python = "python -m"
				case r.tool == installer.Uv && strings.HasSuffix(text, ".py"):
					r.python = "python"
				}
				return r, true
			}
		}
		return r, false
	}
	return r, false
}

// readRunners decides about the tools that run the application, and rewrites the instructions that start it. A tool that has to stay is kept in
// the base stage.
func (c *conversion) readRunners() string {
	c.texts, c.kept = map[*dockerfile.Instruction]string{}, map[string]bool{}
	start := c.stage.Start()
	instructions := []*dockerfile.Instruction{start.Entrypoint, start.Cmd}
	for _, step := range c.stage.Steps {
		if step.Instruction.Keyword == "HEALTHCHECK" {
			instructions = append(instructions, step.Instruction)
		}
	}
	var texts []string
	for _, in := range instructions {
		if in != nil {
			c.unwrapStart(in)
			for _, at := range c.moves {
				if text := c.textOf(in); strings.Contains(text, `"`+at+`"`) {
					c.texts[in] = strings.Replace(text, `"`+at+`"`, `"`+c.dir+"/bin/"+path.Base(at)+`"`, 1)
				}
			}
			texts = append(texts, c.textOf(in))
		}
	}
	for _, command := range start.Commands {
		if content, ok := c.stage.StartScript(command); ok {
			texts = append(texts, string(content))
		}
		if _, content, ok := c.stage.ShellScript(command); ok {
			texts = append(texts, string(content))
		}
	}
	texts = append(texts, c.build.Settings.Starts...)
	for tool, calls := range runnerCalls {
		c.kept[tool] = slices.ContainsFunc(texts, calls.MatchString)
		c.keeps = c.keeps || c.kept[tool]
	}
	for _, step := range c.stage.Steps {
		for _, command := range step.Commands {
			if r, ok := c.runnerOf(command); ok && c.behind(command.Shell.Span) && !c.replaces(r) {
				c.kept[string(r.tool)], c.keeps = true, true
			}
		}
	}
	return ""
}

// runnerOf is such a call in a RUN that installs nothing.
func (c *conversion) runnerOf(command *analyzer.Command) (runner, bool) {
	if command.Install != nil || !command.Shell.Exact || command.Installer != nil && command.Installer.Verb != "run" {
		return runner{}, false
	}
	return readRunner(command.Argv)
}

// unwrapStart takes the tool out of an instruction that starts something.
func (c *conversion) unwrapStart(in *dockerfile.Instruction) {
	asked := in
	if in.Trigger != nil {
		asked = in.Trigger
	}
	_, commands, problem := c.build.Script(asked, c.stage.After)
	if problem != "" {
		return
	}
	var edits []analyzer.Edit
	for _, sh := range commands {
		r, ok := readRunner(shell.Fields(sh.Words, c.stage.After.Env))
		if !ok {
			continue
		}
		if !sh.Exact && !asked.JSON || !c.replaces(r) || asked.JSON && r.expands() {
			return
		}
		edit, ok := c.unwrap(r, asked.JSON)
		if !ok {
			return
		}
		edits = append(edits, edit)
	}
	if len(edits) > 0 {
		c.texts[in] = c.edited(in.Span, edits)
		c.onPath = true
	}
}

// unwrap is the edit that leaves the program.
func (c *conversion) unwrap(r runner, json bool) (analyzer.Edit, bool) {
	text := r.python
	if !json {
		if text != "" {
			text += " "
		}
		return analyzer.Edit{Span: r.head, Text: text}, true
	}
	span := source.Span{Start: r.head.Start - 1, End: r.head.End - 1} // with the quotes
	if c.doc.File.Text(source.Span{Start: span.Start, End: span.Start + 1}) != `"` ||
		c.doc.File.Text(source.Span{Start: span.End, End: span.End + 1}) != `"` {
		return analyzer.Edit{}, false
	}
	if text != "" {
		text = `"` + strings.ReplaceAll(text, " ", `", "`) + `", `
	}
	return analyzer.Edit{Span: span, Text: text}, true
}

// replaces tells whether the program of a call can be called by itself: the tool has made the environment that ships, and gives the name no
// meaning of its own.
func (c *conversion) replaces(r runner) bool {
	if !r.plain || !slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool { return in.Call.Tool == r.tool }) {
		return false
	}
	program := shell.Program(r.argv[0])
	switch r.tool {
	case installer.Uv:
		return fixes.Synced(c.stage) && !c.sourcesOutside()
	case installer.Poetry:
		// A script of the project is a script of the environment only where the project is installed.
		return ofPackages(program)
	}
	// Pipfile and pyproject.toml may give names a meaning; .env is read by both.
	return ofPackages(program) && !c.build.Context.Exists(".env")
}

// expands tells whether the tool expands variables in the program's arguments, which in the exec form no shell does: pipenv calls os.path.expandvars.
// https://github.com/pypa/pipenv/blob/main/pipenv/routines/shell.py
func (r runner) expands() bool {
	return r.tool == installer.Pipenv && slices.ContainsFunc(r.argv, func(f shell.Field) bool { return strings.Contains(f.Text(), "$") })
}

// ofPackages tells interpreters and the scripts of well-known packages.
func ofPackages(program string) bool {
	return analyzer.IsInterpreterName(program) || analyzer.ScriptPackage(program) != ""
}

// sourcesOutside tells whether the container starts in another directory than that of the project, where uv looks for the project.
func (c *conversion) sourcesOutside() bool {
	return slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool { return in.Command.State.Workdir != c.stage.After.Workdir })
}

// textOf is the text of an instruction in the final stage.
func (c *conversion) textOf(in *dockerfile.Instruction) string {
	if text, ok := c.texts[in]; ok {
		return text
	}
	return c.doc.File.Text(in.Span)
}

// placeRunner places a command of a RUN that such a tool runs: like what it runs.
func (c *conversion) placeRunner(step *analyzer.Step, one *piece, r runner) {
	one.at = c.elsewhere(step, one.span)
	if !c.behind(one.span) {
		one.at = inBuilder
		return
	}
	if c.kept[string(r.tool)] {
		return
	}
	edit, _ := c.unwrap(r, false)
	one.rewrites = map[place]string{inRuntime: c.edited(one.span, []analyzer.Edit{edit})}
	c.onPath = true
}

// writePath puts the scripts of the environment on PATH, for programs that a tool ran.
func (c *conversion) writePath(w *stageWriter) {
	if c.onPath && c.layout == oldVenv && c.stage.After.OnPath(c.dir+"/bin") != analyzer.Yes {
		w.line(fixes.SetEnv(c.doc, "PATH", c.dir+"/bin:$PATH"))
	}
}

// runnerCalls match, by tool, the texts that call it.
var runnerCalls = func() map[string]*pattern.Pattern {
	calls := map[string]*pattern.Pattern{}
	for tool := range runners {
		calls[tool] = pattern.New(`(?:^|[\s"'/;&|(])` + tool + `x?(?:$|[\s"';&|)])`)
	}
	return calls
}()
