package dockerfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// disagreement compares a Document with BuildKit's tree of the same bytes and tells the first
// difference, or "".
func disagreement(content []byte) string {
	f := source.New("Dockerfile", content)
	d, err := Parse(f)
	if tooMuch(f) != nil {
		return "" // refused before BuildKit saw it
	}
	if printable(string(content)) != string(content) {
		if err != nil {
			return ""
		}
		return broken(d) // BuildKit would print on standard error
	}
	result, wantErr := parser.Parse(bytes.NewReader(content))
	if (err == nil) != (wantErr == nil) {
		return fmt.Sprintf("Parse says %v, BuildKit %v", err, wantErr)
	}
	if err != nil {
		return ""
	}
	if len(d.Instructions) != len(result.AST.Children) {
		return fmt.Sprintf("%d instructions, BuildKit has %d", len(d.Instructions), len(result.AST.Children))
	}
	for i, node := range result.AST.Children {
		in := d.Instructions[i]
		if difference := compare(in, node); difference != "" {
			return fmt.Sprintf("line %d: %s", node.StartLine, difference)
		}
		if line := f.LineOf(in.Span.End); line != node.EndLine {
			return fmt.Sprintf("line %d: ends at line %d, BuildKit says %d", node.StartLine, line, node.EndLine)
		}
		if difference := compareHeredocs(d, in, node); difference != "" {
			return fmt.Sprintf("line %d: %s", node.StartLine, difference)
		}
	}
	return broken(d)
}

func compare(in *Instruction, node *parser.Node) string {
	if in.Keyword != upper(node.Value) {
		return fmt.Sprintf("keyword %q, BuildKit has %q", in.Keyword, node.Value)
	}
	var flags []string
	for _, flag := range in.Flags {
		text := "--" + flag.Name
		if flag.HasValue {
			text += "=" + flag.Value
		}
		flags = append(flags, text)
	}
	if got, want := fmt.Sprintf("%q", flags), fmt.Sprintf("%q", node.Flags); got != want {
		return fmt.Sprintf("flags %s, BuildKit has %s", got, want)
	}
	if in.JSON != node.Attributes["json"] {
		return fmt.Sprintf("JSON is %t, BuildKit says %t", in.JSON, node.Attributes["json"])
	}
	if in.Keyword == "ONBUILD" {
		if (in.Trigger == nil) != (node.Next == nil) {
			return fmt.Sprintf("trigger %v, BuildKit has %v", in.Trigger, node.Next)
		}
		if in.Trigger == nil {
			return ""
		}
		return compare(in.Trigger, node.Next.Children[0])
	}
	var got, want []string
	for next := node.Next; next != nil; next = next.Next {
		want = append(want, next.Value)
	}
	switch in.Keyword {
	case "ENV", "LABEL":
		for _, pair := range in.Pairs {
			separator := "="
			if pair.Legacy {
				separator = ""
			}
			got = append(got, pair.Key, pair.Value, separator)
		}
	case "ARG":
		for _, pair := range in.Pairs {
			text := pair.Key
			if pair.HasValue {
				text += "=" + pair.Value
			}
			got = append(got, text)
		}
	default:
		if !known(in.Keyword) {
			want = nil
		}
		for _, arg := range in.Args {
			got = append(got, arg.Value)
		}
	}
	if got, want := fmt.Sprintf("%q", got), fmt.Sprintf("%q", want); got != want {
		return fmt.Sprintf("%s has %s, BuildKit has %s", in.Keyword, got, want)
	}
	return ""
}

func compareHeredocs(d *Document, in *Instruction, node *parser.Node) string {
	if len(in.Heredocs) != len(node.Heredocs) {
		return fmt.Sprintf("%d heredocs, BuildKit has %d", len(in.Heredocs), len(node.Heredocs))
	}
	for i, want := range node.Heredocs {
		got := in.Heredocs[i]
		if got.Name != want.Name || got.StripTabs != want.Chomp || got.Expand != want.Expand || got.Descriptor != int(want.FileDescriptor) {
			return fmt.Sprintf("heredoc %+v, BuildKit has %+v", got, want)
		}
		if text := d.File.Text(got.Body); text != want.Content {
			return fmt.Sprintf("heredoc %s has the body %q, BuildKit has %q", got.Name, text, want.Content)
		}
		if marker := d.File.Text(got.Marker); !strings.Contains(marker, "<<") {
			return fmt.Sprintf("heredoc %s has the marker %q", got.Name, marker)
		}
	}
	return ""
}

