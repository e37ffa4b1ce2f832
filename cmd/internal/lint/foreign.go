package lint

import (
	"maps"
	"slices"

	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/rules"
)

// asksForComments tells who asks that hadolint's comments count, "" when they don't.
func (l *Linter) asksForComments(c *config.Config) string {
	switch origin, said := c.Origin("compat"); {
	case !l.compatible(c), c.Hadolint != nil && c.Hadolint.NoComments:
		return ""
	case l.options.Compat == "" && said:
		return origin.String()
	}
	return "--compat"
}

// Foreign lists what is said for hadolint about this file and means nothing here: codes without a counterpart in comments and in
// its configuration, and keys that are not taken over. It is empty unless compat asks for hadolint.
func (u *Unit) Foreign() (words []string) {
	if !u.linter.compatible(u.Config) {
		return nil
	}
	var codes []string
	h := u.Config.Hadolint
	if h != nil {
		codes = append(codes, h.Ignored...)
		codes = append(codes, slices.Sorted(maps.Keys(h.Override))...)
	}
	if doc := u.parsed.doc; doc != nil && u.parsed.err == nil && u.linter.asksForComments(u.Config) != "" {
		for _, c := range rules.HadolintCodes(doc) {
			codes = append(codes, c.Code)
		}
	}
	for _, code := range codes {
		if len(rules.HadolintRules(code)) == 0 && !slices.Contains(words, code) {
			words = append(words, code)
		}
	}
	slices.Sort(words)
	if h != nil {
		words = append(words, h.Other...)
	}
	return words
}
