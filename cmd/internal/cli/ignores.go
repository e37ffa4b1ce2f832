package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	doc := result.Build.Doc
	whole := ruleSet{}                             // ignored in the whole file
	above := map[*dockerfile.Instruction]ruleSet{} // ignored in an instruction
	for _, d := range result.Diagnostics {
		if !suppressible(d) {
			continue
		}
		if in := doc.InstructionAt(d.Span.Start); d.Path == "" && in != nil {
			if above[in] == nil {
				above[in] = ruleSet{}
			}
			above[in][d.Rule] = true
		} else {
			whole[d.Rule] = true
		}
	}
	var edits []analyzer.Edit
	add := func(edit analyzer.Edit, ok bool, of int) {
		if ok {
			edits = append(edits, edit)
			n += of
		}
	}
	// That of the file comes first: it stands above that of the first instruction.
	if all := whole.sorted(nil); len(all) > 0 {
		edit, ok := ignoreInFile(doc, all)
		add(edit, ok, len(all))
	}
	for _, in := range doc.Instructions {
		if list := above[in].sorted(whole); len(list) > 0 {
			edit, ok := rules.AddIgnore(doc, in.Span.Start, list...)
			add(edit, ok, len(list))
		}
	}
	text, err := fixes.Apply(result.File.Bytes(), edits)
	if err != nil {
		return nil, 0
	}
	return text, n
}

type ruleSet map[*analyzer.Rule]bool

// sorted are the rules by code, without those of another set.
func (s ruleSet) sorted(without ruleSet) (list []*analyzer.Rule) {
	for rule := range s {
		if !without[rule] {
			list = append(list, rule)
		}
	}
	slices.SortFunc(list, func(a, b *analyzer.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

var fileIgnore = pattern.New(`^#+[ \t]*pylint-docker[ \t]*:[ \t]*ignore-file[ \t]*\[[^\]]*[\w-]()[ \t,]*\][ \t]*(?:--.*)?$`)

// ignoreInFile makes a comment above the first FROM ignore the rules in the whole file. Nothing less suppresses findings in other
// files, and those that belong to no instruction.
func ignoreInFile(doc *dockerfile.Document, list []*analyzer.Rule) (edit analyzer.Edit, ok bool) {
	var codes []string
	for _, rule := range list {
		codes = append(codes, rule.Code)
	}
	text := strings.Join(codes, ", ")
	first := slices.IndexFunc(doc.Instructions, func(in *dockerfile.Instruction) bool { return in.Keyword == "FROM" })
	if first < 0 {
		return analyzer.Edit{}, false
	}
	for _, c := range doc.Comments {
		if c.Span.End > doc.Instructions[first].Span.Start {
			break
		}
		if m := fileIgnore.FindStringSubmatchIndex(doc.File.Text(c.Span)); m != nil {
			at := c.Span.Start + m[2]
			return analyzer.Edit{Span: source.Span{Start: at, End: at}, Text: ", " + text}, true
		}
	}
	// Above everything but the parser directives, which count only before the first comment.
	return fixes.InsertBefore(doc, doc.Instructions[first], "# pylint-docker: ignore-file["+text+"]"), true
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
