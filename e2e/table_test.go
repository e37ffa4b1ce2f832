package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	dir := t.TempDir()
	for _, r := range []Row{
		{Project: "c/Dockerfile.web", SizeBefore: 400e6, SizeAfter: 100e6, Expected: Convert, Result: "convert"},
		{Project: "a", SizeBefore: 1000e6, SizeAfter: 499.6e6, RebuildBefore: 12.34, RebuildAfter: 1, Expected: Convert, Result: "convert"},
		{Project: "b", Expected: Convert, Result: "convert"},
		{Project: "d", SizeBefore: 100e6, SizeAfter: 1e6, Expected: Convert, Result: "FAILED: it answers otherwise"},
		{Project: "e", Expected: Refuse, Result: "refuse: a reason"},
	} {
		if err := r.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := Rows(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WriteTable(&b, rows); err != nil {
		t.Fatal(err)
	}
	want := `| project | MB before | MB after | smaller by | rebuild s before | after | result |
|---|--:|--:|--:|--:|--:|---|
| a | 1000 | 500 | 50 % | 12.3 | 1.0 | convert |
| b |  |  |  |  |  | convert |
| c/Dockerfile.web | 400 | 100 | 75 % |  |  | convert |
| d | 100 | 1 | 99 % |  |  | FAILED: it answers otherwise |
| e |  |  |  |  |  | refuse: a reason |

5 images: 3 converted, 1 refused, 0 with nothing to convert, 1 failed. The median of the 2 that were built is 63 % smaller.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