// broken checks what must hold in every Document: spans are ordered and nest, pieces make up the
// file, masked code is as long as what it masks.
func broken(d *Document) string {
	content := d.File.Bytes()
	var joined []byte
	for _, piece := range d.Pieces() {
		if piece.Span.Start != len(joined) {
			return fmt.Sprintf("piece %+v does not follow at %d", piece, len(joined))
		}
		joined = append(joined, content[piece.Span.Start:piece.Span.End]...)
	}
	if !bytes.Equal(joined, content) {
		return fmt.Sprintf("the pieces end at %d of %d", len(joined), len(content))
	}
	instructions := 0
	for _, piece := range d.Pieces() {
		if piece.Kind != InstructionPiece {
			continue
		}
		if in := d.Instructions[instructions]; piece.Instruction != in || !piece.Span.Contains(in.Span) {
			return fmt.Sprintf("piece %v is not of the instruction %v", piece.Span, in.Span)
		}
		instructions++
	}
	if instructions != len(d.Instructions) {
		return fmt.Sprintf("%d pieces for %d instructions", instructions, len(d.Instructions))
	}
	before := 0
	for _, comment := range d.Comments {
		if comment.Span.Start < before || content[comment.Span.Start] != '#' {
			return fmt.Sprintf("comment at %v", comment.Span)
		}
		before = comment.Span.End
	}
	before = 0
	for _, in := range d.Instructions {
		if in.Span.Start < before {
			return fmt.Sprintf("instruction at %v overlaps the one before", in.Span)
		}
		before = in.Span.End
		if text := brokenInstruction(d, in); text != "" {
			return text
		}
	}
	return ""
}

func brokenInstruction(d *Document, in *Instruction) string {
	at := in.Span.Start
	inside := func(what string, span source.Span) string {
		if span.Start < at || span.End < span.Start || !in.Span.Contains(span) {
			return fmt.Sprintf("%s %s at %v: not behind %d inside %v", in.Keyword, what, span, at, in.Span)
		}
		return ""
	}
	problem := inside("keyword", in.KeywordSpan)
	step := func(what string, span source.Span, until int) {
		if problem == "" {
			problem = inside(what, span)
		}
		at = until
	}
	at = in.KeywordSpan.End
	for _, flag := range in.Flags {
		step("flag", flag.Span, flag.Span.Start)
		step("flag value", flag.ValueSpan, flag.Span.End)
	}
	step("body", in.Body, in.Body.Start)
	for _, arg := range in.Args {
		step("argument", arg.Span, arg.Span.End)
	}
	for _, pair := range in.Pairs {
		step("pair", pair.Span, pair.Span.Start)
		step("key", pair.KeySpan, pair.KeySpan.End)
		step("value", pair.ValueSpan, pair.Span.End)
	}
	if problem == "" && at > in.Body.End {
		problem = fmt.Sprintf("%s: arguments end at %d, the body at %d", in.Keyword, at, in.Body.End)
	}
	at = in.Body.Start
	for _, h := range in.Heredocs {
		step("marker", h.Marker, h.Marker.End)
	}
	at = in.Body.End
	for _, h := range in.Heredocs {
		step("heredoc", h.Body, h.Body.End)
		step("terminator", h.Terminator, h.Terminator.End)
	}
	if masked, span, ok := d.Shell(in); ok && len(masked) != span.Len() {
		return fmt.Sprintf("%s: %d bytes masked for %v", in.Keyword, len(masked), span)
	}
	for _, h := range in.Heredocs {
		if masked, span, ok := d.HeredocShell(h); ok && (len(masked) != h.Body.Len() || span != h.Body) {
			return fmt.Sprintf("%s: %d bytes masked for %v", in.Keyword, len(masked), span)
		}
	}
	if in.Trigger != nil && problem == "" {
		if !in.Span.Contains(in.Trigger.Span) {
			return fmt.Sprintf("%s at %v does not hold its trigger at %v", in.Keyword, in.Span, in.Trigger.Span)
		}
		return brokenInstruction(d, in.Trigger)
	}
	return problem
}

// TestCorpus holds the package against BuildKit over a folder of Dockerfiles of one's own.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("PYLINT_DOCKER_CORPUS")
	if folder == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder")
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	parsed, failures := 0, 0
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			continue
		}
		if difference := disagreement(content); difference != "" {
			t.Errorf("%s: %s", entry.Name(), difference)
			if failures++; failures > 20 {
				t.Fatal("too many")
			}
		}
		parsed++
	}
	t.Logf("%d files", parsed)
}
