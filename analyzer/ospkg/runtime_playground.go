//go:build playground

package ospkg

import _ "embed"

//go:embed runtime.tsv
var runtimeText string

// runtimeData is runtime.tsv.
func runtimeData() string { return runtimeText }
