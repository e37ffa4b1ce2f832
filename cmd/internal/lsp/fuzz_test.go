package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func framed(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// FuzzServe sends anything between a proper start and a proper end: the server answers what comes after it, and ends.
func FuzzServe(f *testing.F) {
	open := `{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:x","languageId":"dockerfile","version":1,"text":"FROM python:3.12\nARG A=1\nRUN pip install $A\n"}}}`
	for _, seed := range []string{
		"", "\r\n", "Content-Length: 5\r\n\r\nhello", "Content-Length: 10\r\n\r\n", "Content-Length: 99999999\r\n\r\n{", "Content-Length: 5",
		"Content-Length: 7\r\n", "Content-Le", "Content-Length:170\n\n", framed("[]"), framed(`{"id":{}}`), framed(`{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":[]}`),
		framed(open) + framed(`{"id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:x"},"position":{"line":2,"character":18}}}`),
		framed(open) + framed(`{"id":1,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:x"},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}}}}`),
		framed(open) + framed(`{"id":1,"method":"textDocument/rename","params":{"textDocument":{"uri":"untitled:x"},"position":{"line":1,"character":4},"newName":"B"}}`),
		framed(open) + framed(`{"method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:x","version":2},"contentChanges":[{"range":{"start":{"line":9,"character":-1},"end":{"line":0,"character":99}},"text":"\ud800"}]}}`),
		framed(open) + framed(`{"id":1,"method":"textDocument/completion","params":{"textDocument":{"uri":"untitled:x"},"position":{"line":2,"character":18}}}`) + framed(`{"method":"$/cancelRequest","params":{"id":1}}`),
		framed(`{"method":"workspace/didChangeConfiguration","params":{"settings":{"pylint-docker":{"select":["x"]}}}}`),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, middle []byte) {
		var in, out bytes.Buffer
		in.WriteString(framed(`{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"capabilities":{}}}`))
		in.Write(middle)
		in.WriteString(framed(`{"jsonrpc":"2.0","id":"last","method":"shutdown"}`))
		in.WriteString(framed(`{"jsonrpc":"2.0","method":"exit"}`))
		log := &lockedBuffer{}
		ended := make(chan int)
		go func() { ended <- Serve(&in, &out, Options{Dir: t.TempDir(), Log: log}) }()
		select {
		case code := <-ended:
			if quits := bytes.Contains(middle, []byte("exit")) || bytes.Contains(middle, []byte("shutdown")) || bytes.Contains(middle, []byte(`\u`)); code != 0 && !quits {
				t.Errorf("exit code %d", code)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("the server hangs")
		}
		if text := log.String(); strings.Contains(text, "internal error") {
			t.Error(text)
		}
	})
}

// lockedBuffer may still be written to when the conversation is over.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// FuzzFrames cuts the same stream in pieces of any size and finds the same messages.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(framed("{}")+framed("[1]")), 1)
	f.Add([]byte("Content-Length: 9\r\n\r\n{}"+framed("{}")), 7)
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		frames := &frameReader{src: &pieces{rest: stream, size: max(1, min(size, 1<<16))}}
		for range len(stream) + 2 {
			body, err := frames.next()
			if err != nil && !errors.Is(err, errBroken) {
				return
			}
			if err == nil && !json.Valid(body) {
				t.Fatalf("%q is not valid", body)
			}
		}
		t.Fatal("more messages than bytes")
	})
}

type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, fmt.Errorf("the end")
	}
	n := copy(b[:min(len(b), p.size)], p.rest)
	p.rest = p.rest[n:]
	return n, nil
}
