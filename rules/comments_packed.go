//go:build !playground

package rules

import (
	_ "embed"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed comments.txt.gz
var commentsPacked []byte

// commentData is comments.txt.
var commentData = sync.OnceValue(func() string { return packed.Text(commentsPacked) })
