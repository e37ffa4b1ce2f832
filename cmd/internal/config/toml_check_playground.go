//go:build playground

package config

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// checkTOML refuses what is no valid TOML. The whole decoder would be a thirtieth of the playground's program, so that the parser alone
// has to do: it accepts keys that are given twice.
func checkTOML(name string, content []byte) (ours bool, problems Problems) {
	var parser unstable.Parser
	parser.Reset(content)
	for parser.NextExpression() {
	}
	if err := parser.Error(); err != nil {
		return false, Problems{{name, 1, 1, "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}}
	}
	return true, nil
}
