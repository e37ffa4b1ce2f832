package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// bashFixes are lines of cobra's script for bash and what has to follow them. The script compares what was typed with what printf %q
// makes of a candidate, and that escapes a comma: of `--select PLD205,PLD5` nothing would ever be completed. Outside of braces a comma
// needs no escape.
var bashFixes = [][2]string{
	{`printf -v comp "%q" "${compline%%$tab*}" &>/dev/null || comp=$(printf "%q" "${compline%%$tab*}")`, `comp=${comp//\\,/,}`},
	{`COMPREPLY[0]=$(printf "%q" "${COMPREPLY[0]%%$tab*}")`, `COMPREPLY[0]=${COMPREPLY[0]//\\,/,}`},
}

// completeLists has the completions of bash know lists; the other shells do already.
func completeLists(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if all, _, err := root.Find([]string{"completion"}); err == nil {
		all.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() } // else any word is taken
	}
	bash, _, err := root.Find([]string{"completion", "bash"})
	if err != nil || bash.Name() != "bash" {
		return
	}
	bash.RunE = func(cmd *cobra.Command, _ []string) error {
		plain, _ := cmd.Flags().GetBool("no-descriptions")
		var script bytes.Buffer
		if err := root.GenBashCompletionV2(&script, !plain); err != nil {
			return err
		}
		text := script.String()
		for _, fix := range bashFixes {
			if strings.Count(text, fix[0]) != 1 {
				return fmt.Errorf("the completion of bash is not what it was: %s", fix[0])
			}
			text = strings.Replace(text, fix[0], fix[0]+"\n"+fix[1], 1)
		}
		_, err := io.WriteString(cmd.OutOrStdout(), text)
		return outputError(err)
	}
}
