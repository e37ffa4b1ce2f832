package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CopiedTwice finds a `chown -R` or `chmod -R` over files that an earlier layer put there.
//
// A layer holds whole files: to change the owner of one is to store it again. The image then has every file twice, and is pulled
// and unpacked twice as large there; people report 1.4 and 9 GB. COPY gives files their owner and mode as it
// writes them: `--chown=app:app`, `--chmod=755`. The user must be there before; a number needs none.
//
// Where only a few named files, or less than a megabyte, were copied, this is advice. What the same RUN has made is stored once, and
// directories alone cost nothing. A chmod in the same RUN as a chown of the same files stores nothing more.
//
// Files that have the owner already, by `COPY --chown` or as root, are not stored again, and are no finding.
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	RUN python -m venv /app/venv && /app/venv/bin/pip install --no-cache-dir flask==3.1.0
//	FROM python:3.12-slim
//	COPY --from=builder /app /app
//	RUN useradd -m app && chown -R app:app /app
//	USER app
//	CMD ["/app/venv/bin/flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	RUN python -m venv /app/venv && /app/venv/bin/pip install --no-cache-dir flask==3.1.0
//	FROM python:3.12-slim
//	RUN useradd -m app
//	COPY --from=builder --chown=app:app /app /app
//	USER app
//	CMD ["/app/venv/bin/flask", "run"]
//
// # Fix
//
// Gives the COPY instructions `--chown` or `--chmod`, makes the user above the first of them where the same RUN made it, and leaves the
// directory itself to `chown` without -R. Unsafe: what other instructions put there keeps its owner. None where a RUN between may have done so.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
//   - https://docs.docker.com/build/building/best-practices/#user
var CopiedTwice = register(&analyzer.Rule{
	Code: "PLD410", Name: "copied-twice",
	Summary:  "chown -R or chmod -R stores files of an earlier layer a second time",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkCopiedTwice,
})

func checkCopiedTwice(p *analyzer.Pass) {
	for _, stage := range p.Target.Chain() {
		for _, step := range stage.Steps {
			var told []string // a chmod behind a chown in the same RUN stores nothing more
			for _, c := range step.Commands {
				if r, ok := rewriteOf(c); ok && !allBelow(r.dirs, told) && reportRewrite(p, r) {
					told = append(told, r.dirs...)
				}
			}
		}
	}
}

// rewrite is a recursive chown or chmod.
type rewrite struct {
	command *analyzer.Command
	program string
	to      shell.Field // owner or mode
	dirs    []string
}

// rewriteOf reads `chown -R OWNER DIR...` and `chmod -R MODE DIR...`.
func rewriteOf(c *analyzer.Command) (r rewrite, ok bool) {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) < 4 || !c.Shell.Certain && !c.Shell.Attempted || len(c.Shell.Redirects) > 0 {
		return r, false
	}
	r.command, r.program = c, shell.Program(argv[0])
	if r.program != "chown" && r.program != "chmod" {
		return r, false
	}
	recursive, operands := false, []shell.Field{}
	for _, f := range argv[1:] {
		switch text := f.Text(); {
		case text == "--recursive", strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "R"):
			recursive = true
		case strings.HasPrefix(text, "--from"):
			return r, false
		case strings.HasPrefix(text, "-") && (r.program == "chown" || strings.Trim(text, "-vcf") == ""):
		default:
			operands = append(operands, f)
		}
	}
	if !recursive || len(operands) < 2 {
		return r, false
	}
	r.to = operands[0]
	for _, f := range operands[1:] {
		if at := c.State.Abs(f.Value); at.IsKnown() && !f.Glob && at.Text != "/" {
			r.dirs = append(r.dirs, at.Text)
		}
	}
	return r, len(r.dirs) > 0
}

// brought is what an earlier layer put below the directories.
type brought struct {
	span  source.Span
	copy  *analyzer.Copy // nil for an installation
	small bool
	at    string // where it was put
}

