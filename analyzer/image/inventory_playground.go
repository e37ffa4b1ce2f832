//go:build playground

package image

import _ "embed"

//go:embed inventory.tsv
var inventoryText string

// inventoryData is inventory.tsv.
func inventoryData() string { return inventoryText }
