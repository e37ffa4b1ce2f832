package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// patterns are those of all packages, as their sources have them. The few that other code puts together are tried by what tries that code.
func patterns(t *testing.T) []*pattern.Pattern {
	t.Helper()
	constants := map[string]ast.Expr{} // by folder and name
	calls := map[*ast.CallExpr]string{}
	for _, room := range []string{"analyzer", "cmd", "fixes", "internal", "rules"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				return err
			}
			dir := filepath.Dir(name) + "/"
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for i, v := range n.Values {
						constants[dir+n.Names[i].Name] = v
					}
				case *ast.CallExpr:
					if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" && len(n.Args) == 1 {
						if of, ok := f.X.(*ast.Ident); ok && of.Name == "pattern" {
							calls[n] = dir
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all []*pattern.Pattern
	for call, dir := range calls {
		if text, ok := written(call.Args[0], constants, dir); ok {
			all = append(all, pattern.New(text))
		}
	}
	slices.SortFunc(all, func(p, q *pattern.Pattern) int { return strings.Compare(p.String(), q.String()) })
	return all
}

// written is the text of literals and constants with plus signs between them.
func written(e ast.Expr, constants map[string]ast.Expr, dir string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, known := written(e.X, constants, dir)
		right, knownToo := written(e.Y, constants, dir)
		return left + right, known && knownToo
	case *ast.Ident:
		return written(constants[dir+e.Name], constants, dir)
	}
	return "", false
}

// TestPatterns compiles what the program compiles only when it needs it.
func TestPatterns(t *testing.T) {
	all := patterns(t)
	if len(all) < 310 {
		t.Errorf("only %d patterns", len(all))
	}
	for _, p := range all {
		if _, err := regexp.Compile(p.String()); err != nil {
			t.Error(err)
		}
	}
}

// TestMay: what a pattern looks for before it matches hides no match.
func TestMay(t *testing.T) {
	for _, p := range patterns(t) {
		// rapid makes no text for the anchor of a word's edge; blanks around the text are such edges.
		match := rapid.StringMatching(strings.ReplaceAll(p.String(), `\b`, ""))
		rapid.Check(t, func(t *rapid.T) {
			text := match.Draw(t, p.String())
			for _, text := range []string{text, " " + text + " "} {
				if p.Regexp().MatchString(text) && !p.MatchString(text) {
					t.Fatalf("%q matches %q, and does not say so", p, text)
				}
			}
		})
	}
}
