//go:build !playground

package ospkg

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed programs.tsv.gz
var programPacked []byte

// programData is programs.tsv.
var programData = sync.OnceValue(func() string { return packed.Text(programPacked) })
