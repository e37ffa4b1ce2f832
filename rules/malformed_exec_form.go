package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// MalformedExecForm finds an exec form that is none, or that hands the program other words than were meant.
//
// Docker takes an instruction for the exec form only where it is a JSON array to the last character. Single quotes, a missing or a
// trailing comma and a comment behind the array make it the shell form, without a word: sh then looks for a program called `[python,` and
// the container ends with status 127. And where the array is right, nothing splits its elements or looks for variables in them:
// `["gunicorn app:app"]` is a program whose name has a blank, `"-c /etc/gunicorn.py"` an option whose value begins with a blank, and `$PORT`
// five characters. ENTRYPOINT and CMD are judged together, as Docker starts them: `["/bin/sh", "-c"]` with one string is right.
//
// An ENTRYPOINT in shell form gets no arguments, so a CMD beside it is never read; that is a warning.
//
// # Flagged
//
//	FROM python:3.12-slim
//	CMD ['python', '-m', 'myapp']
//
// # Instead
//
//	FROM python:3.12-slim
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Writes the array with double quotes and commas, a comment behind it above the instruction. Safe where only the quotes or what
// stands behind the array are wrong; unsafe where a comma is missing. Where elements must be split or a shell is needed, a person decides.
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#exec-form
//   - https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
var MalformedExecForm = register(&analyzer.Rule{
	Code: "PLD515", Name: "malformed-exec-form",
	Summary:  "an exec form is no JSON array, or its elements are not the words that were meant",
	Severity: analyzer.Error, Fix: analyzer.Safe, Check: checkMalformedExecForm,
})

func checkMalformedExecForm(p *analyzer.Pass) {
	start := p.Target.Start()
	broken := false
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		broken = reportBroken(p, in) || broken
	}
	for stage := range p.Feeding() {
		for _, step := range stage.Steps {
			if in := step.Instruction; in.Keyword == "RUN" || in.Keyword == "HEALTHCHECK" && stage.Ships {
				reportBroken(p, in)
			}
		}
	}
	if !broken {
		checkUnreadCmd(p, start)
		checkElements(p, start)
	}
}

// arrayLike is a text that begins as an array does, and as no command of a shell: a quote or a word directly behind the bracket, or quoted
// words with a comma. `[ "$X" = y ] && z` is a test.
var arrayLike = pattern.New(`^\[(?:["'“”‘’]|[\w/.-]+\s*,|\s+(?:"[^"$]*"|'[^']*')\s*[,\]])`)

func reportBroken(p *analyzer.Pass, in *dockerfile.Instruction) bool {
	if in == nil {
		return false
	}
	outer := in
	if in.Keyword == "HEALTHCHECK" {
		if in = in.Trigger; in == nil {
			return false
		}
	}
	body := strings.TrimSpace(p.File.Text(in.Body))
	if in.JSON || len(in.Heredocs) > 0 || !arrayLike.MatchString(body) {
		return false
	}
	d := analyzer.Diagnostic{
		Span: in.Body,
		Message: fmt.Sprintf("this is no JSON array (%s), so %s runs it with a shell, which finds no program of that name",
			whatIsWrong(body), outer.Keyword),
	}
	if start := p.Target.Start(); in == start.Cmd && start.Entrypoint != nil {
		d.Message = fmt.Sprintf("this is no JSON array (%s), so ENTRYPOINT gets `/bin/sh -c` and this text as its arguments", whatIsWrong(body))
	}
	d.Fix, d.NoFixReason = rightArray(p, outer, in, body)
	p.Report(d)
	return true
}

var (
	trailingComma = pattern.New(`,\s*\]`)
	missingComma  = pattern.New(`"\s+"`)
	arrayElement  = pattern.New(`"((?:[^"\\]|\\.)*)"|'([^']*)'`)
	singleQuotes  = pattern.New(`^\[\s*'[^']*'(?:\s*,\s*'[^']*')*\s*\]$`)
	wholeArray    = pattern.New(`^\[\s*(?:"(?:[^"\\]|\\.)*"\s*,?\s*)*\]`)
)

func whatIsWrong(body string) string {
	switch {
	case strings.ContainsAny(body, "“”‘’"):
		return "its quotes are typographic ones"
	case strings.HasPrefix(strings.TrimLeft(body[1:], " \t"), "'"):
		return "it has single quotes"
	case !strings.Contains(body, "]"):
		return "its closing bracket is missing"
	}
	if array := wholeArray.FindString(body); array != "" && array != body {
		return "something follows it"
	}
	if trailingComma.MatchString(body) {
		return "a comma follows its last element"
	}
	if missingComma.MatchString(body) {
		return "a comma is missing"
	}
	return "its quotes or commas are not in order"
}

// rightArray is the fix that writes the array as JSON wants it.
func rightArray(p *analyzer.Pass, outer, in *dockerfile.Instruction, body string) (fix *analyzer.Fix, refused string) {
	if strings.ContainsAny(body, "\n\\") || len(outer.Comments) > 0 {
		return nil, "the array is written on several lines or has escapes"
	}
	array, rest := body, ""
	if whole := wholeArray.FindString(body); whole != "" {
		array, rest = whole, strings.TrimSpace(body[len(whole):])
	}
	if !strings.HasSuffix(array, "]") || rest != "" && !strings.HasPrefix(rest, "#") {
		return nil, "what belongs to the array can't be told"
	}
	var argv []string
	matches := arrayElement.FindAllStringSubmatch(array, -1)
	for _, m := range matches {
		argv = append(argv, m[1]+m[2])
	}
	between := strings.Trim(arrayElement.ReplaceAllString(array, ""), "[], \t")
	if len(argv) == 0 || between != "" {
		return nil, "which words are its elements can't be told"
	}
	fix = &analyzer.Fix{Title: "Write a JSON array", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{fixes.ReplaceSpan(in.Body, fixes.ExecForm(argv))}}
	if singleQuotes.MatchString(array) || rest != "" && strings.Count(array, ",") == len(argv)-1 {
		fix.Safety = analyzer.Safe
	}
	if rest != "" {
		fix.Edits = append(fix.Edits, fixes.InsertBelowComments(p.Doc, outer, rest))
	}
	return fix, ""
}

