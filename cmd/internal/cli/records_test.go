package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
)

// goodRecord has exactly one finding of PLD205.
const goodRecord = `{"filename":"good","content":"FROM python:3.12-slim\nRUN pip install flask==3.1.0\n"}` + "\n"

var recordFlags = []string{"check", "--input", "ndjson", "--isolated", "--select", "PLD205", "--today", "2026-11-01"}

// FuzzRecords puts anything before a good record: as many lines come out as went in, each of them is a record, and
// the good one has its finding.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "\r\n", "{", "null", "[]", "{}\n{}", `{"content":null}`, `{"filename":1}`, `{"content":"FROM x"}{"content":"FROM x"}`,
		`{"content":"\ud800","context":{"\ud800":"","a":"","a/b":"","/x":"","..":""}}`, "\xff\xfe", strings.Repeat("[", 10_001), "\x00",
		`{"filename":"../../etc/passwd","content":"FROM python:3\nCOPY . .\n","context":{"requirements.txt":"-r ../../etc/passwd\n","Dockerfile.dockerignore":"*"}}`,
		`{"filename":"\u001b[2J\n","content":"FROM python:3.12\nRUN pip install -r r.txt\n","context":{"r.txt":"-r r.txt\n-c r.txt"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, before []byte) {
		in := append(bytes.Clone(before), "\n"+goodRecord...)
		var out, said bytes.Buffer
		Main(append(recordFlags, "--jobs", "2"), Streams{In: bytes.NewReader(in), Out: &out, Err: &said})
		lines := strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
		if want := bytes.Count(in, []byte("\n")); len(lines) != want {
			t.Fatalf("%d lines in, %d out", want, len(lines))
		}
		var last struct {
			Filename, Error string
			Findings        []struct{ Code string }
		}
		for _, line := range lines {
			last.Filename, last.Error, last.Findings = "", "", nil
			if err := json.Unmarshal([]byte(line), &last); err != nil || last.Findings == nil || strings.Contains(last.Error, "internal error") {
				t.Fatalf("%v: %s", err, line)
			}
		}
		if last.Filename != "good" || last.Error != "" || len(last.Findings) != 1 {
			t.Fatalf("the good record has become %+v", last)
		}
		if strings.ContainsAny(said.String(), "\x1b\x00") {
			t.Fatalf("%q goes to a terminal", said.String())
		}
	})
}

// endless is a stream of good records that counts how many were read. A run that ends early leaves its reader behind.
type endless struct {
	rest []byte
	read atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = []byte(goodRecord)
		e.read.Add(1)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// narrow is a writer that breaks after some lines.
type narrow struct{ lines int }

var errNarrow = errors.New("the pipe is broken")

func (n *narrow) Write(p []byte) (int, error) {
	if n.lines -= bytes.Count(p, []byte("\n")); n.lines < 0 {
		return 0, errNarrow
	}
	return len(p), nil
}

// TestRecordsAreBounded: what is read runs ahead of what is written by a fixed number of records, so that memory does
// not depend on how many there are, and an output that breaks ends the run.
func TestRecordsAreBounded(t *testing.T) {
	in := &endless{}
	var said bytes.Buffer
	code := Main(append(recordFlags, "--jobs", "2"), Streams{In: in, Out: &narrow{lines: 300}, Err: &said})
	if code != exitError || !strings.Contains(said.String(), errNarrow.Error()) {
		t.Errorf("exit code %d, said %q", code, said.String())
	}
	// The reader's own buffer holds some too, and so does that of the output.
	const buffers = 64<<10/len(goodRecord) + 10
	if limit := 300 + 2*inFlight + buffers; in.read.Load() > int64(limit) {
		t.Errorf("%d records were read for 300 that were written, want at most %d", in.read.Load(), limit)
	}
}

// TestRecordsComeAtOnce: who sends one record gets its findings before the next one is sent.
func TestRecordsComeAtOnce(t *testing.T) {
	in, send := io.Pipe()
	receive, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- Main(recordFlags, Streams{In: in, Out: out, Err: io.Discard})
		out.Close()
	}()
	answers := json.NewDecoder(receive)
	for i := range 3 {
		if _, err := io.WriteString(send, goodRecord); err != nil {
			t.Fatal(err)
		}
		var answer struct{ Filename string }
		if err := answers.Decode(&answer); err != nil || answer.Filename != "good" {
			t.Fatalf("answer %d: %+v, %v", i, answer, err)
		}
	}
	send.Close()
	if code := <-ended; code != exitFindings {
		t.Errorf("exit code %d", code)
	}
}

// TestLongRecord: of a record beyond the limit only that is told, and the next one is linted.
func TestLongRecord(t *testing.T) {
	long := io.LimitReader(spaces{}, maxRecord+1)
	in := io.MultiReader(strings.NewReader(goodRecord), long, strings.NewReader("\n"+goodRecord))
	var out bytes.Buffer
	code := Main(recordFlags, Streams{In: in, Out: &out, Err: io.Discard})
	lines := strings.Split(out.String(), "\n")
	want := fmt.Sprintf(`{"filename":"","findings":[],"error":"record 2 is longer than %d MiB"}`, maxRecord>>20)
	if code != exitError || len(lines) != 4 || lines[1] != want || lines[2] != lines[0] {
		t.Errorf("exit code %d, %q", code, lines)
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestBrokenInput: an input that breaks off is an error, after what came before it.
func TestBrokenInput(t *testing.T) {
	in := io.MultiReader(strings.NewReader(goodRecord), broke{})
	var out, said bytes.Buffer
	code := Main(recordFlags, Streams{In: in, Out: &out, Err: &said})
	if code != exitError || strings.Count(out.String(), "\n") != 1 || !strings.Contains(said.String(), "after record 1: torn") {
		t.Errorf("exit code %d, %q, %q", code, out.String(), said.String())
	}
}

type broke struct{}

func (broke) Read([]byte) (int, error) { return 0, errors.New("torn") }

// counted gives a record again and again, then the end, and looks at the heap on its way.
type counted struct {
	rest  []byte
	left  int
	at    map[int]func() // by how many are left
	names int
}

func (c *counted) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		if look := c.at[c.left]; look != nil {
			look()
		}
		if c.left == 0 {
			return 0, io.EOF
		}
		c.left--
		c.names++
		c.rest = fmt.Appendf(nil, `{"filename":"app%d/Dockerfile","content":"FROM python:3.%d-slim\nRUN pip install flask==3.1.%d\n","context":{"r%d.txt":"x\n"}}`+"\n", c.names, c.names, c.names, c.names)
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// TestRecordsAreForgotten: nothing of a record stays when its findings are written.
func TestRecordsAreForgotten(t *testing.T) {
	var early, late uint64
	heap := func(into *uint64) func() {
		return func() {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			*into = m.HeapAlloc
		}
	}
	in := &counted{left: 3000, at: map[int]func(){2000: heap(&early), 0: heap(&late)}}
	if code := Main([]string{"check", "--input", "ndjson", "--isolated", "--jobs", "1"}, Streams{In: in, Out: io.Discard, Err: io.Discard}); code != exitFindings {
		t.Fatalf("exit code %d", code)
	}
	const perRecord = 500 // bytes; a record of this test, linted, takes far more
	if grown := int64(late) - int64(early); grown > 2000*perRecord {
		t.Errorf("2000 records have left %d bytes", grown)
	}
}

// TestDeepContext: a path of a record's context is bounded, and so is what the folders take that it names.
func TestDeepContext(t *testing.T) {
	many := func(n int, name func(i int) string) map[string]string {
		context := map[string]string{}
		for i := range n {
			context[name(i)] = "x\n"
		}
		return context
	}
	for _, test := range []struct {
		name    string
		context map[string]string
		says    string // in the output
	}{
		{"40 kB of folders", many(1, func(int) string { return strings.Repeat("a/", 20_000) + "x.py" }), `\"...: a path of 40004 bytes, more than 4096"`},
		{"as deep as Linux goes", many(1, func(int) string { return strings.Repeat("a/", 2046) + "x.py" }), `"code":"PLD302"`},
		{"that often", many(40, func(i int) string { return fmt.Sprint(i, "/", strings.Repeat("a/", 2000), "x.py") }), `too many folders within folders: their paths have more than 16 MiB"`},
		{"a large project", many(20_000, func(i int) string { return fmt.Sprintf("src/package%d/part%d/module%d.py", i/100, i/10, i) }), `"code":"PLD302"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			record := map[string]any{"filename": "Dockerfile", "content": "FROM python:3.13-slim\nCOPY . /app\n", "context": test.context}
			in, err := json.Marshal(record)
			if err != nil {
				t.Fatal(err)
			}
			var out, said bytes.Buffer
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			Main([]string{"check", "--input", "ndjson", "--isolated", "--exit-zero"}, Streams{In: bytes.NewReader(in), Out: &out, Err: &said})
			runtime.ReadMemStats(&after)
			if !strings.Contains(out.String(), test.says) {
				t.Errorf("%q is missing in\n%s", test.says, out.String())
			}
			// What was allocated in all is more than what was ever held at once. The race detector lets a sync.Pool
			// forget at random what it was given, package regexp's among them: 26 MiB become 206 there.
			// A context whose folders are kept quadratically took 1,300.
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 400 {
				t.Errorf("%d MiB were allocated for a record of %d bytes", mib, len(in))
			} else {
				t.Logf("%d MiB for %d bytes", mib, len(in))
			}
		})
	}
}
