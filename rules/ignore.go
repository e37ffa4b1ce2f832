package rules

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ignores are the ignore comments of one Dockerfile.
type ignores struct {
	doc   *dockerfile.Document
	below map[int]*dockerfile.Instruction // by where a comment directly above it begins
	all   []*ignore
	wrong []analyzer.Diagnostic

	firstStage int // where the first FROM begins, the end of the file if there is none
}

// ignore is one well-formed comment.
type ignore struct {
	comment dockerfile.Comment
	scope   source.Span // findings that begin here are suppressed
	file    bool        // ignore-file: findings in other files are suppressed too
	stage   bool        // ignore-stage: scope is that of a stage, from its FROM to the next
	words   []*ignored
}

// ignored is one code or name in the brackets of an ignore comment.
type ignored struct {
	rule *analyzer.Rule // nil for an unknown one
	span source.Span
	text string
	used bool
}

var (
	ignorePrefix = pattern.New(`^#+[ \t]*pylint-docker[ \t]*:[ \t]*`)
	ignoreForm   = pattern.New(`^([\w-]*)[ \t]*(?:\[([^\]]*)\])?[ \t]*(.*)$`)
	ignoreWord   = pattern.New(`[^\s,]+`)
)

func readIgnores(doc *dockerfile.Document) *ignores {
	r := &ignores{doc: doc, below: map[int]*dockerfile.Instruction{}, firstStage: doc.File.Len()}
	for _, in := range slices.Backward(doc.Instructions) {
		if in.Keyword == "FROM" {
			r.firstStage = in.Span.Start
		}
		r.lead(in)
	}
	for _, c := range doc.Comments {
		r.comment(c)
	}
	r.trailing()
	return r
}

// lead notes that the comments directly above an instruction belong to it.
func (r *ignores) lead(in *dockerfile.Instruction) {
	for _, c := range in.Leading {
		r.below[c.Span.Start] = in
	}
}

// comment reads one if it is for this program.
func (r *ignores) comment(c dockerfile.Comment) {
	text := r.doc.File.Text(c.Span)
	if prefix := ignorePrefix.FindString(text); prefix != "" {
		r.read(c, text[len(prefix):], c.Span.Start+len(prefix))
	}
}

// stageSpan is the text from a FROM to the end of its stage.
func stageSpan(doc *dockerfile.Document, from *dockerfile.Instruction) source.Span {
	span := from.Span
	for _, in := range doc.Instructions {
		if in.Span.Start > from.Span.Start {
			if in.Keyword == "FROM" {
				break
			}
			span.End = in.Span.End
		}
	}
	return span
}

var trailingIgnore = pattern.New(`[ \t]+(#+[ \t]*pylint-docker[ \t]*:[ \t]*ignore(?:-file|-stage)?[ \t]*\[[^\]"']*\][^"']*)$`)

// trailing complains of ignore comments behind code. A Dockerfile has none: Docker takes the text for a part of the instruction, and only
// the shell of a RUN may take it for a comment.
func (r *ignores) trailing() {
	for _, in := range r.doc.Instructions {
		text := r.doc.File.Text(in.Span)
		if !strings.Contains(text, "pylint-docker") || len(in.Heredocs) > 0 {
			continue
		}
		m := trailingIgnore.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		line := text[strings.LastIndexByte(text[:m[2]], '\n')+1 : m[2]]
		if strings.TrimSpace(line) == "" || strings.ContainsAny(text[m[2]:m[3]], "\r\n") || openQuote(line) {
			continue // a comment line inside of the instruction, or a part of a word
		}
		span := source.Span{Start: in.Span.Start + m[2], End: in.Span.Start + m[3]}
		comment := strings.TrimRight(text[m[2]:m[3]], " \t")
		safety := analyzer.Unsafe // without it the instruction is another one
		if in.Keyword == "RUN" && !in.JSON {
			safety = analyzer.Safe
		}
		r.complain(span, &analyzer.Fix{
			Title: "Move the comment above the instruction", Safety: safety,
			Edits: []analyzer.Edit{
				fixes.InsertBelowComments(r.doc, in, comment),
				{Span: source.Span{Start: in.Span.Start + m[0], End: in.Span.Start + m[1]}},
			},
		}, "a Dockerfile has no comments behind code, so this ignore comment suppresses nothing: it belongs on a line above")
	}
}

