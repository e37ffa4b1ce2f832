//go:build unix

package rules_test

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime is what the process has used so far: another process that is busy adds little to it.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
