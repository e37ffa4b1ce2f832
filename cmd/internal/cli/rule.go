package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/rules"
)

// ruleInfo is a rule for programs.
type ruleInfo struct {
	Code     string  `json:"code"`
	Name     string  `json:"name"`
	Summary  string  `json:"summary"`
	Severity string  `json:"severity"`
	Fix      string  `json:"fix"` // the best fix: safe, unsafe, suggestion or none
	Default  bool    `json:"default"`
	AnyImage bool    `json:"any_image"`
	Security float64 `json:"security_severity,omitempty"`
	URL      string  `json:"url"`
	Doc      string  `json:"doc"`
}

func infoOf(r *analyzer.Rule) ruleInfo {
	return ruleInfo{r.Code, r.Name, r.Summary, r.Severity.String(), r.Fix.String(), !r.OptIn, r.AnyImage, r.Security,
		report.URL(r), rules.Explain(r).Markdown}
}

func (p *program) ruleCommand() *cobra.Command {
	var all bool
	var format, colors string
	cmd := &cobra.Command{
		Use:   "rule [CODE|NAME]",
		Short: "Explain a rule, or list all",
		Args:  cobra.MaximumNArgs(1),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeRules(cmd, args, toComplete)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkWord("output-format", format, plainFormats); err != nil {
				return err
			}
			if err := checkWord("color", colors, colorModes); err != nil {
				return err
			}
			if all && len(args) > 0 {
				return errors.New("--all and a rule exclude each other")
			}
			return p.explain(args, all, format, colorFor(colors, p.Out))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "explain all rules")
	cmd.Flags().StringVar(&format, "output-format", plainFormats[0], "`FORMAT`: text or json")
	cmd.Flags().StringVar(&colors, "color", "auto", "colours: auto, always, never")
	oneOf(cmd, "output-format", plainFormats)
	oneOf(cmd, "color", colorModes)
	return cmd
}

func (p *program) explain(args []string, all bool, format string, colors bool) error {
	wanted := rules.All()
	if len(args) > 0 {
		r, ok := rules.Find(args[0])
		if ours := rules.HadolintRules(args[0]); len(ours) > 0 {
			fmt.Fprintf(p.Err, "pylint-docker: %s is hadolint's, its counterpart here is %s\n", printable(args[0]), ours[0].Code)
			r, ok = ours[0], true
		}
		if !ok {
			if err := lint.CheckSelector(args[0]); err != nil {
				return err
			}
			// A prefix such as PLD1: what it stands for is a list.
			return p.list(rules.Match(args[0]), format, colors)
		}
		wanted = []*analyzer.Rule{r}
		if format == "json" {
			return p.json(infoOf(r))
		}
	}
	if format == "json" || len(args) == 0 && !all {
		return p.list(wanted, format, colors)
	}
	for i, r := range wanted {
		if i > 0 {
			fmt.Fprintln(p.Out)
		}
		page(p.Out, r, colors)
	}
	return nil
}

func (p *program) list(wanted []*analyzer.Rule, format string, colors bool) error {
	if format == "json" {
		list := make([]ruleInfo, len(wanted))
		for i, r := range wanted {
			list[i] = infoOf(r)
		}
		return p.json(list)
	}
	bold := tint(colors, color.Bold)
	nameWidth := 0
	for _, r := range wanted {
		nameWidth = max(nameWidth, len(r.Name))
	}
	for _, r := range wanted {
		mark := " "
		if r.OptIn {
			mark = "○" // not in the default set
		}
		fmt.Fprintf(p.Out, "%s %s %-*s  %-7s  %-10s  %s\n", bold(r.Code), mark, nameWidth, r.Name, r.Severity, r.Fix, r.Summary)
	}
	return nil
}

// pageWidth is the line length of documentation in the terminal, in columns.
const pageWidth = 88

// page prints a rule's documentation. Markdown is readable as it is; paragraphs are set anew, and colour only helps.
func page(w io.Writer, r *analyzer.Rule, colors bool) {
	bold, code, dim := tint(colors, color.Bold), tint(colors, color.FgCyan), tint(colors, color.Faint)
	fmt.Fprintf(w, "%s\n\n", bold("# "+r.Code+" "+r.Name))
	facts := []string{r.Severity.String()}
	if r.Fix != analyzer.NoFix {
		facts = append(facts, "fix: "+r.Fix.String())
	}
	if r.OptIn {
		facts = append(facts, "only when selected")
	}
	fmt.Fprintf(w, "%s\n\n", dim(strings.Join(facts, ", ")))
	fenced, paragraph := false, ""
	flush := func() {
		for _, line := range report.Wrap(paragraph, pageWidth) {
			fmt.Fprintln(w, line)
		}
		paragraph = ""
	}
	for line := range strings.Lines(rules.Explain(r).Markdown) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			line = dim(line)
		case fenced:
			line = code(line)
		case strings.HasPrefix(line, "#"):
			line = bold(line)
		case line != "" && !strings.HasPrefix(line, "- "):
			paragraph += " " + line
			continue
		}
		flush()
		fmt.Fprintln(w, line)
	}
	flush()
	fmt.Fprintf(w, "\n%s\n", dim(report.URL(r)))
}

func tint(on bool, attribute color.Attribute) func(string) string {
	if !on {
		return func(text string) string { return text }
	}
	c := color.New(attribute)
	c.EnableColor()
	return func(text string) string {
		if text == "" {
			return ""
		}
		return c.Sprint(text)
	}
}