// isBelow tells whether the path is the directory or lies below it.
func isBelow(dir, p string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// allBelow tells whether all paths are one of the directories or lie below one.
func allBelow(paths, dirs []string) bool {
	return !slices.ContainsFunc(paths, func(at string) bool {
		return !slices.ContainsFunc(dirs, func(dir string) bool { return isBelow(dir, at) })
	})
}

func reportRewrite(p *analyzer.Pass, r rewrite) (reported bool) {
	things := r.brought(p)
	if !slices.ContainsFunc(things, func(b brought) bool { return b.copy == nil || !namesFiles(b.copy) }) {
		return false // nothing, or a list of requirements and its like
	}
	d := analyzer.Diagnostic{Span: r.command.Shell.Span, Severity: analyzer.Info}
	worst := things[0]
	for _, b := range things {
		if !b.small {
			worst, d.Severity = b, analyzer.Warning
			break
		}
	}
	what := "installation"
	if worst.copy != nil {
		what = worst.copy.Step.Instruction.Keyword
	}
	var dirs []string
	for _, dir := range r.dirs {
		if slices.ContainsFunc(things, func(b brought) bool { return isBelow(dir, b.at) }) {
			dirs = append(dirs, dir)
		}
	}
	d.Message = fmt.Sprintf("%s -R stores the files below %s a second time: the layer of the %s keeps them as they were",
		r.program, words.List(dirs), what)
	d.Related = []analyzer.Related{{Span: worst.span, Message: "they come from here"}}
	d.Fix, d.NoFixReason = r.fix(p, things)
	p.Report(d)
	return true
}

// brought finds the copies and installations of earlier layers below the directories.
func (r rewrite) brought(p *analyzer.Pass) []brought {
	var found []brought
	below := func(at string) bool {
		return slices.ContainsFunc(r.dirs, func(dir string) bool { return isBelow(dir, at) })
	}
	for _, step := range r.command.Step.Stage.ChainSteps() {
		if step == r.command.Step {
			break
		}
		if c := step.Copy; c != nil && c.Dest.IsKnown() && below(c.Dest.Text) && !r.same(p, c) {
			found = append(found, brought{step.Instruction.Span, c, isHandful(p, c), c.Dest.Text})
		}
		for _, c := range step.Commands {
			if in := c.Install; in != nil && in.Dir.IsKnown() && below(in.Dir.Text) && in.Place != analyzer.UserSite && c.Shell.Certain {
				found = append(found, brought{c.Installer.Span, nil, false, in.Dir.Text})
			}
		}
	}
	return found
}

// same tells whether the files of a COPY have the owner or the mode already, or may well have it: BuildKit stores nothing of a file that
// stays as it is (tried with 0.34.2).
func (r rewrite) same(p *analyzer.Pass, c *analyzer.Copy) bool {
	if r.program == "chmod" {
		return plainMode.MatchString(r.to.Text())
	}
	flag, has := c.Step.Instruction.Flag("chown")
	to := r.to.Value.Or("")
	if !has {
		return rootOwner.MatchString(to)
	}
	owner := env.Expand(flag.Value, p.Doc.Escape, c.Step.Before.Lookup).Or("")
	user, group, named := strings.Cut(strings.TrimSuffix(to, ":"), ":")
	if owner == "" || to == "" {
		return true
	}
	hasUser, hasGroup, hasNamed := strings.Cut(owner, ":")
	alike := func(a, b string) bool {
		switch {
		case digits(a) == a && digits(b) != b:
			return r.mayHaveNumber(b, a)
		case digits(b) == b && digits(a) != a:
			return r.mayHaveNumber(a, b)
		}
		return a == b
	}
	return alike(user, hasUser) && (!named || !hasNamed || alike(group, hasGroup))
}

// mayHaveNumber tells whether the user or group may have that number: nothing in the stage gives it another one.
func (r rewrite) mayHaveNumber(name, number string) bool {
	switch name {
	case "root":
		return number == "0"
	case "nobody":
		return number == "65534"
	}
	for _, c := range r.command.Step.Stage.ChainCommands() {
		makes := slices.ContainsFunc(c.Effects.List, func(e effect.Effect) bool { return e.Verb == effect.MakesUser && e.Name == name })
		if makes && slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return len(digits(f.Text())) > 2 }) {
			return c.HasText(number)
		}
	}
	return true
}

