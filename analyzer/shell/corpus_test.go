package shell

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var (
	runLine    = regexp.MustCompile(`(?i)^\s*RUN\s+`)
	mountFlags = regexp.MustCompile(`^(--[a-z]+(=\S*)?\s+|\\\s*\n\s*)+`)
	shellLine  = regexp.MustCompile(`(?im)^\s*(SHELL\s|#\s*escape=)`)
)

// runs finds the shell code of RUN in a Dockerfile, roughly: comment lines and blank ones inside a
// continuation become blanks, heredocs and exec forms are skipped.
func runs(file []byte) (texts [][]byte, bases []int) {
	lines := bytes.SplitAfter(file, []byte("\n"))
	offset := 0
	for i := 0; i < len(lines); i++ {
		start := offset
		offset += len(lines[i])
		if bytes.HasPrefix(bytes.TrimSpace(lines[i]), []byte("#")) {
			continue
		}
		prefix := len(runLine.Find(lines[i]))
		text := append([]byte(nil), lines[i]...)
		for continued(lines[i]) && i+1 < len(lines) {
			i++
			offset += len(lines[i])
			next := append([]byte(nil), lines[i]...)
			for i+1 < len(lines) && removed(next) {
				for k := range next {
					next[k] = ' '
				}
				text = append(text, next...)
				i++
				offset += len(lines[i])
				next = append([]byte(nil), lines[i]...)
			}
			text = append(text, next...)
		}
		if prefix == 0 {
			continue
		}
		text = text[prefix:]
		flags := len(mountFlags.Find(text))
		for k := range text[:flags] {
			text[k] = ' '
		}
		text = bytes.TrimRight(text, "\r\n")
		body := bytes.TrimSpace(text)
		if bytes.HasPrefix(body, []byte("[")) || bytes.Contains(text, []byte("<<")) {
			continue
		}
		texts, bases = append(texts, text), append(bases, start+prefix)
	}
	return texts, bases
}

func continued(line []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(line, " \t\r\n"), []byte(`\`))
}

func removed(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}

// trailing blanks between the escape and the end of the line, which Docker removes.
var trailing = regexp.MustCompile(`\\[ \t]+(\r?\n)`)

func tidy(text []byte) []byte {
	return trailing.ReplaceAllFunc(text, func(b []byte) []byte {
		out := bytes.Repeat([]byte(" "), len(b))
		if bytes.HasSuffix(b, []byte("\r\n")) {
			copy(out[len(out)-3:], "\\\r\n")
		} else {
			copy(out[len(out)-2:], "\\\n")
		}
		return out
	})
}

func TestCorpus(t *testing.T) {
	dir := os.Getenv("PYLINT_DOCKER_CORPUS")
	if dir == "" {
		t.Skip("PYLINT_DOCKER_CORPUS is not set")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.Dockerfile"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	total, good, commands, bash := 0, 0, 0, 0
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if shellLine.Match(file) {
			continue
		}
		texts, bases := runs(file)
		for i, text := range texts {
			text = tidy(text)
			total++
			script, err := Parse(text, bases[i], POSIX)
			if err != nil {
				if testing.Verbose() {
					t.Logf("%s: %v\n%s", filepath.Base(name), err, text)
				}
				continue
			}
			good++
			commands += len(script.Commands)
			if script.Dialect == Bash {
				bash++
			}
			check(t, text, bases[i], script)
			for _, c := range script.Commands {
				for _, f := range Fields(c.Words, nil) {
					if !f.Literal || !c.Exact {
						continue
					}
					// What is written out in plain characters is the argument itself.
					written := file[f.Span.Start:f.Span.End]
					if !bytes.ContainsAny(written, "\\\"'`$") && string(written) != f.Text() {
						t.Errorf("%s: %q is read as %q", filepath.Base(name), written, f.Text())
					}
				}
			}
		}
	}
	share := float64(good) / float64(max(total, 1))
	t.Logf("%d of %d RUN instructions parse (%.2f %%, %d of them as Bash), %d commands", good, total, 100*share, bash, commands)
	if share < 0.995 {
		t.Errorf("only %.2f %% parse", 100*share)
	}
}
