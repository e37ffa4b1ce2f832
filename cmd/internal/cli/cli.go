// Package cli is the command line: flags, exit codes and where output goes. What a finding is, and
// how it is shown, is decided elsewhere.
package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// The exit codes.
const (
	exitClean    = 0
	exitFindings = 1
	exitError    = 2
)

// Streams are what the program talks to.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// program is one run.
type program struct {
	Streams
	code int
}

// Main runs the program with the arguments that follow its name, and gives the exit code.
func Main(args []string, streams Streams) int {
	p := &program{Streams: streams}
	root := p.root()
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		p.complain(err)
	}
	return p.code
}

// Command is the command line itself, for those who describe it: manual pages.
func Command() *cobra.Command {
	root := (&program{}).root()
	for _, cmd := range append(root.Commands(), root) {
		cmd.InitDefaultHelpFlag()
	}
	return root
}

// complain tells the user of an error, one line for each, and makes the exit code 2.
func (p *program) complain(err error) {
	p.code = exitError
	for line := range strings.SplitSeq(strings.TrimRight(err.Error(), "\n"), "\n") {
		fmt.Fprintf(p.Err, "pylint-docker: %s\n", printable(line))
	}
}

// printable keeps a message from commanding the terminal: it may hold the name of a hostile file.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, text)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "pylint-docker",
		Short: "Linter, analyzer and autofixer for Dockerfiles of Python applications",
		Long: `pylint-docker reads Dockerfiles of Python applications, tells what makes their images
large, slow, insecure or broken, and repairs what can be repaired without asking.`,
		Example: `  pylint-docker check                 lint all Dockerfiles below this folder
  pylint-docker check --fix           and repair what can be repaired safely
  pylint-docker check --diff          show what --fix would change
  pylint-docker graph                 show the stages and what ends in the image
  pylint-docker image app:latest      tell what is wrong with a built image
  pylint-docker init                  write a Dockerfile and a .dockerignore for the project here
  pylint-docker rule PLD205           explain a rule`,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return fmt.Errorf("unknown command %q%s", args[0], didYouMeanCommand(cmd, args[0]))
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asked, _ := cmd.Flags().GetBool("version"); asked {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "pylint-docker", Version())
				return err
			}
			return cmd.Help()
		},
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().SortFlags = false
	// Not root.Version with a template of cobra's: text/template finds methods by name, so that the linker would have to keep them all.
	root.Flags().Bool("version", false, "print the version")
	root.AddCommand(p.checkCommand(), p.graphCommand(), p.imageCommand(), p.initCommand(), p.ruleCommand(), p.configCommand(), p.lspCommand(), p.mcpCommand(), p.versionCommand())
	groupCommands(root)
	completeLists(root)
	return root
}

// oneOf completes and checks a flag that takes one of some words.
func oneOf(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

func checkWord(flag, word string, choices []string) error {
	for _, w := range choices {
		if w == word {
			return nil
		}
	}
	return fmt.Errorf("--%s must be one of %s, not %q%s", flag, strings.Join(choices, ", "), word, words.DidYouMean(word, choices))
}
