package rules

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Counterpart is a rule of hadolint with the rules of ours that are about the same.
type Counterpart struct {
	Code    string // hadolint's, such as DL3042
	About   string // in our words
	Rules   []*analyzer.Rule
	Differs string // how ours judge otherwise
}

// counterparts are by code. Codes that are not here have none, some on purpose: hadolint's rules about pinned OS packages and
// WORKDIR are no questions that we ask, and DL3064 goes by the names of variables where PLD213 reads their values, so that an exception
// for one says nothing of the other. hadolint_check.py asks hadolint itself whether the two of a
// row report the same mistake and read the same comments (https://github.com/hadolint/hadolint, release 2.15.1).
var counterparts = []Counterpart{
	{"DL3002", "the last USER is root", []*analyzer.Rule{RootUser},
		"also reported when there is no USER at all; not for stages that do not ship"},
	{"DL3004", "sudo", []*analyzer.Rule{SudoPip}, "only sudo before pip and other installers"},
	{"DL3006", "an image without a tag", []*analyzer.Rule{FloatingBase}, "also tags that float, such as python:3 or slim, and images of COPY --from"},
	{"DL3007", "the tag latest", []*analyzer.Rule{FloatingBase}, "the same"},
	{"DL3009", "apt's lists stay in the image", []*analyzer.Rule{OSPackageCache}, "silent in stages that do not ship; repaired by --fix"},
	{"DL3013", "pip installs without a version", []*analyzer.Rule{UnpinnedInstaller, UnpinnedRequirement, MutableVcsRequirement},
		"a range such as >=2 is no pin; a branch of a repository is none either; uv, pipx and the installers themselves count, too"},
	{"DL3014", "apt-get install without -y", []*analyzer.Rule{UnattendedInstall}, "only where it is known that apt asks; repaired by --fix"},
	{"DL3015", "apt-get installs recommended packages", []*analyzer.Rule{RecommendedPackages}, "silent in stages that do not ship"},
	{"DL3019", "apk without --no-cache", []*analyzer.Rule{OSPackageCache}, "silent where a cache mount or a removal in the same RUN does it"},
	{"DL3025", "CMD or ENTRYPOINT in shell form", []*analyzer.Rule{ShellFormStart}, "silent where the shell is needed or hands over with exec; repaired by --fix"},
	{"DL3026", "an image from another registry", []*analyzer.Rule{UntrustedRegistry}, "also images of COPY --from; trustedRegistries is read for it"},
	{"DL3030", "yum install without -y", []*analyzer.Rule{UnattendedInstall}, "repaired by --fix"},
	{"DL3032", "yum without clean all", []*analyzer.Rule{OSPackageCache}, "silent in stages that do not ship"},
	{"DL3038", "dnf install without -y", []*analyzer.Rule{UnattendedInstall}, "not for microdnf, which never asks; repaired by --fix"},
	{"DL3040", "dnf without clean all", []*analyzer.Rule{OSPackageCache}, "silent in stages that do not ship"},
	{"DL3042", "pip's cache stays in the image", []*analyzer.Rule{PipCacheInLayer},
		"silent in stages that do not ship and where a mount takes the cache; knows what other installers keep; repaired by --fix"},
}

// Counterparts lists the rules of hadolint that have one of ours, by code.
func Counterparts() []Counterpart { return slices.Clone(counterparts) }

// HadolintRules gives the rules that are about the same as a rule of hadolint; none for one without a counterpart.
func HadolintRules(code string) []*analyzer.Rule {
	for _, c := range counterparts {
		if c.Code == code {
			return c.Rules
		}
	}
	return nil
}

// WithHadolintComments makes comments of hadolint's count as ignore comments.
func (s Selection) WithHadolintComments() Selection {
	s.hadolint = true
	return s
}

var (
	hadolintForm = regexp.MustCompile(`^#[ \t]*hadolint[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*)[ \t]*(?:#.*)?$`)
	hadolintWord = regexp.MustCompile(`[DLSC0-9]+`)
)