var (
	rootOwner = pattern.New(`^(?:root|0)(?::(?:root|0)?)?$`)
	// plainMode lets be what is readable, and what may be searched or run: most files have that.
	plainMode = pattern.New(`^(?:[ugoa]*\+[rX]+|u\+[rwX]+|go?-w|o-w)(?:,(?:[ugoa]*\+[rX]+|u\+[rwX]+|go?-w|o-w))*$`)
)

// namesFiles tells whether a COPY names single files of the build context only.
func namesFiles(c *analyzer.Copy) bool {
	return c.FromContext() && !slices.ContainsFunc(c.Sources, func(s analyzer.CopySource) bool {
		return !smallFile[path.Ext(s.Text.Text)] || strings.Contains(s.Text.Text, "*")
	})
}

// smallFile are the kinds of files that people write.
var smallFile = map[string]bool{
	".txt": true, ".toml": true, ".lock": true, ".cfg": true, ".ini": true, ".in": true, ".sh": true, ".py": true, ".yml": true, ".yaml": true,
	".json": true, ".conf": true, ".md": true, ".rst": true,
}

// isHandful tells whether a COPY brings few files: named ones, or less than a megabyte of the build context.
func isHandful(p *analyzer.Pass, c *analyzer.Copy) bool {
	const few = 1 << 20
	if !c.FromContext() {
		return !slices.ContainsFunc(c.Sources, func(s analyzer.CopySource) bool {
			return path.Ext(strings.TrimPrefix(path.Base(s.Text.Text), ".")) == ""
		})
	}
	size, known := 0, p.Context != nil
	for _, s := range c.Sources {
		switch {
		case s.Heredoc, path.Ext(s.Text.Text) != "" && !strings.HasPrefix(path.Base(s.Text.Text), "."):
		case !known || !s.Text.IsKnown():
			return false
		default:
			complete := p.Context.Walk(s.Text.Text, func(file string, isDir bool) bool {
				if !isDir && !p.Context.Ignored(file) {
					content, _ := p.Context.Read(file)
					size += len(content)
				}
				return size < few
			})
			if !complete || size >= few {
				return false
			}
		}
	}
	return true
}

