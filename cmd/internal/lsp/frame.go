package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	// maxBody is far above any Dockerfile; a frame that claims to be larger is not read.
	maxBody = 64 << 20
	// maxHeader bounds what is kept of a header line.
	maxHeader = 4 << 10
	// keepBuffer is the buffer that an idle connection keeps.
	keepBuffer = 256 << 10
)

// errBroken is a frame that holds no JSON. The next frame is found all the same.
var errBroken = errors.New("the message is not valid JSON")

// frameReader cuts a stream into the bodies of messages. It never gives up on a broken frame: it looks for the
// next header instead, which can't be mistaken, since valid JSON holds no unescaped line ending in a string.
type frameReader struct {
	src io.Reader
	buf []byte
	pos int // what is before it has been read
	err error
}

var headerMark = []byte("Content-Length: ")

// next gives the body of the next frame. The error is errBroken, or the end of the stream.
func (f *frameReader) next() ([]byte, error) {
	size, err := f.header()
	if err != nil {
		return nil, err
	}
	switch whole, err := f.need(size); {
	case err != nil:
		return nil, err
	case !whole:
		return nil, errBroken
	}
	body := bytes.Clone(f.buf[f.pos : f.pos+size])
	if json.Valid(body) {
		f.pos += size
		return body, nil
	}
	// The length was wrong: the header of the next message may stand in this one's body.
	f.pos += beforeHeader(body)
	return nil, errBroken
}

// beforeHeader is the number of bytes before the first header, or the first part of one, in a body.
func beforeHeader(body []byte) int {
	if i := bytes.Index(body, headerMark); i >= 0 {
		return i
	}
	for i := max(0, len(body)-len(headerMark)); i < len(body); i++ {
		if bytes.HasPrefix(headerMark, body[i:]) {
			return i
		}
	}
	return len(body)
}

// header reads header lines up to the blank line behind a Content-Length that can be believed.
func (f *frameReader) header() (size int, err error) {
	size = -1
	for {
		line, err := f.line()
		if err != nil {
			return 0, err
		}
		text := strings.TrimSpace(strings.ToLower(line))
		if text == "" {
			if size >= 0 {
				return size, nil
			}
			continue
		}
		// What is left of a body that was longer than it said may stand before the name.
		if i := strings.LastIndex(text, "content-length:"); i >= 0 {
			n, err := strconv.Atoi(strings.TrimSpace(text[i+len("content-length:"):]))
			if err != nil || n < 0 || n > maxBody {
				n = -1
			}
			size = n
		}
	}
}

// line reads a line; of one that is too long for a header it gives the end.
func (f *frameReader) line() (string, error) {
	searched := 0
	for {
		if i := bytes.IndexByte(f.buf[f.pos+searched:], '\n'); i >= 0 {
			end := f.pos + searched + i
			line := string(f.buf[max(f.pos, end-maxHeader):end])
			f.pos = end + 1
			return line, nil
		}
		if len(f.buf)-f.pos > maxHeader {
			f.pos = len(f.buf) - maxHeader/2
		}
		searched = len(f.buf) - f.pos
		if err := f.fill(); err != nil {
			return "", err
		}
	}
}

// need waits for size bytes. whole is false when another header comes before they are complete: the
// sender has begun a new message, so that the rest of this one will never come.
func (f *frameReader) need(size int) (whole bool, err error) {
	searched := 0
	for {
		body := f.buf[f.pos:]
		if len(body) >= size {
			return true, nil
		}
		if i := bytes.Index(body[searched:], headerMark); i >= 0 && completeHeader(body[searched+i:]) {
			f.pos += searched + i
			return false, nil
		}
		searched = max(0, len(body)-maxHeader)
		if err := f.fill(); err != nil {
			return false, err
		}
	}
}

// completeHeader tells whether text begins with a header line such as "Content-Length: 12\r\n".
func completeHeader(text []byte) bool {
	line, _, found := bytes.Cut(text, []byte("\r\n"))
	if !found {
		return false
	}
	_, err := strconv.Atoi(string(line[len(headerMark):]))
	return err == nil
}

// fill reads more of the stream.
func (f *frameReader) fill() error {
	if f.err != nil {
		return f.err
	}
	if f.pos > 0 {
		f.buf = f.buf[:copy(f.buf, f.buf[f.pos:])]
		f.pos = 0
	}
	if len(f.buf) == 0 && cap(f.buf) > keepBuffer {
		f.buf = nil
	}
	if cap(f.buf)-len(f.buf) < 4<<10 {
		grown := make([]byte, len(f.buf), 2*cap(f.buf)+16<<10)
		copy(grown, f.buf)
		f.buf = grown
	}
	n, err := f.src.Read(f.buf[len(f.buf):cap(f.buf)])
	f.buf = f.buf[:len(f.buf)+n]
	if n > 0 {
		f.err = err // comes up when what was read with it is used up
		return nil
	}
	if err == nil {
		return nil
	}
	f.err = err
	return err
}

// writeFrame sends one message.
func writeFrame(w io.Writer, body []byte) error {
	frame := make([]byte, 0, len(body)+32)
	frame = fmt.Appendf(frame, "Content-Length: %d\r\n\r\n", len(body))
	_, err := w.Write(append(frame, body...))
	return err
}
