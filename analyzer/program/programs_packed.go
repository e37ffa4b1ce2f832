//go:build !playground

package program

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed programs.tsv.gz
var programsPacked []byte

// tsv is programs.tsv.
var tsv = sync.OnceValue(func() string { return packed.Text(programsPacked) })
