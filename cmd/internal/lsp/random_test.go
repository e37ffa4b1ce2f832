package lsp_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRandomEditsAreAFreshOpen sends 10,000 edits, and sees each hundredth time that a server which opens that very text finds the same.
func TestRandomEditsAreAFreshOpen(t *testing.T) {
	edits := 10_000
	if testing.Short() {
		edits = 1000
	}
	const seed = 16
	random := rand.New(rand.NewPCG(seed, seed))
	pieces := []string{
		"x", " ", "\n", "\r\n", "\\\n", "$", "${A}", `"`, "#", "é", "😀", "=", "/", "&& ", "<<EOF\n", "EOF\n", "RUN pip install flask\n", "FROM python:3.12 AS two\n",
		"COPY . .\n", "ARG A=1\n", "ENV A b\n", "USER root\n", "CMD app\n", "RUN apt-get install gcc\n", "", "", "", "",
	}
	dir := project(t, largeProject)
	capabilities := object{"general": object{"positionEncodings": []string{"utf-8"}}}
	edited := connect(t)
	edited.start(dir, capabilities, nil)
	text := sampleOf(0)
	name := filepath.Join(dir, "Dockerfile")
	u := edited.open(name, text)
	for i := 1; i <= edits; i++ {
		from := random.IntN(len(text) + 1)
		to := min(len(text), from+random.IntN(6))
		for inside(text, from) {
			from--
		}
		for inside(text, to) {
			to++
		}
		fresh := pieces[random.IntN(len(pieces))]
		changes := []any{object{"range": object{"start": bytePosition(text, from), "end": bytePosition(text, to)}, "text": fresh}}
		text = text[:from] + fresh + text[to:]
		if i%500 == 0 { // before it has become one long error
			text = sampleOf(i)
			changes = append(changes, object{"text": text})
		}
		edited.notify("textDocument/didChange", object{"textDocument": object{"uri": u, "version": i + 1}, "contentChanges": changes})
		if i%100 != 0 && i%500 > 5 {
			continue
		}
		opened := connect(t)
		opened.start(dir, capabilities, nil)
		opened.open(name, text)
		if diff := cmp.Diff(opened.diagnostics(u, 1), edited.diagnostics(u, i+1)); diff != "" {
			t.Fatalf("after %d edits (-opened +edited)\n%s\n%q", i, diff, text)
		}
		opened.in.Close()
	}
}

// sampleOf is a Dockerfile that has something to find.
func sampleOf(n int) string {
	return fmt.Sprintf("ARG A=%d\nFROM python:3.12 AS one\nWORKDIR /app\nCOPY requirements.txt app.py ./\nRUN apt-get update && apt-get install -y gcc \\\n    libpq-dev\n"+
		"RUN pip install -r requirements.txt\nRUN <<EOF\npip install attrs\necho $A\nEOF\nFROM one\nENV B=$A\nCOPY --from=one /app /app\nCMD [\"python\", \"app.py\"]\n", n)
}

// inside tells that an offset is in a character, or between the two of a line's end, where the protocol has no place.
func inside(text string, offset int) bool {
	return offset > 0 && offset < len(text) && (text[offset]&0xc0 == 0x80 || text[offset-1] == '\r' && text[offset] == '\n')
}

// bytePosition is the place of an offset, by the protocol's rules: a line ends with \n, \r\n or \r.
func bytePosition(text string, offset int) object {
	line, start := 0, 0
	for i := 0; i < offset; i++ {
		if text[i] == '\n' || text[i] == '\r' && !(i+1 < len(text) && text[i+1] == '\n') {
			line, start = line+1, i+1
		}
	}
	return object{"line": line, "character": offset - start}
}
