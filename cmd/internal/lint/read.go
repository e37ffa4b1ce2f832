package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// MaxSize is the size in bytes above which a file is not taken for a Dockerfile.
const MaxSize = 4 << 20

// Unreadable is why a file can't be linted: a finding about it, not a mistake of the program.
type Unreadable struct{ Reason string }

func (u *Unreadable) Error() string { return u.Reason }

// ReadFile reads a Dockerfile. The error is an *Unreadable.
func ReadFile(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 && !isDescriptor(path) {
		return nil, &Unreadable{"the file is a named pipe, which may never end: send it to standard input, with - as the path"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	return Read(f)
}

// isDescriptor tells a file that the shell has opened, as in `check <(command)`: whoever writes to it is there.
func isDescriptor(path string) bool {
	return strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}

// Read reads a Dockerfile to its end. The error is an *Unreadable.
func Read(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return nil, unreadable(err)
	case len(content) > MaxSize:
		return nil, &Unreadable{fmt.Sprintf("the file is larger than %d MiB, too large for a Dockerfile", MaxSize>>20)}
	}
	return content, check(content)
}

// check refuses content that is no text. A Dockerfile in Latin-1 is text: Docker builds it.
func check(content []byte) error {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		return &Unreadable{"the file is UTF-16, which Docker can't read: save it as UTF-8"}
	case bytes.IndexByte(content, 0) >= 0:
		return &Unreadable{"the file is binary, not a Dockerfile"}
	}
	return nil
}

func unreadable(err error) *Unreadable {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return &Unreadable{"the file can't be read: " + err.Error()}
}
