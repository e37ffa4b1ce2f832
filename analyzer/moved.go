package analyzer

import (
	"strings"
)

// Calls tells whether a command of the chain has one of the words, as its program or inside an argument that begins with
// dashes.
func (s *Stage) Calls(words ...string) bool {
	for _, c := range s.ChainCommands() {
		for i, f := range c.Argv {
			for _, word := range words {
				if text := f.Text(); text == word && i == 0 || len(word) > 4 && strings.Contains(text, word) {
					return true
				}
			}
		}
	}
	return false
}
