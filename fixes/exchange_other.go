//go:build !linux && !darwin

package fixes

import (
	"errors"
	"os"
)

// exchange is not there.
func exchange(*os.File, string, string) error { return errors.ErrUnsupported }

// beingWritten can't be known.
func beingWritten(*os.File) bool { return false }