var (
	ownerWord = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_.-]+)?$`)
	modeWord  = pattern.New(`^0?[0-7]{3}$`)
)

// fix lets COPY give the owner or mode.
func (r rewrite) fix(p *analyzer.Pass, things []brought) (fix *analyzer.Fix, refused string) {
	step := r.command.Step
	word := r.to.Text()
	wanted, flag := ownerWord, "chown"
	if r.program == "chmod" {
		wanted, flag = modeWord, "chmod"
	}
	if !r.to.Literal || !wanted.MatchString(word) {
		return nil, "the owner or mode is not written out"
	}
	first := step
	for _, b := range things {
		if b.copy == nil || b.copy.Step.Stage != step.Stage {
			return nil, "not all of it was copied in this stage"
		}
		if _, has := b.copy.Step.Instruction.Flag(flag); has {
			return nil, "a COPY has another --" + flag
		}
		if b.copy.Step.Index < first.Index {
			first = b.copy.Step
		}
	}
	for _, between := range step.Stage.Steps[first.Index+1 : step.Index] {
		if mayMakeFiles(between) {
			return nil, "an instruction between may have made files there, too"
		}
	}
	index := slices.IndexFunc(step.Script.Items, func(i shell.Item) bool { return i.Command == r.command.Shell })
	if step.Instruction.JSON || index < 0 || len(r.command.Argv) > 0 && r.command.Argv[0].Text() != r.program {
		return nil, "the command stands inside another one"
	}
	fix = &analyzer.Fix{Title: "Let COPY set it with --" + flag, Safety: analyzer.Unsafe}
	for _, b := range things {
		in := b.copy.Step.Instruction
		at := in.KeywordSpan.End
		if n := len(in.Flags); n > 0 {
			at = in.Flags[n-1].Span.End
		}
		fix.Edits = append(fix.Edits, analyzer.Edit{Span: source.Span{Start: at, End: at}, Text: " --" + flag + "=" + word})
	}
	if r.program == "chmod" {
		return r.withoutCommand(p, fix, index)
	}
	return r.withUserAbove(p, fix, first, index)
}

// mayMakeFiles tells whether a step may put files where nothing of it is seen.
func mayMakeFiles(step *analyzer.Step) bool {
	if step.Unreadable != "" || step.Instruction.Keyword == "ONBUILD" {
		return true
	}
	for _, c := range step.Commands {
		switch c.Concern() {
		case analyzer.Unclear, analyzer.Script, analyzer.Compiles, analyzer.Runs, analyzer.Fetches, analyzer.Files:
			return true
		}
	}
	return false
}

// withoutCommand deletes the command.
func (r rewrite) withoutCommand(p *analyzer.Pass, fix *analyzer.Fix, index int) (*analyzer.Fix, string) {
	step := r.command.Step
	if len(step.Script.Items) == 1 {
		fix.Edits = append(fix.Edits, fixes.DeleteInstruction(p.Doc, step.Instruction, false))
		return fix, ""
	}
	edits, ok := fixes.DeleteItem(p.Doc, step.Script, index)
	if !ok {
		return nil, "the command can't be taken out of its RUN"
	}
	fix.Edits = append(fix.Edits, edits...)
	return fix, ""
}

// withUserAbove moves the commands that make the user above the first COPY, and leaves a chown of the directories alone.
func (r rewrite) withUserAbove(p *analyzer.Pass, fix *analyzer.Fix, first *analyzer.Step, index int) (*analyzer.Fix, string) {
	step := r.command.Step
	for _, between := range step.Stage.Steps[first.Index:step.Index] {
		if slices.ContainsFunc(between.Commands, func(c *analyzer.Command) bool { return c.Concern() == analyzer.Accounts }) {
			return nil, "the user is made between the COPY and the chown"
		}
	}
	var moved []string
	items := step.Script.Items
	for _, item := range items[:index] {
		c := commandOf(step, item)
		if c == nil || c.Concern() != analyzer.Accounts || item.Operator != "" && item.Operator != "&&" || len(step.Instruction.Heredocs) > 0 {
			if c == nil || mayMakeAccounts(c) {
				return nil, "the commands before the chown can't be moved"
			}
			continue
		}
		moved = append(moved, p.File.Text(item.Span))
	}
	if len(moved) > 0 && len(moved) != index {
		return nil, "the commands that make the user can't be taken out of their RUN"
	}
	chown := p.File.Text(r.command.Shell.Span)
	plain := recursiveFlag.ReplaceAllString(chown, "$1")
	span := r.command.Shell.Span
	if len(moved) > 0 {
		span.Start = items[0].Span.Start
		above := fixes.KeywordCase(p.Doc, "RUN") + " " + strings.Join(moved, " && ")
		fix.Edits = append(fix.Edits, fixes.InsertBefore(p.Doc, first.Instruction, above))
	}
	if plain == chown {
		return nil, "the -R is not written by itself"
	}
	fix.Edits = append(fix.Edits, fixes.ReplaceSpan(span, plain))
	return fix, ""
}

// recursiveFlag is -R or --recursive as a word of its own.
var recursiveFlag = pattern.New(`^(chown)\s+(?:-R|--recursive)\b`)

func commandOf(step *analyzer.Step, item shell.Item) *analyzer.Command {
	for _, c := range step.Commands {
		if item.Command != nil && c.Shell == item.Command {
			return c
		}
	}
	return nil
}

func mayMakeAccounts(c *analyzer.Command) bool {
	switch c.Concern() {
	case analyzer.Unclear, analyzer.Script, analyzer.Compiles, analyzer.Runs, analyzer.Accounts:
		return true
	}
	return false
}
