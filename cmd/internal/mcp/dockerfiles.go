package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/diff"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/graph"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// built are the arguments that say what is judged, and how it is built.
type built struct {
	Path      string            `json:"path"`
	Content   *string           `json:"content"`
	Target    string            `json:"target"`
	BuildArgs map[string]string `json:"build_args"`
}

func (s *server) lintOptions(b built) lint.Options {
	return lint.Options{
		Dir: s.root, Within: []string{s.root}, Today: s.options.Now().UTC(), Target: b.Target, BuildArgs: b.BuildArgs,
	}
}

// input reads one Dockerfile.
func (s *server) input(b built) (lint.Input, error) {
	path, err := s.dockerfile(b.Path, b.Content != nil)
	if err != nil {
		return lint.Input{}, err
	}
	in := lint.Input{Path: filepath.FromSlash(s.name(path))}
	if b.Content != nil {
		in.Detached = true
		in.Content, in.Err = lint.Read(strings.NewReader(*b.Content))
		return in, nil
	}
	in.Content, in.Err = lint.ReadFile(path)
	return in, nil
}

// finding is one for agents: short, and with what it takes to act.
type finding struct {
	File        string `json:"file"`
	Line        int    `json:"line"`   // from 1
	Column      int    `json:"column"` // from 1, in characters
	EndLine     int    `json:"end_line"`
	Code        string `json:"code"`
	Name        string `json:"name"`
	Severity    string `json:"severity"`
	Message     string `json:"message"`
	Source      string `json:"source"` // the first line of the place
	Fix         string `json:"fix"`    // safe, unsafe, suggestion or none
	FixTitle    string `json:"fix_title,omitempty"`
	NoFixReason string `json:"no_fix_reason,omitempty"`

	severity analyzer.Severity
}

// defaultLimit is how many findings are given, maxSource how long a source line is, in characters.
const (
	defaultLimit = 50
	maxSource    = 160
)

type checked struct {
	Files       int       `json:"files"`
	Findings    []finding `json:"findings"`
	Errors      int       `json:"errors"`
	Warnings    int       `json:"warnings"`
	Infos       int       `json:"infos"`
	Omitted     int       `json:"omitted"`
	SafeFixes   int       `json:"safe_fixes"`
	UnsafeFixes int       `json:"unsafe_fixes"`

	seen map[finding]bool
}

func (s *server) check(ctx context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		built
		Select []string `json:"select"`
		Ignore []string `json:"ignore"`
		Limit  int      `json:"limit"`
	}](raw)
	if err != nil {
		return nil, err
	}
	options := s.lintOptions(a.built)
	options.Select, options.Ignore = a.Select, a.Ignore
	inputs, err := s.inputs(a.built, options)
	if err != nil {
		return nil, err
	}
	result := checked{Files: len(inputs), seen: map[finding]bool{}}
	for _, in := range inputs {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := s.lint(&result, options, in); err != nil {
			return nil, err
		}
	}
	sort.SliceStable(result.Findings, func(i, j int) bool { return result.Findings[i].severity > result.Findings[j].severity })
	result.Findings, result.Omitted = limited(result.Findings, a.Limit)
	return result, nil
}

// limited cuts a list, and says by how much. No list is null.
func limited[T any](list []T, limit int) (kept []T, omitted int) {
	if limit <= 0 {
		limit = defaultLimit
	}
	kept = append([]T{}, list[:min(len(list), limit)]...)
	return kept, len(list) - len(kept)
}

func (s *server) lint(result *checked, options lint.Options, in lint.Input) error {
	unit, err := s.open(options, in)
	if err != nil {
		return err
	}
	defer unit.Close()
	judged := unit.Run()
	if len(judged.Errors) > 0 {
		return errors.Join(judged.Errors...)
	}
	files := unit.Files()
	for _, d := range judged.Diagnostics {
		file := judged.File
		if d.Path != "" {
			file = unit.Source(d.Path, files)
		}
		f := findingOf(d, file)
		if f.File = filepath.ToSlash(unit.NameOf(d.Path)); result.seen[f] {
			continue // several Dockerfiles may say the same of a requirements file
		}
		result.seen[f] = true
		result.Findings = append(result.Findings, f)
		result.count(d)
	}
	return nil
}

func (c *checked) count(d analyzer.Diagnostic) {
	switch d.Severity {
	case analyzer.Error:
		c.Errors++
	case analyzer.Warning:
		c.Warnings++
	default:
		c.Infos++
	}
	switch {
	case d.Fix == nil:
	case d.Fix.Safety == analyzer.Safe:
		c.SafeFixes++
	case d.Fix.Safety == analyzer.Unsafe:
		c.UnsafeFixes++
	}
}

