//go:build !playground

package image

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed inventory.tsv.gz
var inventoryPacked []byte

// inventoryData is inventory.tsv.
var inventoryData = sync.OnceValue(func() string { return packed.Text(inventoryPacked) })
