//go:build !playground

package needs

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed selfcontained.txt.gz
var selfContainedPacked []byte

// selfContainedData is selfcontained.txt.
var selfContainedData = sync.OnceValue(func() string { return packed.Text(selfContainedPacked) })
