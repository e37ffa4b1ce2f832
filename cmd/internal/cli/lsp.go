package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

func (p *program) lspCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Run the language server",
		Long: `Run the language server for editors. It talks the Language Server Protocol over standard input and output.

Exit codes: 0 when the client has asked for the shutdown, 1 when the connection ended without that.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			dir, err := os.Getwd()
			if err != nil {
				return fmt.Errorf("the working directory is unknown: %w", err)
			}
			p.code = lsp.Serve(p.In, p.Out, lsp.Options{Version: Version(), Dir: dir, Log: p.Err})
			return nil
		},
	}
	cmd.Flags().Bool("stdio", true, "talk over standard input and output, as it always does")
	return cmd
}
