// Package baseline remembers findings, so that an old project can be linted without first repairing all of it: what is in
// the baseline is left out, what is new is reported.
//
// A finding is known again by its file, its rule and the text of the lines that it is about, not by their numbers: lines that
// are put in or taken out elsewhere change nothing, and neither do blanks. Findings that are alike in all that are counted.
package baseline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// version is that of the file format.
const version = 1

// Finding is what is known again.
type Finding struct {
	File    string // a slash path relative to the folder of the baseline
	Rule    string // its code
	Anchor  string // see Anchor
	Message string // for readers; it is not compared
}

// Entry is a line of a baseline: a finding, and how often it is there.
type Entry struct {
	File        string `json:"file"`
	Rule        string `json:"rule"`
	Fingerprint string `json:"fingerprint"`
	Count       int    `json:"count"`
	Message     string `json:"message"`
}

type key struct{ file, rule, fingerprint string }

// Baseline is a set of findings that is used up: each entry covers as many findings as it counts.
type Baseline struct {
	entries []Entry
	left    map[key]int
}

// maxLines bounds the text of a finding about very much.
const maxLines = 40

// Anchor is the text that a finding at span is known by: a fingerprint of the lines that the span touches, without what only
// joins lines. It does not give the text away, which may be a secret.
func Anchor(file *source.File, span source.Span) string {
	if file == nil {
		return fingerprint("")
	}
	first := file.LineOf(span.Start)
	last := min(file.LineOf(max(span.Start, span.End)), first+maxLines)
	var words []string
	for n := first; n <= last; n++ {
		line := strings.TrimSpace(file.Text(file.Line(n)))
		line = strings.TrimRight(line, "\\` \t")
		line = strings.TrimSuffix(line, "&&")
		line = strings.TrimPrefix(line, "&&")
		words = append(words, strings.Fields(line)...)
	}
	return fingerprint(strings.Join(words, " "))
}

// fingerprint is long enough that two texts of one file never meet.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// Parse reads a baseline. name is for the error, which says where the file is wrong.
func Parse(name string, content []byte) (*Baseline, error) {
	var stored struct {
		Version  int     `json:"version"`
		Findings []Entry `json:"findings"`
	}
	if err := json.Unmarshal(content, &stored); err != nil {
		return nil, fmt.Errorf("%s: it is no baseline: %w", place(name, content, err), err)
	}
	if stored.Version != version {
		return nil, fmt.Errorf("%s: baseline of version %d, but this program reads version %d", name, stored.Version, version)
	}
	b := &Baseline{entries: stored.Findings, left: map[key]int{}}
	for i, e := range stored.Findings {
		if e.File == "" || e.Rule == "" || e.Fingerprint == "" || e.Count < 1 {
			return nil, fmt.Errorf("%s: entry %d lacks its file, rule, fingerprint or count", name, i+1)
		}
		b.left[e.key()] += e.Count
	}
	return b, nil
}

func (e Entry) key() key { return key{e.File, e.Rule, e.Fingerprint} }

// place is name with line and column where the error has them.
func place(name string, content []byte, err error) string {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(content)) {
		return name
	}
	before := content[:offset]
	return fmt.Sprintf("%s:%d:%d", name, bytes.Count(before, []byte("\n"))+1, max(len(before)-bytes.LastIndexByte(before, '\n')-1, 1))
}

// Has tells whether the finding is in the baseline, and uses it up.
func (b *Baseline) Has(f Finding) bool {
	k := key{f.File, f.Rule, f.Anchor}
	if b.left[k] == 0 {
		return false
	}
	b.left[k]--
	return true
}

// Gone are the entries of some files that were not found again, with Count as the number that is missing.
func (b *Baseline) Gone(of func(file string) bool) []Entry {
	var gone []Entry
	left := map[key]int{}
	for k, n := range b.left {
		left[k] = n
	}
	for _, e := range b.entries {
		n := min(e.Count, left[e.key()])
		if n == 0 || !of(e.File) {
			continue
		}
		left[e.key()] -= n
		e.Count = n
		gone = append(gone, e)
	}
	return gone
}

// Write writes a baseline of the findings: sorted, one entry a line, so that a diff of two shows what has changed.
func Write(w io.Writer, findings []Finding) error {
	counts := map[key]*Entry{}
	for _, f := range findings {
		k := key{f.File, f.Rule, f.Anchor}
		if e, known := counts[k]; known {
			e.Count++
			e.Message = min(e.Message, f.Message)
			continue
		}
		counts[k] = &Entry{f.File, f.Rule, f.Anchor, 1, f.Message}
	}
	var entries []*Entry
	for _, e := range counts {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"findings\": [", version)
	for i, e := range entries {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    ")
		if err := encode(&out, e); err != nil {
			return err
		}
	}
	if len(entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	_, err := w.Write(out.Bytes())
	return err
}

func encode(out *bytes.Buffer, e *Entry) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // Encode ends with a newline
	return nil
}
