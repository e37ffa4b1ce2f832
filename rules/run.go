package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// Selection is a set of enabled rules and the severities that the user gave them. It is a value:
// its methods return a changed copy. The zero Selection enables nothing.
type Selection struct {
	enabled  map[*analyzer.Rule]bool
	active   []*analyzer.Rule // those of all rules that are enabled, by code
	severity map[*analyzer.Rule]analyzer.Severity
	hadolint bool // comments of hadolint's count
}

// Default enables every rule but those that are opt-in.
func Default() Selection {
	return Selection{}.With(slices.DeleteFunc(All(), func(r *analyzer.Rule) bool { return r.OptIn })...)
}

// With enables rules.
func (s Selection) With(rules ...*analyzer.Rule) Selection { return s.set(true, rules) }

// Without disables rules.
func (s Selection) Without(rules ...*analyzer.Rule) Selection { return s.set(false, rules) }

func (s Selection) set(on bool, rules []*analyzer.Rule) Selection {
	s.enabled = maps.Clone(s.enabled)
	if s.enabled == nil {
		s.enabled = map[*analyzer.Rule]bool{}
	}
	for _, rule := range rules {
		s.enabled[rule] = on
	}
	s.active = slices.DeleteFunc(All(), func(r *analyzer.Rule) bool { return !s.enabled[r] })
	return s
}

// WithSeverity makes all findings of a rule have that severity.
func (s Selection) WithSeverity(rule *analyzer.Rule, severity analyzer.Severity) Selection {
	s.severity = maps.Clone(s.severity)
	if s.severity == nil {
		s.severity = map[*analyzer.Rule]analyzer.Severity{}
	}
	s.severity[rule] = severity
	return s
}

// Has tells whether a rule is enabled.
func (s Selection) Has(rule *analyzer.Rule) bool { return s.enabled[rule] }

// SeverityOf is the severity of a rule's findings, unless one of them says otherwise.
func (s Selection) SeverityOf(rule *analyzer.Rule) analyzer.Severity {
	if severity, ok := s.severity[rule]; ok {
		return severity
	}
	return rule.Severity
}

// Rules are the enabled rules by code.
func (s Selection) Rules() []*analyzer.Rule {
	return slices.Clone(s.active)
}

// Lint parses a Dockerfile and runs the selected rules over it. A file that can't be parsed, is a
// template of one or is too large to be followed gives the one finding of Refused and no build. Errors are mistakes of ours, see Run.
func Lint(file *source.File, settings analyzer.Settings, sel Selection) (*analyzer.Build, []analyzer.Diagnostic, []error) {
	doc, err := dockerfile.Parse(file)
	return LintParsed(file, doc, err, settings, sel)
}

// LintParsed is Lint for a file that was parsed before: doc and err are what dockerfile.Parse gave for it.
func LintParsed(file *source.File, doc *dockerfile.Document, err error, settings analyzer.Settings, sel Selection) (*analyzer.Build, []analyzer.Diagnostic, []error) {
	if err == nil {
		err = TooLarge(doc)
	}
	if err != nil || isTemplate(file) {
		return nil, Refused(file, err, sel), nil
	}
	build := analyzer.Analyze(doc, settings)
	if err := tooEntangled(build); err != nil {
		return nil, Refused(file, err, sel), nil
	}
	found, failures := Run(build, sel)
	if stage := purpose.Production(build); stage != nil {
		settings.Target, settings.Composed, settings.Starts, settings.Services = stage.Name, false, nil, nil
		other, more := Run(analyzer.Analyze(doc, settings), sel)
		found, failures = joined(found, other, stage), append(failures, more...)
	}
	return build, found, failures
}