// openQuote tells whether a quote is open at the end of a line.
func openQuote(line string) bool {
	return strings.Count(line, `"`)%2 == 1 || strings.Count(line, "'")%2 == 1
}

// read reads what follows "pylint-docker:", which begins at offset.
func (r *ignores) read(c dockerfile.Comment, text string, offset int) {
	m := ignoreForm.FindStringSubmatchIndex(text)
	if m == nil {
		return
	}
	verb, rest := text[m[2]:m[3]], text[m[6]:m[7]]
	switch {
	case verb != "ignore" && verb != "ignore-file" && verb != "ignore-stage":
		r.complain(c.Span, nil, "unknown comment for pylint-docker: expected `ignore[CODE]`, `ignore-stage[CODE]` or `ignore-file[CODE]`, so it suppresses nothing")
		return
	case m[4] < 0:
		d := r.complain(c.Span, nil, fmt.Sprintf("`%s` without rules in brackets suppresses nothing", verb))
		d.Fix = r.bracketFix(offset+m[3], rest)
		return
	case rest != "" && !strings.HasPrefix(rest, "--"):
		r.complain(c.Span, nil, "text after the brackets of an ignore comment must begin with `--`, so it suppresses nothing")
		return
	}
	words := r.words(text[m[4]:m[5]], offset+m[4])
	if len(words) == 0 {
		r.complain(c.Span, nil, fmt.Sprintf("`%s[]` names no rule, so it suppresses nothing", verb))
		return
	}
	ig := &ignore{comment: c, words: words, file: verb == "ignore-file", stage: verb == "ignore-stage"}
	if ig.file && c.Span.End > r.firstStage {
		r.complain(c.Span, nil, "`ignore-file` below the first FROM suppresses nothing")
		return
	}
	if !ig.file {
		below := r.below[c.Span.Start]
		if below == nil {
			r.complain(c.Span, nil, "ignore comment is not directly above an instruction, so it suppresses nothing")
			return
		}
		ig.scope = below.Span
		if ig.stage && below.Keyword != "FROM" {
			r.complain(c.Span, nil, "`ignore-stage` is not directly above a FROM, so it suppresses nothing")
			return
		}
		if ig.stage {
			ig.scope = stageSpan(r.doc, below)
		}
	}
	r.all = append(r.all, ig)
}

func (r *ignores) complain(span source.Span, fix *analyzer.Fix, message string) *analyzer.Diagnostic {
	r.wrong = append(r.wrong, analyzer.Diagnostic{
		Rule: MalformedIgnore, Severity: MalformedIgnore.Severity, Span: span, Message: message, Fix: fix,
	})
	return &r.wrong[len(r.wrong)-1]
}

func (r *ignores) words(list string, offset int) []*ignored {
	var words []*ignored
	for _, m := range ignoreWord.FindAllStringIndex(list, -1) {
		w := &ignored{text: list[m[0]:m[1]], span: source.Span{Start: offset + m[0], End: offset + m[1]}}
		if rule, ok := Find(w.text); ok {
			w.rule = rule
			words = append(words, w)
			continue
		}
		words = append(words, w)
		message := fmt.Sprintf("there is no rule `%s`, so ignoring it suppresses nothing", w.text)
		var fix *analyzer.Fix
		if near := Nearest(w.text); near != "" {
			message += fmt.Sprintf("; did you mean `%s`?", near)
			fix = &analyzer.Fix{
				Title: fmt.Sprintf("Replace `%s` by `%s`", w.text, near), Safety: analyzer.Suggestion,
				Edits: []analyzer.Edit{fixes.ReplaceSpan(w.span, near)},
			}
		}
		r.complain(w.span, fix, message)
	}
	return words
}

