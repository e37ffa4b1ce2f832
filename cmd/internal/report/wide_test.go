package report

import (
	"testing"
	"unicode"

	"golang.org/x/text/width"
)

// TestWide compares the table with the package that it comes from.
func TestWide(t *testing.T) {
	for r := rune(0x300); r <= unicode.MaxRune; r++ {
		kind := width.LookupRune(r).Kind()
		if want := kind == width.EastAsianWide || kind == width.EastAsianFullwidth; unicode.Is(wide, r) != want {
			t.Errorf("%U: wide is %v, want %v", r, !want, want)
		}
	}
}
