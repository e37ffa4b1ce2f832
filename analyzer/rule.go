package analyzer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Severity is how much a finding matters. Higher is worse.
type Severity uint8

const (
	// Info is advice; it never fails a run by default.
	Info Severity = iota + 1
	// Warning is a defect in most images.
	Warning
	// Error is an image that will not build or run, or that leaks a secret.
	Error
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// Safety says what applying a fix may change. The order is from the most to the least cautious.
type Safety uint8

const (
	// NoFix marks a rule that never offers an edit.
	NoFix Safety = iota
	// Suggestion is shown in editors and reports and never applied by --fix.
	Suggestion
	// Unsafe means that the intent is clear but behaviour may change: paths move, layers reorder.
	Unsafe
	// Safe means that the image behaves the same on every path that was built and tried.
	Safe
)

func (s Safety) String() string {
	switch s {
	case Safe:
		return "safe"
	case Unsafe:
		return "unsafe"
	case Suggestion:
		return "suggestion"
	case NoFix:
		return "none"
	}
	return fmt.Sprintf("Safety(%d)", uint8(s))
}

// Rule is one check. Rules are values of package variables; they hold no state.
type Rule struct {
	Code     string   // "PLD205", stable once released
	Name     string   // "pip-cache-in-layer": the bad pattern
	Summary  string   // the bad pattern in one line, no final period
	Severity Severity // of its findings, unless a Diagnostic says otherwise
	Fix      Safety   // the best fix that the rule may offer
	// Do is what a person does about a finding without a fix: a verb phrase without a final period, or "".
	Do string
	// Security is the CVSS-like score of 0.1 to 10.0 for rules about security, else 0.
	// It becomes SARIF's security-severity property.
	Security float64
	// AnyImage marks a rule that judges every Dockerfile; the others judge Python images only.
	AnyImage bool
	// AsksBase marks a rule whose question depends on what the base image is or holds: of an image that is not known it says nothing, but
	// where the Dockerfile itself answers.
	AsksBase bool
	// OptIn marks a rule that runs only when it is selected by name or code.
	OptIn bool
	// Allows says what the words are that users may have the rule accept; Pass.Allowed asks for them.
	Allows Words
	// Built marks a rule that judges built images only: there is nothing in a Dockerfile that it could ask. Its Check is nil.
	Built bool
	// Check reports what it finds. It can't fail, only stay silent, and must not change the Build.
	// It is nil for rules that are found by the machinery itself (syntax and ignore comments), and for those that judge built images.
	Check func(*Pass)
}

// Diagnostic is a finding.
type Diagnostic struct {
	Rule     *Rule
	Severity Severity
	Path     string      // "" for the Dockerfile itself, else a slash path relative to the context root
	Span     source.Span // in that file
	Message  string      // what is wrong and its consequence: one sentence, no final period
	Related  []Related
	Fix      *Fix // nil when there is none
	// NoFixReason says why a rule that usually offers a fix has none here, or "".
	NoFixReason string
}

// Related is another place that belongs to a finding.
type Related struct {
	Path    string // as in Diagnostic
	Span    source.Span
	Message string
}

// Fix is a set of edits that is applied whole or not at all.
type Fix struct {
	Title  string // a verb phrase: "Add --no-cache-dir"
	Safety Safety
	Edits  []Edit
	// Prove, where it is not nil, is asked of the Dockerfile after the fixes of all rules: it says in a clause why this one does not hold there,
	// and the fix is then taken back.
	Prove func(dockerfile []byte) string
}

// Edit replaces the bytes at Span by Text. Edits of one fix do not overlap.
type Edit struct {
	// Path is "" for the Dockerfile itself, else a slash path relative to the context root.
	Path string
	Span source.Span
	Text string
	// Create makes a new file of Text; it applies only while there is no file at Path.
	Create bool
}

// NewPass makes a Pass that hands every finding to report, with Rule and Severity filled in.
func NewPass(b *Build, r *Rule, report func(Diagnostic)) *Pass {
	return &Pass{Build: b, Rule: r, report: report}
}

// Words says what the words are that `allow` of the configuration may give to a rule.
type Words string

// The kinds of words. NoWords is that of a rule that accepts none.
const (
	NoWords      Words = ""
	PackageWords Words = "packages" // of PyPI or of the distribution, in any spelling that pip takes for the same
	HostWords    Words = "hosts"    // of a URL
	ImageWords   Words = "images"   // "python", "python:3", "ghcr.io/astral-sh/uv", "docker.io/library/python"
	ReleaseWords Words = "releases" // "python:3.9", "ubuntu:20.04"
	// RepositoryWords are "github.com/acme/app", without the scheme and ".git".
	RepositoryWords Words = "repositories"
)

// Allowed tells whether the user's words for this rule have one of these. A `*` in a word of the user's stands for any text; upper and
// lower case are the same.
func (p *Pass) Allowed(words ...string) bool {
	for _, pattern := range p.Settings.Allow[p.Rule.Code] {
		for _, word := range words {
			if p.Rule.Allows == PackageWords {
				pattern, word = installer.NormalizeName(pattern), installer.NormalizeName(word)
			}
			if matchesWord(pattern, word) {
				return true
			}
		}
	}
	return false
}

// AllowedImage is Allowed for all the names that an image has.
func (p *Pass) AllowedImage(ref image.Reference) bool {
	return p.Allowed(ref.Text, ref.Name, ref.Name+":"+ref.Tag, ref.Registry+"/"+ref.Path, ref.Registry+"/"+ref.Path+":"+ref.Tag)
}

// matchesWord compares with at most one * in the pattern.
func matchesWord(pattern, word string) bool {
	pattern, word = strings.ToLower(pattern), strings.ToLower(word)
	before, after, open := strings.Cut(pattern, "*")
	if !open {
		return pattern == word
	}
	return len(word) >= len(before)+len(after) && strings.HasPrefix(word, before) && strings.HasSuffix(word, after)
}

// Trusts tells whether the image comes from one of the registries that the user trusts: "ghcr.io", "ghcr.io/astral-sh" and what lies
// below, "*.example.com".
func (s Settings) Trusts(ref image.Reference) bool {
	return slices.ContainsFunc(s.TrustedRegistries, func(registry string) bool {
		registry = strings.TrimSuffix(registry, "/")
		host, below, _ := strings.Cut(registry, "/")
		return matchesWord(host, ref.Registry) && (below == "" || ref.Path == below || strings.HasPrefix(ref.Path, below+"/"))
	})
}

// PageFolder holds the page of every rule, relative to the root of the repository.
const PageFolder = "docs/rules"

// Page is the name of the rule's page in PageFolder.
func (r *Rule) Page() string { return r.Name + ".md" }

// URL is where a user reads the rule's page.
func (r *Rule) URL() string {
	return "https://github.com/pylint-docker/pylint-docker/blob/main/" + PageFolder + "/" + r.Page()
}

// Pass is one run of one rule over one Build.
type Pass struct {
	*Build
	Rule   *Rule
	report func(Diagnostic)
}

// Report reports a finding.
func (p *Pass) Report(d Diagnostic) {
	d.Rule = p.Rule
	if d.Severity == 0 {
		d.Severity = p.Rule.Severity
	}
	p.report(d)
}
