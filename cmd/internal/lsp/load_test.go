package lsp_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// large is a Dockerfile of 300 lines. Real ones of that size have 40 instructions, 13 RUNs and 5 installations (the median
// of 44 files); this one has more of each.
func large() string {
	var b strings.Builder
	b.WriteString("ARG VERSION=3.12\nFROM python:${VERSION}-slim AS builder\nWORKDIR /app\nCOPY requirements.txt .\n")
	const blocks, packages = 12, 12
	for n := range blocks {
		fmt.Fprintf(&b, "\n# What part %d needs.\nARG PART_%d=%d\nENV VALUE_%d=/opt/$VERSION/$PART_%d\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n", n, n, n, n, n)
		for p := range packages {
			fmt.Fprintf(&b, "        libthing%d-%d \\\n", n, p)
		}
		fmt.Fprintf(&b, "    && rm -rf /var/lib/apt/lists/*\nRUN pip install --user flask==3.1.%d \\\n        attrs==25.1.0 \\\n        requests==2.32.0 \\\n    && echo \"$VALUE_%d\"\nCOPY app.py /app/part%d.py\n\n", n, n, n)
	}
	b.WriteString("FROM python:${VERSION}-slim\nCOPY --from=builder /root/.local /root/.local\nCOPY . /app\nENV PATH=/root/.local/bin:$PATH\nUSER 1000\nCMD [\"python\", \"app.py\"]\n")
	return b.String()
}

const largeProject = "-- Dockerfile --\n-- requirements.txt --\nflask==3.1.0\n-- app.py --\nprint(1)\n"

// typing opens the large file and gives a function that types one character and waits for what is found.
func typing(t testing.TB) (e *editor, stroke func() time.Duration) {
	dir := project(t, largeProject)
	e = connect(t)
	e.start(dir, object{}, nil)
	u := e.open(filepath.Join(dir, "Dockerfile"), large())
	e.diagnostics(u, 1)
	version := 1
	return e, func() time.Duration {
		version++
		place := object{"line": 3, "character": 0}
		change := object{"range": object{"start": place, "end": place}, "text": "#"}
		if version%2 == 1 {
			change = object{"range": object{"start": place, "end": object{"line": 3, "character": 1}}, "text": ""}
		}
		message := frame(object{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": object{
			"textDocument": object{"uri": u, "version": version}, "contentChanges": []any{change},
		}})
		start := time.Now()
		e.raw(message)
		for {
			params := e.wait("textDocument/publishDiagnostics")
			took := time.Since(start)
			var p struct {
				URI     string
				Version int
			}
			if json.Unmarshal(params, &p) == nil && p.URI == u && p.Version == version {
				return took
			}
		}
	}
}

func TestLargeIsLarge(t *testing.T) {
	if n := strings.Count(large(), "\n"); n < 290 || n > 320 {
		t.Errorf("%d lines", n)
	}
}

// BenchmarkKeystroke is the time from an edit to the findings, on a Dockerfile of 300 lines.
func BenchmarkKeystroke(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does
	_, stroke := typing(b)
	var all []time.Duration
	for b.Loop() {
		all = append(all, stroke())
	}
	slices.Sort(all)
	ms := func(share float64) float64 {
		return float64(all[int(share*float64(len(all)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("10,000 edits take a while")
	}
	dir := project(t, largeProject)
	e := connect(t)
	e.start(dir, object{}, nil)
	text := "FROM python:3.12-slim\nRUN pip install flask\n"
	u := e.open(filepath.Join(dir, "Dockerfile"), text)
	e.diagnostics(u, 1)
	used := func() (heap uint64, goroutines int) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	var heap uint64
	var goroutines int
	const edits = 10000
	for i := 2; i <= edits; i++ {
		place := object{"line": 1, "character": 21}
		change := object{"range": object{"start": place, "end": place}, "text": "x"}
		if i%2 == 1 {
			change = object{"range": object{"start": place, "end": object{"line": 1, "character": 22}}, "text": ""}
		}
		e.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": i}, "contentChanges": []any{change}})
		if i%100 == 0 {
			e.diagnostics(u, i)
		}
		if i == edits/10 {
			heap, goroutines = used()
		}
	}
	heapAfter, goroutinesAfter := used()
	t.Logf("heap %d KiB after %d edits, %d KiB after %d; %d and %d goroutines", heap>>10, edits/10, heapAfter>>10, edits, goroutines, goroutinesAfter)
	if heapAfter > heap+2<<20 {
		t.Errorf("the heap grows from %d to %d bytes", heap, heapAfter)
	}
	if goroutinesAfter > goroutines+5 {
		t.Errorf("from %d to %d goroutines", goroutines, goroutinesAfter)
	}
}
