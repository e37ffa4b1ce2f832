//go:build !playground

package ospkg

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed runtime.tsv.gz
var runtimePacked []byte

// runtimeData is runtime.tsv.
var runtimeData = sync.OnceValue(func() string { return packed.Text(runtimePacked) })
