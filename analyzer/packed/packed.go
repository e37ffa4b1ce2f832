// Package packed unpacks tables that the program carries compressed, since it has to stay small. A page in a browser is compressed as a whole,
// and carries them as they are.
package packed

import (
	"bytes"
	"compress/gzip"
	"io"
)

// Text is what gzip has made data of. It panics for anything else: data is a part of the program.
func Text(data []byte) string {
	reader, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Pack is the way back.
func Pack(text []byte) []byte {
	var out bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = writer.Write(text)
	_ = writer.Close()
	return out.Bytes()
}