// findingOf gives a finding; file may be nil.
func findingOf(d analyzer.Diagnostic, file *source.File) finding {
	f := finding{
		Code: d.Rule.Code, Name: d.Rule.Name, Severity: d.Severity.String(), Message: d.Message, Fix: "none", NoFixReason: d.NoFixReason,
		severity: d.Severity,
	}
	if d.Fix != nil {
		f.Fix, f.FixTitle = d.Fix.Safety.String(), d.Fix.Title
	}
	if file == nil {
		return f
	}
	at := file.Position(d.Span.Start)
	f.Line, f.Column, f.EndLine = at.Line, at.Column, file.Position(d.Span.End).Line
	f.Source = strings.TrimSpace(file.Text(file.Line(at.Line)))
	if runes := []rune(f.Source); len(runes) > maxSource {
		f.Source = string(runes[:maxSource]) + "…"
	}
	return f
}

// inputs are the Dockerfiles that an agent names, those in compose files among them. What links lead out of the root is left out.
func (s *server) inputs(b built, options lint.Options) ([]lint.Input, error) {
	if b.Content != nil {
		in, err := s.input(b)
		return []lint.Input{in}, err
	}
	path, err := s.resolve(cmp.Or(b.Path, "."), false)
	if err != nil {
		return nil, err
	}
	linter, err := lint.New(options)
	if err != nil {
		return nil, err
	}
	found, errs := discover.Search([]string{path}, linter.Excluded)
	if len(errs) > 0 {
		if empty := (*discover.Empty)(nil); errors.As(errs[0], &empty) {
			return nil, fmt.Errorf("%s: there is no Dockerfile to check", cmp.Or(b.Path, "."))
		}
		return nil, fmt.Errorf("%s: it can't be read", b.Path)
	}
	var list []lint.Input
	for _, f := range found {
		path, err := s.resolve(f.Path, false)
		if err != nil {
			continue
		}
		if f.Describes || f.Explicit && compose.IsBuildFile(filepath.Base(path)) {
			list = append(list, linter.Describe(path).Inline...)
			continue
		}
		in := lint.Input{Path: filepath.FromSlash(s.name(path))}
		in.Content, in.Err = lint.ReadFile(path)
		list = append(list, in)
	}
	return list, nil
}

func (s *server) explain(_ context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		Rule string `json:"rule"`
	}](raw)
	if err != nil {
		return nil, err
	}
	rule, ok := rules.Find(strings.TrimSpace(a.Rule))
	if !ok {
		if err := lint.CheckSelector(a.Rule); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%q stands for several rules: name one", a.Rule)
	}
	return object{
		"code": rule.Code, "name": rule.Name, "summary": rule.Summary, "severity": rule.Severity.String(), "fix": rule.Fix.String(),
		"url": rule.URL(), "documentation": rules.Explain(rule).Markdown,
	}, nil
}

type fixed struct {
	Changed   bool     `json:"changed"`
	Fixed     int      `json:"fixed"`
	Remaining int      `json:"remaining"`
	Written   []string `json:"written"`
	Diff      string   `json:"diff"`
}

func (s *server) fix(_ context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		built
		Rules  []string `json:"rules"`
		Unsafe bool     `json:"unsafe"`
		Write  bool     `json:"write"`
	}](raw)
	if err != nil {
		return nil, err
	}
	options := s.lintOptions(a.built)
	options.Fixable = a.Rules
	unit, err := s.one(a.built, options)
	if err != nil {
		return nil, err
	}
	defer unit.Close()
	level := analyzer.Safe
	if a.Unsafe {
		level = analyzer.Unsafe
	}
	before := len(unit.Run().Diagnostics)
	diff, written, remaining, err := s.apply(unit, level, a.Write)
	if err != nil {
		return nil, err
	}
	return fixed{diff != "", max(0, before-remaining), remaining, written, diff}, nil
}

// one prepares one Dockerfile that can be read.
func (s *server) one(b built, options lint.Options) (*lint.Unit, error) {
	in, err := s.input(b)
	if err != nil {
		return nil, err
	}
	if in.Err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, in.Err)
	}
	return s.open(options, in)
}

