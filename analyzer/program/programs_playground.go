//go:build playground

package program

import _ "embed"

//go:embed programs.tsv
var programsText string

// tsv is programs.tsv.
func tsv() string { return programsText }
