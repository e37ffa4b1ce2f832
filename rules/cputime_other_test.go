//go:build !unix

package rules_test

import (
	"testing"
	"time"
)

var began = time.Now()

// cpuTime is the time of the clock where that of the process is not to be had.
func cpuTime(testing.TB) time.Duration { return time.Since(began) }
