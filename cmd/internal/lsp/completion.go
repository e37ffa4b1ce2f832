package lsp

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/rules"
)

// What stands before the cursor decides what can follow; the last group is what is typed already. The file need not be
// one that can be parsed: it is being written.
var (
	beforeRule     = pattern.New(`^\s*#+[ \t]*pylint-docker[ \t]*:[ \t]*ignore(?:-file|-stage)?\[(?:[^\]]*[,\s])?([\w-]*)$`)
	beforeVerb     = pattern.New(`^\s*#+[ \t]*pylint-docker[ \t]*:[ \t]*([\w-]*)$`)
	beforeFrom     = pattern.New(`(?i)^\s*FROM\s+(?:--\S+\s+)*([\w.:/@-]*)$`)
	beforeStage    = pattern.New(`(?:--from=|--mount=\S*[=,]from=)([\w.-]*)$`)
	beforeVariable = pattern.New(`\$\{?([A-Za-z_]\w*)?$`)
	beforeFile     = pattern.New(`\b(?:pip[\d.]*|uv)\s[^&|;]*(?:\s-r|\s-c|\s--requirements?|\s--constraints?)[\s=]*([\w./-]*)$`)

	beforeWord    = pattern.New(`^\s*#[ \t]*([a-z]*=?)$`)
	directiveLine = pattern.New(`^\x{FEFF}?\s*#\s*\w+\s*=`)

	stageLine = pattern.New(`(?i)^\s*FROM\s.*\sAS\s+([\w.-]+)\s*$`)
)

// maxLines bounds how far up a completion looks.
const maxLines = 5000

// proposals collects completion items that replace the span.
type proposals struct {
	*view
	ctx   context.Context
	span  source.Span
	items []CompletionItem
	seen  map[string]bool
}

func (p *proposals) add(label string, kind int, detail string) *CompletionItem {
	if p.seen[label] {
		return &CompletionItem{}
	}
	p.seen[label] = true
	p.items = append(p.items, CompletionItem{
		Label: label, Kind: kind, Detail: detail, SortText: fmt.Sprintf("%04d", len(p.items)),
		TextEdit: TextEdit{p.encoding.rangeOf(p.file, p.span), label},
	})
	return &p.items[len(p.items)-1]
}

func completion(ctx context.Context, v *view) (any, error) {
	offset := v.encoding.offset(v.file, v.params.Position)
	number := v.file.LineOf(offset)
	line := v.before(number, offset)
	p := &proposals{view: v, ctx: ctx, span: source.Span{Start: offset, End: offset}, items: []CompletionItem{}, seen: map[string]bool{}}
	if v.inHeredoc(number, offset) && !beforeVariable.MatchString(line) {
		return map[string]any{"isIncomplete": false, "items": p.items}, nil
	}
	found := false
	for _, c := range []struct {
		before *pattern.Pattern
		fill   func(*proposals, int)
	}{
		{beforeRule, (*proposals).rules}, {beforeVerb, (*proposals).verbs}, {beforeWord, (*proposals).directives}, {beforeStage, (*proposals).stages}, {beforeFrom, (*proposals).bases},
		{beforeVariable, (*proposals).variables}, {beforeFile, (*proposals).files},
	} {
		if m := c.before.FindStringSubmatch(line); m != nil {
			p.span.Start = offset - len(m[1])
			c.fill(p, number)
			found = true
			break
		}
	}
	if !found && !strings.HasPrefix(strings.TrimSpace(line), "#") {
		p.syntax(readWritten(line), number)
	}
	return map[string]any{"isIncomplete": false, "items": p.items}, nil
}

// maxContinued bounds how many lines of one instruction a completion looks at.
const maxContinued = 200

// before is the text of an instruction up to an offset in a line, with blanks for line continuations. A comment is a text of
// its own, even between the lines of an instruction.
func (v *view) before(number, offset int) string {
	text := v.file.Text(source.Span{Start: v.file.LineWithEnding(number).Start, End: offset})
	if strings.HasPrefix(strings.TrimSpace(text), "#") {
		return text
	}
	escape := "\\"
	if first := v.file.Text(v.file.Line(1)); escapeLine.MatchString(first) {
		escape = "`"
	}
	for n := number - 1; n >= max(1, number-maxContinued); n-- {
		above := strings.TrimSpace(v.file.Text(v.file.Line(n)))
		if strings.HasPrefix(above, "#") {
			continue
		}
		continued, ok := strings.CutSuffix(above, escape)
		if !ok {
			break
		}
		text = continued + " " + text
	}
	return text
}

