package lint

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/rules"
)

// selectionKey is what a selection depends on, the flags aside.
type selectionKey struct {
	config  *config.Config
	ignored string // the selectors of per-file-ignores
}

// layer is one source of selectors. Within a layer the more precise selector wins, and ignoring
// wins over selecting; a later layer wins over an earlier one.
type layer struct {
	selected []string // replaces what earlier layers selected, unless nil
	extended []string
	ignored  []string
}

// Selection gives the rules that run on the file at an absolute path.
func (l *Linter) Selection(c *config.Config, path string) rules.Selection {
	perFile := c.IgnoredIn(path)
	for _, p := range l.options.PerFileIgnores {
		if p.Match(path) {
			perFile = append(perFile[:len(perFile):len(perFile)], p.Selectors...)
		}
	}
	key := selectionKey{c, strings.Join(perFile, ",")}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, known := l.selections[key]; known {
		return s
	}
	s := choose(rules.All(), []layer{
		{c.Select, c.ExtendSelect, c.Ignore},
		{l.options.Select, l.options.ExtendSelect, l.options.Ignore},
		{nil, nil, perFile},
	})
	for _, rule := range c.Severity {
		for _, r := range rules.Match(rule.Selector) {
			s = s.WithSeverity(r, rule.Severity)
		}
	}
	if l.asksForComments(c) != "" {
		s = s.WithHadolintComments()
	}
	l.selections[key] = s
	return s
}

func choose(all []*analyzer.Rule, layers []layer) rules.Selection {
	on := make(map[*analyzer.Rule]bool, len(all))
	for _, r := range all {
		on[r] = !r.OptIn
	}
	for _, layer := range layers {
		yes := precisions(append(layer.selected[:len(layer.selected):len(layer.selected)], layer.extended...))
		no := precisions(layer.ignored)
		for _, r := range all {
			selected, ignored := yes(r), no(r)
			if r.OptIn && selected < wholePrecision {
				selected = -1
			}
			switch {
			case selected > ignored:
				on[r] = true
			case ignored >= 0:
				on[r] = false
			case layer.selected != nil:
				on[r] = r == rules.SyntaxError // a file that can't be read at all must not pass for clean
			}
		}
	}
	var chosen []*analyzer.Rule
	for _, r := range all {
		if on[r] {
			chosen = append(chosen, r)
		}
	}
	return rules.Selection{}.With(chosen...)
}

var wholePrecision = config.Precision("PLD000")

// precisions gives for a rule the precision of the best selector that names it, or -1.
func precisions(selectors []string) func(*analyzer.Rule) int {
	best := map[*analyzer.Rule]int{}
	for _, selector := range selectors {
		for _, r := range rules.Match(selector) {
			if old, known := best[r]; !known || config.Precision(selector) > old {
				best[r] = config.Precision(selector)
			}
		}
	}
	return func(r *analyzer.Rule) int {
		if p, known := best[r]; known {
			return p
		}
		return -1
	}
}

// allowed gives the words of each rule by its code, from those of selectors.
func allowed(bySelector map[string][]string) map[string][]string {
	byCode := map[string][]string{}
	for selector, words := range bySelector {
		for _, rule := range rules.Match(selector) {
			byCode[rule.Code] = append(byCode[rule.Code], words...)
		}
	}
	return byCode
}
