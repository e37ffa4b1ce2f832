package report

import (
	"io"
	"net/url"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// The part of SARIF 2.1.0 that GitHub and other readers use.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool              sarifTool       `json:"tool"`
		AutomationDetails sarifAutomation `json:"automationDetails"`
		ColumnKind        string          `json:"columnKind"`
		Results           []sarifResult   `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Organization    string      `json:"organization"`
		FullName        string      `json:"fullName"`
		Version         string      `json:"version"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifRule struct {
		ID                   string          `json:"id"`
		Name                 string          `json:"name"`
		ShortDescription     sarifText       `json:"shortDescription"`
		FullDescription      sarifText       `json:"fullDescription"`
		DefaultConfiguration sarifDefault    `json:"defaultConfiguration"`
		HelpURI              string          `json:"helpUri"`
		Help                 sarifHelp       `json:"help"`
		Properties           sarifProperties `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifDefault struct {
		Enabled bool   `json:"enabled"`
		Level   string `json:"level"`
	}
	sarifProperties struct {
		Tags             []string `json:"tags"`
		Precision        string   `json:"precision"`
		ProblemSeverity  string   `json:"problem.severity"`
		SecuritySeverity string   `json:"security-severity,omitempty"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints,omitempty"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID               int           `json:"id,omitempty"`
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
		Message          *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn"`
		EndLine     int        `json:"endLine"`
		EndColumn   int        `json:"endColumn"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
	sarifFix struct {
		Description     sarifText     `json:"description"`
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		DeletedRegion   sarifRegion `json:"deletedRegion"`
		InsertedContent sarifText   `json:"insertedContent"`
	}
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	homepage    = "https://github.com/pylint-docker/pylint-docker"
	// GitHub cuts a longer description.
	maxDescription = 1024
	maxSnippet     = 400
)

func writeSARIF(w io.Writer, run *Run) error {
	driver := sarifDriver{
		Name: "pylint-docker", Organization: "pylint-docker", FullName: "pylint-docker " + run.Version,
		Version: run.Version, InformationURI: homepage, Rules: []sarifRule{},
	}
	if semantic := strings.TrimPrefix(run.Version, "v"); isSemantic(semantic) {
		driver.SemanticVersion = semantic
	}
	index := map[string]int{}
	for i, rule := range run.Rules {
		index[rule.Code] = i
		driver.Rules = append(driver.Rules, sarifRuleOf(run, rule))
	}
	results := []sarifResult{}
	for i := range run.Targets {
		t := &run.Targets[i]
		s := sarifWriter{run: run, target: t, lines: map[string][]string{}}
		for _, d := range t.Diagnostics {
			result := s.result(d)
			result.RuleIndex = index[d.Rule.Code]
			results = append(results, result)
		}
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{{
		Tool:              sarifTool{driver},
		AutomationDetails: sarifAutomation{"pylint-docker/"},
		ColumnKind:        "utf16CodeUnits",
		Results:           results,
	}}})
}

func isSemantic(version string) bool {
	numbers, _, _ := strings.Cut(version, "-")
	numbers, _, _ = strings.Cut(numbers, "+")
	parts := strings.Split(numbers, ".")
	for _, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 3
}

func sarifRuleOf(run *Run, rule *analyzer.Rule) sarifRule {
	markdown := ""
	if run.Help != nil {
		markdown = run.Help(rule)
	}
	if strings.TrimSpace(markdown) == "" {
		markdown = rule.Summary + ".\n"
	}
	description := sentence(rule.Summary)
	if run.Why != nil && run.Why(rule) != "" {
		description += " " + sentence(run.Why(rule))
	}
	level := sarifLevel(rule.Severity)
	r := sarifRule{
		ID: rule.Code, Name: pascal(rule.Name),
		ShortDescription:     sarifText{sentence(rule.Summary)},
		FullDescription:      sarifText{shorten(description, maxDescription)},
		DefaultConfiguration: sarifDefault{Enabled: !rule.OptIn, Level: level},
		HelpURI:              URL(rule),
		Help:                 sarifHelp{Text: valid(markdown), Markdown: valid(markdown)},
		Properties:           sarifProperties{Tags: []string{"docker", "python"}, Precision: "high", ProblemSeverity: problemSeverity(rule.Severity)},
	}
	if rule.Security > 0 {
		r.Properties.Tags = append(r.Properties.Tags, "security")
		r.Properties.SecuritySeverity = decimal(rule.Security)
	}
	return r
}

func sarifLevel(s analyzer.Severity) string {
	switch s {
	case analyzer.Error:
		return "error"
	case analyzer.Warning:
		return "warning"
	}
	return "note"
}

// problemSeverity is GitHub's own word for a severity.
func problemSeverity(s analyzer.Severity) string {
	if s == analyzer.Error || s == analyzer.Warning {
		return s.String()
	}
	return "recommendation"
}

// sarifWriter writes the results of one target.
type sarifWriter struct {
	run    *Run
	target *Target
	lines  map[string][]string // fingerprints of the lines of a file, by name
}

func (s *sarifWriter) result(d analyzer.Diagnostic) sarifResult {
	file := s.target.file(d.Path)
	message := sentence(d.Message)
	r := sarifResult{
		RuleID: d.Rule.Code, Level: sarifLevel(d.Severity), Message: sarifText{valid(message)},
		Locations: []sarifLocation{s.location(file, d.Span, true)},
	}
	if file.Len() > 0 {
		if _, known := s.lines[file.Name()]; !known {
			s.lines[file.Name()] = lineFingerprints(file.Bytes())
		}
		// A line is what the upload action takes for one: a lone CR ends one too. Such a file gets no fingerprint from us.
		if at := file.Position(d.Span.Start).Line; at <= len(s.lines[file.Name()]) && len(s.lines[file.Name()]) == file.Lines() {
			r.PartialFingerprints = map[string]string{"primaryLocationLineHash": s.lines[file.Name()][at-1]}
		}
	}
	for i, related := range d.Related {
		l := s.location(s.target.file(related.Path), related.Span, true)
		l.ID = i + 1
		l.Message = &sarifText{valid(sentence(related.Message))}
		r.RelatedLocations = append(r.RelatedLocations, l)
	}
	if d.Fix != nil && len(d.Fix.Edits) > 0 {
		r.Fixes = []sarifFix{s.fix(d.Fix)}
	}
	return r
}

func (s *sarifWriter) location(file *source.File, span source.Span, snippet bool) sarifLocation {
	region := sarifRegionOf(file, span)
	if text := file.Text(span); snippet && text != "" {
		region.Snippet = &sarifText{valid(shorten(text, maxSnippet))}
	}
	return sarifLocation{PhysicalLocation: sarifPhysical{s.artifact(file), region}}
}

func (s *sarifWriter) artifact(file *source.File) sarifArtifact {
	return sarifArtifact{RelativeURI(s.run.fromRoot(file.Name()))}
}

// sarifRegionOf counts UTF-16 code units, as GitHub does.
func sarifRegionOf(file *source.File, span source.Span) sarifRegion {
	from, to := file.Position(span.Start), file.Position(max(span.Start, span.End))
	return sarifRegion{StartLine: from.Line, StartColumn: from.Column16 + 1, EndLine: to.Line, EndColumn: to.Column16 + 1}
}

func (s *sarifWriter) fix(fix *analyzer.Fix) sarifFix {
	changes := map[string]*sarifChange{}
	var order []string
	edits := append([]analyzer.Edit(nil), fix.Edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Span.Start < edits[j].Span.Start })
	for _, e := range edits {
		file := s.target.file(e.Path)
		change, known := changes[e.Path]
		if !known {
			change = &sarifChange{ArtifactLocation: s.artifact(file)}
			changes[e.Path] = change
			order = append(order, e.Path)
		}
		change.Replacements = append(change.Replacements, sarifReplacement{sarifRegionOf(file, e.Span), sarifText{valid(e.Text)}})
	}
	sort.Strings(order)
	result := sarifFix{Description: sarifText{sentence(fix.Title + " (" + fix.Safety.String() + ")")}}
	for _, path := range order {
		result.ArtifactChanges = append(result.ArtifactChanges, *changes[path])
	}
	return result
}

// RelativeURI turns a file name into a URI reference: forward slashes, percent escapes, and a
// file URI for an absolute name.
func RelativeURI(name string) string {
	name = filepath.ToSlash(valid(name))
	if strings.HasPrefix(name, "/") {
		return (&url.URL{Scheme: "file", Path: name}).String()
	}
	if len(name) > 2 && name[1] == ':' && name[2] == '/' {
		return (&url.URL{Scheme: "file", Path: "/" + name}).String()
	}
	// url.URL writes "./a:b" for a first element with a colon, which would else be a scheme.
	return (&url.URL{Path: name}).String()
}
