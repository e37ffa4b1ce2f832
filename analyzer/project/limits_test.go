package project

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// TestIgnoreBomb: patterns that would become endless regular expressions are left out, the others count.
func TestIgnoreBomb(t *testing.T) {
	bombs := strings.Repeat("**/", 20_000) + "x\n" + strings.Repeat("*a", maxStars+1) + "\n"
	for i := range maxPatterns {
		bombs += fmt.Sprintf("**/*a*a*a*%d\n", i)
	}
	files := fstest.MapFS{".dockerignore": {Data: []byte("secret\n" + bombs)}, "secret": {}, "kept": {}}
	for i := range 20 {
		files[strings.Repeat("a", 100)+fmt.Sprint(i)] = &fstest.MapFile{}
	}
	c := Open(files, "Dockerfile")
	if !c.Ignored("secret") || c.Ignored("kept") {
		t.Error("the patterns that can be read do not count")
	}
	c.Walk(".", func(string, bool) bool { return true })
}

// TestLongRequirements: a file beyond all measure is not read, the longest that are real are.
func TestLongRequirements(t *testing.T) {
	files := fstest.MapFS{
		"long.txt": {Data: []byte(strings.Repeat("flask\n", maxLines+1))},
		"real.txt": {Data: []byte(strings.Repeat("flask\n", 10_000))},
	}
	c := Open(files, "Dockerfile")
	if _, ok := c.Requirements("long.txt"); ok {
		t.Error("long.txt was read")
	}
	if f, ok := c.Requirements("real.txt"); !ok || len(f.Lines) != 10_000 {
		t.Error("real.txt was not read")
	}
}