// apply fixes, and gives what changes as a diff, what was written, and how many findings stay.
func (s *server) apply(unit *lint.Unit, level analyzer.Safety, write bool) (text string, written []string, remaining int, err error) {
	written = []string{}
	if write && unit.Input.Detached {
		return "", written, 0, errors.New("content was given, which is not what is on disk: call again without write, or without content")
	}
	before := unit.Files()
	done, err := unit.Loop(level)
	if err != nil {
		return "", written, 0, err
	}
	type change struct {
		path       string
		old, fresh []byte
	}
	var list []change
	if old, fresh := before.Dockerfile, done.Files.Dockerfile; string(old) != string(fresh) {
		list = append(list, change{filepath.Join(s.root, unit.Input.Path), old, fresh})
	}
	for _, path := range slices.Sorted(maps.Keys(done.Files.Others)) {
		fresh := done.Files.Others[path]
		var old []byte
		if file := unit.Source(path, before); file != nil {
			old = file.Bytes()
		}
		if string(old) != string(fresh) {
			list = append(list, change{filepath.Join(unit.Place.Context, filepath.FromSlash(path)), old, fresh})
		}
	}
	for _, c := range list {
		text += diff.Unified("a/"+s.name(c.path), "b/"+s.name(c.path), string(c.old), string(c.fresh))
		if !write {
			continue
		}
		if err := fixes.Write(s.root, c.path, c.fresh); err != nil {
			return text, written, 0, fmt.Errorf("%s can't be written (written so far: %s): %w", s.name(c.path), strings.Join(written, ", "), err)
		}
		written = append(written, s.name(c.path))
	}
	return text, written, len(done.Result.Diagnostics), nil
}

func (s *server) convert(_ context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		built
		Write bool `json:"write"`
	}](raw)
	if err != nil {
		return nil, err
	}
	unit, err := s.one(a.built, s.lintOptions(a.built))
	if err != nil {
		return nil, err
	}
	defer unit.Close()
	unit.Selection = rules.Selection{}.With(rules.SingleStageBuild, rules.SyntaxError)
	level, reason := conversion(unit.Run())
	result := object{"changed": false, "diff": "", "written": []string{}, "reason": reason}
	if reason != "" {
		return result, nil
	}
	text, written, _, err := s.apply(unit, level, a.Write)
	if err != nil {
		return nil, err
	}
	result["changed"], result["diff"], result["written"] = text != "", text, written
	return result, nil
}

// conversion says of which grade the conversion is, or why there is none.
func conversion(judged *lint.Result) (level analyzer.Safety, reason string) {
	if len(judged.Diagnostics) > 0 {
		switch d := judged.Diagnostics[0]; {
		case d.Rule != rules.SingleStageBuild:
			return level, "the Dockerfile can't be read: " + d.Message
		case d.Fix != nil:
			return d.Fix.Safety, ""
		case d.NoFixReason != "":
			return level, d.NoFixReason
		}
		return level, "it can't be done without a change that only a person can decide on"
	}
	if b := judged.Build; b != nil && len(b.Stages) > 1 {
		return level, fmt.Sprintf("the build has %d stages already", len(b.Stages))
	}
	return level, "nothing is seen that several stages could leave behind: " + rules.SingleStageBuild.Code + " finds nothing here"
}

var graphFormats = []string{"json", "mermaid", "tree"}

func (s *server) graph(_ context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		built
		Format string `json:"format"`
	}](raw)
	if err != nil {
		return nil, err
	}
	format := cmp.Or(a.Format, "json")
	if !slices.Contains(graphFormats, format) {
		return nil, fmt.Errorf("format must be one of %s, not %q", strings.Join(graphFormats, ", "), format)
	}
	unit, err := s.one(a.built, s.lintOptions(a.built))
	if err != nil {
		return nil, err
	}
	defer unit.Close()
	unit.Selection = rules.Selection{}.With(rules.SyntaxError)
	judged := unit.Run()
	if judged.Build == nil || judged.Build.Target == nil {
		for _, d := range judged.Diagnostics {
			return nil, fmt.Errorf("%s:%d: %s", unit.Input.Path, judged.File.Position(d.Span.Start).Line, d.Message)
		}
		return nil, fmt.Errorf("%s: it has no stage", unit.Input.Path)
	}
	drawn := graph.Of(judged.Build)
	if format == "json" {
		return object{"format": format, "graph": drawn}, nil
	}
	var out strings.Builder
	if err := graph.Write(&out, format, drawn, graph.Style{Width: 100}); err != nil {
		return nil, err
	}
	return object{"format": format, "text": out.String()}, nil
}
