//go:build linux || darwin

package fixes

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// control calls the system with the descriptor of a file.
func control(file *os.File, call func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	err = raw.Control(func(fd uintptr) {
		for {
			if result = call(int(fd)); !errors.Is(result, unix.EINTR) {
				return
			}
		}
	})
	return errors.Join(err, result)
}

// unsupported makes what old kernels and some file systems say one error.
func unsupported(err error) error {
	for _, no := range []error{unix.ENOSYS, unix.EINVAL, unix.ENOTSUP, unix.EOPNOTSUPP, unix.EPERM} {
		if errors.Is(err, no) {
			return errors.ErrUnsupported
		}
	}
	return err
}