// HadolintCode is a code in a comment `# hadolint ignore=CODE`.
type HadolintCode struct {
	Code   string
	Span   source.Span
	Global bool // it is about the whole file
	Stage  bool // it is about the stage that Below, a FROM, begins
	// Below is the instruction that it is about, nil for a global one and where there is none directly below.
	Below *dockerfile.Instruction
}

// HadolintCodes lists the codes in hadolint's comments, in the order of the file. What hadolint would not read as such a comment is none.
func HadolintCodes(doc *dockerfile.Document) (codes []HadolintCode) {
	below := map[int]*dockerfile.Instruction{}
	for _, in := range doc.Instructions {
		for _, c := range in.Leading {
			below[c.Span.Start] = in
		}
	}
	for _, c := range doc.Comments {
		text := doc.File.Text(c.Span)
		m := hadolintForm.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		scope := ""
		if m[2] >= 0 {
			scope = text[m[2]:m[3]]
		}
		for _, word := range hadolintWord.FindAllStringIndex(text[m[4]:m[5]], -1) {
			at := c.Span.Start + m[4]
			code := HadolintCode{Code: text[m[4]:m[5]][word[0]:word[1]], Span: source.Span{Start: at + word[0], End: at + word[1]}, Global: scope == "global", Stage: scope == "stage"}
			if in := below[c.Span.Start]; !code.Global && (!code.Stage || in != nil && in.Keyword == "FROM") {
				code.Below = in
			}
			codes = append(codes, code)
		}
	}
	return codes
}

// hadolintIgnores are the rules that hadolint's comments switch off, by the start of the instruction, -1 for the whole file. They are never
// unused: they may be there for hadolint alone.
type hadolintIgnores struct {
	doc  *dockerfile.Document
	from map[scopedRule]bool
}

func readHadolintIgnores(doc *dockerfile.Document) *hadolintIgnores {
	h := &hadolintIgnores{doc, map[scopedRule]bool{}}
	for _, code := range HadolintCodes(doc) {
		for _, rule := range HadolintRules(code.Code) {
			switch {
			case code.Global:
				h.from[scopedRule{-1, false, rule}] = true
			case code.Below != nil:
				h.from[scopedRule{code.Below.Span.Start, code.Stage, rule}] = true
			}
		}
	}
	return h
}

// filter leaves out what the comments switch off.
func (h *hadolintIgnores) filter(found []analyzer.Diagnostic) []analyzer.Diagnostic {
	if len(h.from) == 0 {
		return found
	}
	list := h.doc.Instructions
	return slices.DeleteFunc(found, func(d analyzer.Diagnostic) bool {
		if h.from[scopedRule{-1, false, d.Rule}] {
			return true
		}
		after := sort.Search(len(list), func(i int) bool { return list[i].Span.Start > d.Span.Start })
		if d.Path != "" || after == 0 || d.Span.Start > list[after-1].Span.End {
			return false
		}
		if h.from[scopedRule{list[after-1].Span.Start, false, d.Rule}] {
			return true
		}
		for ; after > 0; after-- {
			if list[after-1].Keyword == "FROM" {
				return h.from[scopedRule{list[after-1].Span.Start, true, d.Rule}]
			}
		}
		return false
	})
}

// HadolintTable is the table of counterparts as Markdown, with links relative to the folder of the pages.
func HadolintTable() string {
	var b strings.Builder
	b.WriteString("| hadolint | is about | ours | what differs |\n|---|---|---|---|\n")
	for _, c := range counterparts {
		var links []string
		for _, rule := range c.Rules {
			links = append(links, "["+rule.Code+"](rules/"+rule.Page()+") "+rule.Name)
		}
		b.WriteString("| [" + c.Code + "](https://github.com/hadolint/hadolint/wiki/" + c.Code + ") | " + c.About + " | " + strings.Join(links, ", ") + " | " + c.Differs + " |\n")
	}
	return b.String()
}
