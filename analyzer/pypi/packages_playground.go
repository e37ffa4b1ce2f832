//go:build playground

package pypi

import _ "embed"

//go:embed packages.tsv
var text string

// data is packages.tsv.
func data() string { return text }