// bracketFix puts rules that stand behind a bare `ignore` into brackets.
func (r *ignores) bracketFix(offset int, rest string) *analyzer.Fix {
	named, reason, _ := strings.Cut(rest, "--")
	var codes []string
	for _, word := range ignoreWord.FindAllString(strings.Trim(named, "=:() "), -1) {
		if _, ok := Find(word); !ok {
			return nil
		}
		codes = append(codes, word)
	}
	if len(codes) == 0 {
		return nil
	}
	text := "[" + strings.Join(codes, ", ") + "]"
	if reason = strings.TrimSpace(reason); reason != "" {
		text += " -- " + reason
	}
	line := r.doc.File.Line(r.doc.File.LineOf(offset))
	return &analyzer.Fix{
		Title: "Put the rules in brackets", Safety: analyzer.Suggestion,
		Edits: []analyzer.Edit{fixes.ReplaceSpan(source.Span{Start: offset, End: line.End}, text)},
	}
}

// suppressor is where a rule is first ignored.
type suppressor struct {
	order int // among all ignore comments
	word  *ignored
}

// scopedRule is a rule below one ignore comment: it holds for the instruction or the stage that begins at scope, or for the
// whole file when that is -1.
type scopedRule struct {
	scope int
	stage bool
	rule  *analyzer.Rule
}

// filter leaves out what is suppressed and remembers what suppressed it. A second mention of the same rule does nothing, and
// is reported as unused.
func (r *ignores) filter(found []analyzer.Diagnostic) []analyzer.Diagnostic {
	first := map[scopedRule]suppressor{}
	var scopes, stages []source.Span
	for order, ig := range r.all {
		key := scopedRule{scope: ig.scope.Start, stage: ig.stage}
		switch {
		case ig.file:
			key.scope = -1
		case ig.stage:
			stages = append(stages, ig.scope)
		default:
			scopes = append(scopes, ig.scope)
		}
		for _, w := range ig.words {
			key.rule = w.rule
			if _, known := first[key]; !known {
				first[key] = suppressor{order, w}
			}
		}
	}
	return slices.DeleteFunc(found, func(d analyzer.Diagnostic) bool {
		by, suppressed := first[scopedRule{-1, false, d.Rule}]
		for _, stage := range []bool{true, false} {
			list := scopes
			if stage {
				list = stages
			}
			scope, ok := scopeOf(list, d)
			if !ok {
				continue
			}
			if own, ok := first[scopedRule{scope.Start, stage, d.Rule}]; ok && (!suppressed || own.order < by.order) {
				by, suppressed = own, true
			}
		}
		if suppressed {
			by.word.used = true
		}
		return suppressed
	})
}

// scopeOf finds the scope that a finding lies in; they are in the order of the file and do not overlap.
func scopeOf(scopes []source.Span, d analyzer.Diagnostic) (source.Span, bool) {
	after := sort.Search(len(scopes), func(i int) bool { return scopes[i].Start > d.Span.Start })
	if d.Path != "" || after == 0 || d.Span.Start > scopes[after-1].End {
		return source.Span{}, false
	}
	return scopes[after-1], true
}

