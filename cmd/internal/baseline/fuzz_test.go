package baseline

import "testing"

// FuzzParse reads anything as a baseline: it is one, or an error that names the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "{}", "[]", `{"version":1,"findings":[]}`, `{"version":1,"findings":[{"file":"a","rule":"PLD205","anchor":"x","message":"y","count":-1}]}`, `{"version":1e99}`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := Parse("b.json", content)
		if (b == nil) == (err == nil) {
			t.Fatalf("%v, %v", b, err)
		}
		if b != nil {
			b.Has(Finding{File: "a", Rule: "PLD205", Anchor: "x", Message: "y"})
		}
	})
}