// escapeLine is the directive for a backtick; the other character is what counts without it.
var escapeLine = pattern.New("(?i)^\\x{FEFF}?\\s*#\\s*escape\\s*=\\s*`\\s*$")

func (p *proposals) rules(int) {
	for _, r := range rules.All() {
		item := p.add(r.Code, completionConstant, r.Name)
		item.FilterText = r.Code + " " + r.Name
		item.Documentation = &MarkupContent{"markdown", r.Summary}
	}
}

func (p *proposals) verbs(int) {
	p.add("ignore[", completionKeyword, "for the instruction below")
	p.add("ignore-stage[", completionKeyword, "for the stage that the FROM below begins")
	p.add("ignore-file[", completionKeyword, "for the whole file")
}

// above gives the lines above a line, the nearest first.
func (p *proposals) above(number int, visit func(line string)) {
	for n := number - 1; n >= max(1, number-maxLines); n-- {
		visit(p.file.Text(p.file.Line(n)))
	}
}

func (p *proposals) stages(number int) {
	own := ""
	if doc := p.document(number); doc != nil && p.file.Text(source.Span{Start: max(0, p.span.Start-len("from=")), End: p.span.Start}) == "from=" {
		if from := p.stageHere(doc); from != nil {
			own = p.file.Text(from.Span) // it takes no files of itself
		}
		defer p.numbers(doc)
	}
	p.above(number, func(line string) {
		line = strings.TrimSpace(line)
		if m := stageLine.FindStringSubmatch(line); m != nil && line != own {
			p.add(m[1], completionModule, line)
		}
	})
}

// numbers proposes the stages above without a name by their number.
func (p *proposals) numbers(doc *dockerfile.Document) {
	n := 0
	for _, in := range doc.Instructions {
		if in.Keyword != "FROM" {
			continue
		}
		if len(in.Args) == 1 && in.Span.End < p.file.LineStart(p.span.Start) && in != p.stageHere(doc) {
			p.add(strconv.Itoa(n), completionModule, p.file.Text(in.Span))
		}
		n++
	}
}

// stageHere is the FROM of the stage that the cursor is in; nil above all.
func (p *proposals) stageHere(doc *dockerfile.Document) (from *dockerfile.Instruction) {
	for _, in := range doc.Instructions {
		if in.Keyword == "FROM" && in.Span.Start < p.span.Start {
			from = in
		}
	}
	return from
}

// directives proposes what may stand in the first lines of a file.
func (p *proposals) directives(number int) {
	for n := 1; n < number; n++ {
		if !directiveLine.MatchString(p.file.Text(p.file.Line(n))) {
			p.add("pylint-docker: ignore[", completionKeyword, "for the instruction below")
			return
		}
	}
	p.add("syntax=docker/dockerfile:1", completionKeyword, "the frontend that reads the file")
	p.add("escape=`", completionKeyword, "another escape character")
	p.add("check=", completionKeyword, "settings of docker build --check")
	p.add("pylint-docker: ignore-file[", completionKeyword, "for the whole file")
}

// files proposes the requirements files of the build context, at most two folders deep.
func (p *proposals) files(int) {
	unit, err := p.open()
	if err != nil {
		return
	}
	defer unit.Close()
	if unit.Place.Context == "" {
		return
	}
	for _, dir := range []string{".", "requirements", "docker", "deploy"} {
		entries, err := os.ReadDir(filepath.Join(unit.Place.Context, dir))
		if err != nil {
			continue
		}
		for _, e := range entries[:min(len(entries), maxLines)] {
			if inFolder := dir == "requirements" && path.Ext(e.Name()) == ".txt"; !e.IsDir() && (inFolder || project.IsRequirementsName(e.Name())) {
				p.add(path.Join(dir, e.Name()), completionFile, "")
			}
		}
	}
}
