//go:build unix

package fixes

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives file the owner and group of old where the system allows it: only root may give
// files away, and a fix must not fail for that.
func keepOwner(file *os.File, old fs.FileInfo) {
	stat, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	_ = file.Chown(int(stat.Uid), int(stat.Gid))
}
