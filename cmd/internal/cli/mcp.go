package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/cmd/internal/mcp"
)

func (p *program) mcpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "mcp",
		Short: "Run the server for agents",
		Long: `Run the server for agents. It talks the Model Context Protocol over standard input and output, and offers the tools check,
explain_rule, fix, convert, graph and inspect_image.

It sees this folder and what is below it, and nothing else. It writes only when a call of fix or convert asks for it.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			dir, err := os.Getwd()
			if err != nil {
				return fmt.Errorf("the working directory is unknown: %w", err)
			}
			return mcp.Serve(p.In, p.Out, mcp.Options{Version: Version(), Dir: dir, Log: p.Err})
		},
	}
}
