package stable

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSort: the order is that of slices.SortStableFunc, that of equal elements included.
func TestSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[ab][a-d]`)).Draw(t, "words")
		byFirst := func(a, b string) int { return strings.Compare(a[:1], b[:1]) }
		want := slices.Clone(words)
		slices.SortStableFunc(want, byFirst)
		if Sort(words, byFirst); !slices.Equal(words, want) {
			t.Errorf("%q, want %q", words, want)
		}
	})
}