// unused reports the words that suppressed nothing though their rule ran.
func (r *ignores) unused(ran func(*analyzer.Rule) bool) []analyzer.Diagnostic {
	var found []analyzer.Diagnostic
	guarded := r.guardedDirective()
	for _, ig := range r.all {
		idle := func(w *ignored) bool { return !w.used && w.rule != nil && ran(w.rule) }
		if i := slices.IndexFunc(ig.words, func(w *ignored) bool { return !idle(w) }); i >= 0 {
			for i, w := range ig.words {
				if idle(w) {
					found = append(found, idleWord(ig, i))
				}
			}
			continue
		}
		d := analyzer.Diagnostic{Rule: UnusedIgnore, Severity: UnusedIgnore.Severity, Span: ig.comment.Span}
		var names []string
		for _, w := range ig.words {
			names = append(names, w.text)
		}
		d.Message = fmt.Sprintf("ignore comment for %s suppresses nothing", strings.Join(names, ", "))
		if ig.comment.Span.Start < guarded {
			d.NoFixReason = "without the comment, Docker would read the next line as a parser directive"
		} else {
			d.Fix = &analyzer.Fix{
				Title: "Delete the ignore comment", Safety: analyzer.Safe,
				Edits: []analyzer.Edit{fixes.DeleteLines(r.doc, ig.comment.Span)},
			}
		}
		found = append(found, d)
	}
	return found
}

// idleWord reports one of several words of a comment.
func idleWord(ig *ignore, i int) analyzer.Diagnostic {
	w := ig.words[i]
	cut := w.span
	if i+1 < len(ig.words) {
		cut.End = ig.words[i+1].span.Start
	} else {
		cut.Start = ig.words[i-1].span.End
	}
	return analyzer.Diagnostic{
		Rule: UnusedIgnore, Severity: UnusedIgnore.Severity, Span: w.span,
		Message: fmt.Sprintf("ignoring %s suppresses nothing", w.text),
		Fix: &analyzer.Fix{
			Title: fmt.Sprintf("Delete `%s` from the ignore comment", w.text), Safety: analyzer.Safe,
			Edits: []analyzer.Edit{{Span: cut}},
		},
	}
}

var directiveForm = pattern.New(`^#[ \t]*[A-Za-z][A-Za-z0-9]*[ \t]*=`)

// guardedDirective is where a line begins that Docker would read as a parser directive if all ignore comments above it were
// deleted, as may happen in one sweep; 0 when there is none. Directives count only before the first comment, blank line and
// instruction. Blank lines count for nothing here, since those beside a deleted comment go with it.
func (r *ignores) guardedDirective() int {
	file := r.doc.File
	goes := map[int]bool{}
	for _, ig := range r.all {
		goes[file.LineOf(ig.comment.Span.Start)] = true
	}
	for n := len(r.doc.Directives) + 1; n <= file.Lines(); n++ {
		line := file.Line(n)
		text := file.Text(line)
		if goes[n] || strings.TrimSpace(text) == "" {
			continue
		}
		if directiveForm.MatchString(text) {
			return line.Start
		}
		return 0
	}
	return 0
}

func (r *ignores) malformed() []analyzer.Diagnostic { return r.wrong }

// AddIgnore is the edit that makes the instruction at offset ignore rules: it extends an ignore
// comment that is there, or adds one. ok is false when there is no instruction.
func AddIgnore(doc *dockerfile.Document, offset int, rules ...*analyzer.Rule) (edit analyzer.Edit, ok bool) {
	in := doc.InstructionAt(offset)
	if in == nil {
		return analyzer.Edit{}, false
	}
	var codes []string
	for _, rule := range rules {
		codes = append(codes, rule.Code)
	}
	list := strings.Join(codes, ", ")
	// Only what stands above this instruction counts: with thousands of them, nobody wants to read all comments for each.
	r := &ignores{doc: doc, below: map[int]*dockerfile.Instruction{}}
	r.lead(in)
	for _, c := range in.Leading {
		r.comment(c)
	}
	for _, ig := range r.all {
		if !ig.file && !ig.stage {
			last := ig.words[len(ig.words)-1].span
			return analyzer.Edit{Span: source.Span{Start: last.End, End: last.End}, Text: ", " + list}, true
		}
	}
	return fixes.InsertBelowComments(doc, in, "# pylint-docker: ignore["+list+"]"), true
}
