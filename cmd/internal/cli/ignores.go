package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// addIgnores writes ignore comments for all that is found in a file. What is left is what no comment suppresses:
// a file that can't be read, and what is wrong with the comments themselves.
func (s *session) addIgnores(unit *lint.Unit, l *linted) (*lint.Result, fixes.Files) {
	before := unit.Files()
	first := unit.Judge(before)
	after, result := before, first
	// One round does it, unless a rule looks at comments.
	for round := 0; round < 3 && result.Build != nil && len(result.Errors) == 0; round++ {
		text, n := ignoreAll(result)
		if n == 0 {
			break
		}
		after.Dockerfile = text
		result = unit.Judge(after)
		l.ignores += n
	}
	if l.ignores == 0 {
		return first, before
	}
	if result.Build == nil || idle(result) > idle(first) || len(result.Errors) > 0 {
		l.ignores = 0
		l.errs = append(l.errs, fmt.Errorf("%s: no ignore comments are written: they would not hold", unit.Input.Path))
		return first, before
	}
	for _, change := range unit.Changes(after) {
		if err := change.Write(); err != nil {
			l.ignores = 0
			l.errs = append(l.errs, err)
			return first, before
		}
	}
	return result, after
}

func suppressible(d analyzer.Diagnostic) bool {
	return d.Rule != rules.SyntaxError && d.Rule != rules.UnusedIgnore && d.Rule != rules.MalformedIgnore
}

func idle(result *lint.Result) int {
	n := 0
	for _, d := range result.Diagnostics {
		if d.Rule == rules.UnusedIgnore {
			n++
		}
	}
	return n
}

// ignoreAll gives the text with ignore comments for all findings, and how many rules were put into comments.
func ignoreAll(result *lint.Result) (text []byte, n int) {
	type wanted struct {
		at   int // of the instruction
		rule *analyzer.Rule
	}
	whole := map[*analyzer.Rule]bool{} // ignored in the whole file
	var list []wanted
	for _, d := range result.Diagnostics {
		if !suppressible(d) {
			continue
		}
		if in := instructionAt(result.Build.Doc, d.Span.Start); d.Path == "" && in != nil {
			list = append(list, wanted{in.Span.Start, d.Rule})
		} else {
			whole[d.Rule] = true
		}
	}
	// From the end of the file to its beginning, so that places stay true; the comments of one instruction by code.
	slices.SortFunc(list, func(a, b wanted) int {
		return cmp.Or(b.at-a.at, cmp.Compare(a.rule.Code, b.rule.Code))
	})
	list = slices.DeleteFunc(slices.Compact(list), func(w wanted) bool { return whole[w.rule] })
	text = result.File.Bytes()
	at, shift := -1, 0
	for _, w := range list {
		if w.at != at {
			at, shift = w.at, 0
		}
		if after, ok := edited(text, func(doc *dockerfile.Document) (analyzer.Edit, bool) { return rules.AddIgnore(doc, w.at+shift, w.rule) }); ok {
			shift += len(after) - len(text)
			text = after
			n++
		}
	}
	var all []*analyzer.Rule
	for rule := range whole {
		all = append(all, rule)
	}
	slices.SortFunc(all, func(a, b *analyzer.Rule) int { return cmp.Compare(a.Code, b.Code) })
	for _, rule := range all {
		if after, ok := edited(text, func(doc *dockerfile.Document) (analyzer.Edit, bool) { return ignoreInFile(doc, rule) }); ok {
			text = after
			n++
		}
	}
	return text, n
}

func instructionAt(doc *dockerfile.Document, offset int) *dockerfile.Instruction {
	for _, in := range doc.Instructions {
		if in.Span.Start <= offset && offset <= in.Span.End {
			return in
		}
	}
	return nil
}

// edited is the text after an edit of it. Each edit sees the comments that the one before it has made.
func edited(text []byte, edit func(*dockerfile.Document) (analyzer.Edit, bool)) ([]byte, bool) {
	doc, err := dockerfile.Parse(source.New("", text))
	if err != nil {
		return nil, false
	}
	e, ok := edit(doc)
	if !ok {
		return nil, false
	}
	after, err := fixes.Apply(text, []analyzer.Edit{e})
	return after, err == nil
}

var fileIgnore = pattern.New(`^#+[ \t]*pylint-docker[ \t]*:[ \t]*ignore-file[ \t]*\[[^\]]*[\w-]()[ \t,]*\][ \t]*(?:--.*)?$`)

// ignoreInFile makes a comment above the first FROM ignore the rule in the whole file. Nothing less suppresses findings in other
// files, and those that belong to no instruction.
func ignoreInFile(doc *dockerfile.Document, rule *analyzer.Rule) (analyzer.Edit, bool) {
	first := slices.IndexFunc(doc.Instructions, func(in *dockerfile.Instruction) bool { return in.Keyword == "FROM" })
	if first < 0 {
		return analyzer.Edit{}, false
	}
	for _, c := range doc.Comments {
		if c.Span.End > doc.Instructions[first].Span.Start {
			break
		}
		if m := fileIgnore.Regexp().FindStringSubmatchIndex(doc.File.Text(c.Span)); m != nil {
			at := c.Span.Start + m[2]
			return analyzer.Edit{Span: source.Span{Start: at, End: at}, Text: ", " + rule.Code}, true
		}
	}
	// Above everything but the parser directives, which count only before the first comment.
	return fixes.InsertBefore(doc, doc.Instructions[first], "# pylint-docker: ignore-file["+rule.Code+"]"), true
}

func (s *session) tellIgnores(list []*linted) {
	rules, files := 0, 0
	for _, l := range list {
		if rules += l.ignores; l.ignores > 0 {
			files++
		}
	}
	s.tell("%d %s ignored in %d %s\n", rules, noun(rules, "finding"), files, noun(files, "file"))
}