// checkUnreadCmd reports a CMD beside an ENTRYPOINT in shell form that does not look at its arguments.
func checkUnreadCmd(p *analyzer.Pass, start analyzer.Start) {
	if start.Entrypoint == nil || start.Entrypoint.JSON || start.Cmd == nil || len(start.Entrypoint.Heredocs) > 0 {
		return
	}
	if positional.MatchString(p.File.Text(start.Entrypoint.Body)) {
		return
	}
	p.Report(analyzer.Diagnostic{
		Severity: analyzer.Warning, Span: start.Cmd.Span,
		Message:     "this CMD is never read: the shell form of ENTRYPOINT gets no arguments",
		Related:     []analyzer.Related{{Span: start.Entrypoint.Span, Message: "only this is started"}},
		NoFixReason: "whether the arguments are wanted, only a person knows",
	})
}

var positional = pattern.New(`\$(?:[0-9@*#]|\{[0-9@*#])`)

// argument is one element of ENTRYPOINT or CMD.
type argument struct {
	text string
	span source.Span
	in   *dockerfile.Instruction
}

// checkElements looks for elements of the exec form that can't be what was meant. An entry point that is not known may split them.
func checkElements(p *analyzer.Pass, start analyzer.Start) {
	var argv []argument
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in == nil {
			continue
		}
		if !in.JSON {
			return
		}
		for _, a := range in.Args {
			argv = append(argv, argument{a.Value, a.Span, in})
		}
	}
	if len(argv) == 0 || start.EntrypointUnknown && !p.Target.Image.EntrypointExecs {
		return
	}
	fields := make([]shell.Field, len(argv))
	for i, a := range argv {
		fields[i] = shell.Field{Value: env.Of(a.text), Span: a.span}
	}
	wrappers, _, rest, _ := shell.Unwrap(fields)
	if slices.Contains(wrappers, "pipenv run") { // which has scripts and expands variables of its own
		return
	}
	argv = argv[len(argv)-len(rest):]
	if len(argv) == 0 {
		return
	}
	if d, ok := wrongElement(argv); ok {
		d.NoFixReason = "whether the words are to be split, or a shell is wanted, only a person knows"
		p.Report(d)
	}
}

var (
	programAndMore = pattern.New(`^[\w./+-]+\s+\S`)
	optionAndValue = pattern.New(`^--[a-z][a-z-]*\s+\S`)
	shortAndValue  = pattern.New(`^-c\s+\S`)
	scriptAndMore  = pattern.New(`^\S+\.py\s+\S`)
	moduleAndMore  = pattern.New(`^\S+:\S+\s+-`)
	bareVariable   = pattern.New(`\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*[^}]*\})`)
)

// wrongElement finds the first element that can't be what was meant. Tried with gunicorn 27.0, uvicorn 0.54, hypercorn 0.18, flask 3.1
// and Python 3.11: an option with its value in one word is refused; gunicorn takes a long one behind the application for an operand and
// ignores it, "-b :80", "-w 2" and "-k gthread" in one word work, "-c /x.py" does not.
func wrongElement(argv []argument) (d analyzer.Diagnostic, found bool) {
	oneWord := func(a argument, name string) (analyzer.Diagnostic, bool) {
		return analyzer.Diagnostic{Span: a.span, Message: fmt.Sprintf(
			"%q is one word for %s: nothing splits the elements of the exec form", a.text, name)}, true
	}
	if programAndMore.MatchString(argv[0].text) {
		return analyzer.Diagnostic{Span: argv[0].span, Message: fmt.Sprintf(
			"%q is one word, and no program has that name: nothing splits the elements of the exec form", argv[0].text)}, true
	}
	name := path.Base(argv[0].text)
	facts, _ := program.Lookup(name)
	python := facts.Is(program.Interpreter)
	if !python && (facts.Kind != program.Run || facts.Package == "") {
		return d, false // a script or a program of its own may make of its arguments what it likes
	}
	application := false // gunicorn's operand was there
	for i, a := range argv[1:] {
		switch {
		case python && (a.text == "-c" || a.text == "-"):
			return d, false
		case python && i == 0 && (scriptAndMore.MatchString(a.text) || strings.HasPrefix(a.text, "-m ")),
			name == "gunicorn" && shortAndValue.MatchString(a.text), !python && moduleAndMore.MatchString(a.text):
			return oneWord(a, name)
		case !python && optionAndValue.MatchString(a.text):
			d, found = oneWord(a, name)
			if name == "gunicorn" && application {
				d.Severity = analyzer.Warning
				d.Message = fmt.Sprintf("%q is one word, which gunicorn takes for an operand and ignores: write the value as an element of its own", a.text)
			}
			return d, found
		}
		application = application || strings.Contains(a.text, ":") && !strings.HasPrefix(a.text, "-")
		if v := bareVariable.FindString(a.text); v != "" {
			d = analyzer.Diagnostic{Span: a.span, Message: fmt.Sprintf(
				"%s gets the characters %s: there is no shell in the exec form that would expand a variable", name, v)}
			if python {
				d.Severity = analyzer.Warning // the program may expand it itself
			}
			return d, true
		}
	}
	return d, false
}
