//go:build playground

package ospkg

import _ "embed"

//go:embed programs.tsv
var programText string

// programData is programs.tsv.
func programData() string { return programText }
