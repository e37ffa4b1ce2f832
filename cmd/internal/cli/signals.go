//go:build !js

package cli

import (
	"os"
	"syscall"
)

// endings are the signals that end the program. A reader of our output that has gone sends SIGPIPE.
var endings = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE}