// joined adds what is wrong in the image of another stage only. An ignore comment is unused when it is so for both images, and a fix stays
// if it touches nothing that another stage shares.
func joined(found, other []analyzer.Diagnostic, stage *analyzer.Stage) []analyzer.Diagnostic {
	within := func(list []analyzer.Diagnostic, d analyzer.Diagnostic) bool {
		return slices.ContainsFunc(list, func(o analyzer.Diagnostic) bool { return o.Rule == d.Rule && o.Path == d.Path && o.Span == d.Span })
	}
	found = slices.DeleteFunc(found, func(d analyzer.Diagnostic) bool { return d.Rule == UnusedIgnore && !within(other, d) })
	stages := stage.Build().Stages
	own := stage.From.Span
	if next := stage.Index + 1; next < len(stages) {
		own.End = stages[next].From.Span.Start
	}
	alone := !slices.ContainsFunc(stages, func(s *analyzer.Stage) bool { return s.Uses(stage) })
	for _, d := range other {
		if d.Rule == UnusedIgnore || within(found, d) {
			continue
		}
		d.Message += " (in the stage " + stage.Name + ")"
		if d.Fix != nil && !(alone && !slices.ContainsFunc(d.Fix.Edits, func(e analyzer.Edit) bool { return e.Path != "" || !own.Contains(e.Span) })) {
			d.Fix, d.NoFixReason = nil, "other stages share what it changes: --target "+stage.Name+" offers it"
		}
		found = append(found, d)
	}
	return tidy(found)
}

// Refused is the finding about a file that can't be linted at all, as selected: err says why (see Syntax).
func Refused(file *source.File, err error, sel Selection) []analyzer.Diagnostic {
	if !sel.Has(SyntaxError) {
		return nil
	}
	return []analyzer.Diagnostic{sel.judge(Syntax(file, err))}
}

// Run runs the enabled rules over a build and applies the ignore comments of its Dockerfile. The
// findings are sorted by path, place and code, each reported once. A rule that panics
// does not end the run: it is named by an error, and what it found before is kept.
func Run(build *analyzer.Build, sel Selection) ([]analyzer.Diagnostic, []error) {
	return run(build, sel, sel.active)
}

// run is Run with a list of the enabled rules.
func run(build *analyzer.Build, sel Selection, enabled []*analyzer.Rule) ([]analyzer.Diagnostic, []error) {
	var found []analyzer.Diagnostic
	var failures []error
	var failed []*analyzer.Rule
	runs := func(rule *analyzer.Rule) bool { return rule.Check != nil && (rule.AnyImage || build.Python) }
	report := func(d analyzer.Diagnostic) { found = append(found, d) }
	passes := make([]analyzer.Pass, len(enabled))
	for i, rule := range enabled {
		if !runs(rule) {
			continue
		}
		passes[i] = *analyzer.NewPass(build, rule, report)
		if err := runOne(&passes[i]); err != nil {
			failures, failed = append(failures, err), append(failed, rule)
		}
	}
	ignores := readIgnores(build.Doc)
	found = ignores.filter(found)
	if sel.hadolint {
		found = readHadolintIgnores(build.Doc).filter(found)
	}
	if sel.Has(MalformedIgnore) {
		found = append(found, ignores.filter(ignores.malformed())...)
	}
	if sel.Has(UnusedIgnore) {
		found = append(found, ignores.filter(ignores.unused(func(rule *analyzer.Rule) bool {
			return sel.Has(rule) && (rule == MalformedIgnore || runs(rule) && !slices.Contains(failed, rule))
		}))...)
	}
	for i := range found {
		found[i] = sel.judge(found[i])
	}
	return tidy(found), failures
}

func runOne(pass *analyzer.Pass) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: rule %s %s on %s: %v", pass.Rule.Code, pass.Rule.Name, pass.File.Name(), p)
		}
	}()
	pass.Rule.Check(pass)
	return nil
}

func (s Selection) judge(d analyzer.Diagnostic) analyzer.Diagnostic {
	if severity, ok := s.severity[d.Rule]; ok {
		d.Severity = severity
	}
	return d
}

// tidy sorts findings and leaves out repetitions: a rule may come to one place on two ways.
func tidy(found []analyzer.Diagnostic) []analyzer.Diagnostic {
	stable.Sort(found, func(a, b analyzer.Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Span.End, b.Span.End),
			cmp.Compare(a.Rule.Code, b.Rule.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(found, func(a, b analyzer.Diagnostic) bool {
		return a.Path == b.Path && a.Span == b.Span && a.Rule == b.Rule && a.Message == b.Message
	})
}
