package fixes

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// Apply gives content after a set of edits of one file. It fails when edits overlap or reach
// outside the content. Insertions at one point come in the order given.
func Apply(content []byte, edits []analyzer.Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	stable.Sort(sorted, func(a, b analyzer.Edit) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	var out []byte
	last := 0
	for _, e := range sorted {
		if e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > len(content) {
			return nil, fmt.Errorf("edit [%d,%d) lies outside the file of %d bytes", e.Span.Start, e.Span.End, len(content))
		}
		if e.Span.Start < last {
			return nil, fmt.Errorf("edits overlap at byte %d", e.Span.Start)
		}
		out = append(out, content[last:e.Span.Start]...)
		out = append(out, e.Text...)
		last = e.Span.End
	}
	return append(out, content[last:]...), nil
}

// applyTo applies edits to a file that may not exist yet.
func applyTo(path string, content []byte, exists bool, edits []analyzer.Edit) ([]byte, error) {
	if path != "" && (!fs.ValidPath(path) || path == ".") {
		return nil, fmt.Errorf("%q is not a path inside the build context", path)
	}
	creates := slices.ContainsFunc(edits, func(e analyzer.Edit) bool { return e.Create })
	switch {
	case creates && path == "":
		return nil, errors.New("the Dockerfile can't be created by a fix")
	case creates && exists:
		return nil, fmt.Errorf("%s exists already", path)
	case creates && len(edits) > 1:
		return nil, fmt.Errorf("%s is both created and edited", path)
	case creates:
		return []byte(edits[0].Text), nil
	case !exists:
		return nil, fmt.Errorf("there is no file %s", path)
	}
	return Apply(content, edits)
}

// CompareEdits orders edits by file and place.
func CompareEdits(a, b analyzer.Edit) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Span.End, b.Span.End),
	)
}
