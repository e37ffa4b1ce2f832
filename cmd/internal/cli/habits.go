package cli

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/rules"
)

// settle brings flags that say the same, or that say something of others, into one form.
func (f *checkFlags) settle(cmd *cobra.Command) {
	if f.fixOnly {
		f.fix = true
	}
	if f.diff {
		f.fix = false // with both, somebody wants to see first
	}
	note := func(flag, text string) {
		if !f.quiet {
			fmt.Fprintf(cmd.ErrOrStderr(), "pylint-docker: --%s %s\n", flag, printable(text))
		}
	}
	if format := strings.TrimPrefix(filepath.Ext(f.outputFile), "."); slices.Contains(report.Formats, format) && !cmd.Flags().Changed("output-format") {
		note("output-file", f.outputFile+": this is what a terminal shows; did you mean --output-format "+format+", too?")
	}
	for flag, list := range map[string]*[]string{"select": &f.selected, "extend-select": &f.extended, "ignore": &f.ignored,
		"fixable": &f.fixable, "unfixable": &f.unfixable} {
		*list = counterparts(*list, func(text string) { note(flag, text) })
	}
}

var hadolintCode = regexp.MustCompile(`^(?:DL|SC)\d{4}$`)

// counterparts replaces codes of hadolint's by those of the rules that are about the same; tell hears what was done.
func counterparts(selectors []string, tell func(text string)) []string {
	if !slices.ContainsFunc(selectors, hadolintCode.MatchString) {
		return selectors
	}
	known := []string{}
	for _, selector := range selectors {
		if !hadolintCode.MatchString(selector) {
			known = append(known, selector)
			continue
		}
		var names []string
		for _, rule := range rules.HadolintRules(selector) {
			known = append(known, rule.Code)
			names = append(names, rule.Code+" "+rule.Name)
		}
		if names == nil {
			tell(selector + ": there is nothing like it here")
			continue
		}
		tell(selector + ": taken for " + strings.Join(names, ", "))
	}
	return known
}

func (f *checkFlags) excluded(dir string) (globs []config.Glob) {
	for _, pattern := range f.exclude {
		globs = append(globs, config.Glob{Base: dir, Pattern: pattern})
	}
	return globs
}

// perFile reads GLOB:RULES. Behind a comma stands one more rule, or as in ruff one more GLOB:RULES.
func (f *checkFlags) perFile(dir string) (all []config.PerFile, err error) {
	for _, text := range f.perFileIgnores {
		for i, part := range strings.Split(text, ",") {
			glob, rule, pair := cutLast(strings.TrimSpace(part), ":")
			switch {
			case pair && glob != "" && rule != "":
				all = append(all, config.PerFile{Glob: config.Glob{Base: dir, Pattern: glob}, Selectors: []string{rule}})
			case !pair && i > 0 && part != "":
				last := &all[len(all)-1]
				last.Selectors = append(last.Selectors, strings.TrimSpace(part))
			default:
				return nil, fmt.Errorf("--per-file-ignores must be GLOB:RULES, as in legacy/*:PLD2,root-user, not %q", text)
			}
		}
	}
	for i := range all {
		all[i].Selectors = counterparts(all[i].Selectors, func(string) {})
	}
	return all, nil
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}
