package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandGroups are the parts of the list of commands; what is in none stands below "Additional Commands".
var commandGroups = []struct {
	id, title string
	commands  []string
}{
	{"dockerfiles", "Dockerfiles and images:", []string{"check", "graph", "image", "init"}},
	{"explanations", "Explanations:", []string{"rule", "config", "version", "help"}},
	{"tools", "For other programs:", []string{"lsp", "mcp", "completion"}},
}

func groupCommands(root *cobra.Command) {
	for _, group := range commandGroups {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, name := range group.commands {
			for _, cmd := range root.Commands() {
				if cmd.Name() == name {
					cmd.GroupID = group.id
				}
			}
			switch name {
			case "help":
				root.SetHelpCommandGroupID(group.id)
			case "completion":
				root.SetCompletionCommandGroupID(group.id)
			}
		}
	}
}

// flagGroups are the parts of the list of check's flags, in the order in which people look for them; what is in none comes last.
var flagGroups = []struct {
	title string
	flags []string
}{
	{"Fixes", []string{"fix", "unsafe-fixes", "diff", "fix-only", "fixable", "unfixable", "show-fixes", "exit-non-zero-on-fix", "verify", "smoke", "secret"}},
	{"Rules", []string{"select", "extend-select", "ignore", "per-file-ignores"}},
	{"Report", []string{"output-format", "output-file", "output", "statistics", "show-files", "fail-on", "exit-zero", "color", "quiet", "verbose"}},
	{"Files", []string{"exclude", "force-exclude", "changed-since", "stdin-filename", "input", "watch", "jobs"}},
	{"How they are built", []string{"context", "target", "build-arg", "image"}},
	{"Configuration", []string{"config", "isolated", "compat"}},
	{"Old findings", []string{"baseline", "write-baseline", "add-ignores"}},
}

// groupFlags makes the help of a command show its flags in groups.
func groupFlags(cmd *cobra.Command) {
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		out := cmd.OutOrStderr()
		width := cmp.Or(widthOf(out), 100)
		fmt.Fprintf(out, "Usage:\n  %s\n", cmd.UseLine())
		if cmd.Example != "" {
			fmt.Fprintf(out, "\nExamples:\n%s\n", cmd.Example)
		}
		known := map[string]bool{}
		for _, group := range flagGroups {
			set := pflag.NewFlagSet(group.title, pflag.ContinueOnError)
			set.SortFlags = false
			for _, name := range group.flags {
				if f := cmd.Flags().Lookup(name); f != nil {
					set.AddFlag(f)
					known[name] = true
				}
			}
			fmt.Fprintf(out, "\n%s:\n%s\n", group.title, flagUsages(set, width))
		}
		rest := pflag.NewFlagSet("rest", pflag.ContinueOnError)
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !known[f.Name] {
				rest.AddFlag(f)
			}
		})
		fmt.Fprintf(out, "\nOthers:\n%s\n", flagUsages(rest, width))
		return nil
	})
}

func flagUsages(set *pflag.FlagSet, width int) string {
	return strings.TrimRight(set.FlagUsagesWrapped(max(60, width)), "\n")
}
