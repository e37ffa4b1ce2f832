package fixes

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange makes two files of a folder change places at once: https://man7.org/linux/man-pages/man2/rename.2.html.
func exchange(folder *os.File, one, two string) error {
	return unsupported(control(folder, func(fd int) error {
		return unix.Renameat2(fd, one, fd, two, unix.RENAME_EXCHANGE)
	}))
}

// beingWritten tells whether somebody has the file open for writing, as far as can be known: a lease for reading is refused then
// (https://man7.org/linux/man-pages/man2/F_SETLEASE.2const.html). It lasts until file is closed.
func beingWritten(file *os.File) bool {
	err := control(file, func(fd int) error {
		_, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK)
		return err
	})
	return errors.Is(err, unix.EAGAIN)
}
