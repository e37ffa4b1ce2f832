//go:build !playground

package pypi

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed packages.tsv.gz
var zipped []byte

// data is packages.tsv.
var data = sync.OnceValue(func() string { return packed.Text(zipped) })
