package fixes

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// TestWindow: edits of the window do to it what the edits do to the file, or are refused as they are there.
func TestWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := []byte(rapid.StringMatching(`[a-c]{0,20}`).Draw(t, "content"))
		var edits []analyzer.Edit
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			start := rapid.IntRange(-1, 21).Draw(t, "start")
			edits = append(edits, analyzer.Edit{
				Span: source.Span{Start: start, End: start + rapid.IntRange(-1, 5).Draw(t, "length")},
				Text: rapid.StringMatching(`[a-c]{0,3}`).Draw(t, "text"),
			})
		}
		whole, err := Apply(content, edits)
		part, shifted := window(content, edits)
		got, gotErr := Apply(part, shifted)
		if (err == nil) != (gotErr == nil) {
			t.Fatalf("the file says %v, the window %v", err, gotErr)
		}
		if err == nil && bytes.Equal(whole, content) != bytes.Equal(got, part) {
			t.Fatalf("%q becomes %q, the window %q becomes %q", content, whole, part, got)
		}
	})
}
