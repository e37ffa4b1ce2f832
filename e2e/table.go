package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Row is what was measured of one image.
type Row struct {
	Project                     string
	SizeBefore, SizeAfter       int64   // bytes of the unpacked layers; 0 if it was not built
	RebuildBefore, RebuildAfter float64 // seconds of a build after one source file has changed
	Expected                    Expectation
	Result                      string // convert, refuse: ..., nothing, FAILED: ...
}

// Failed tells whether the row proves the opposite of what it should.
func (r *Row) Failed() bool { return strings.HasPrefix(r.Result, "FAILED") }

// Save writes the row to a folder.
func (r *Row) Save(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(r.Project, "/", "+")+".json"), text, 0o644)
}

// Rows reads what Save has written, in the order of the projects' names.
func Rows(dir string) ([]Row, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &rows[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return rows, nil
}

// WriteTable writes the rows as a table of Markdown, and below it what they come to.
func WriteTable(w io.Writer, rows []Row) error {
	var b strings.Builder
	b.WriteString("| project | MB before | MB after | smaller by | rebuild s before | after | result |\n|---|--:|--:|--:|--:|--:|---|\n")
	var shares []float64
	count := map[string]int{}
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", r.Project,
			megabytes(r.SizeBefore), megabytes(r.SizeAfter), r.share(), seconds(r.RebuildBefore), seconds(r.RebuildAfter), r.Result)
		word, _, _ := strings.Cut(r.Result, ":")
		count[word]++
		if r.Result == string(Convert) && r.SizeBefore > 0 && r.SizeAfter > 0 {
			shares = append(shares, r.smaller())
		}
	}
	fmt.Fprintf(&b, "\n%d images: %d converted, %d refused, %d with nothing to convert, %d failed.", len(rows), count[string(Convert)], count[string(Refuse)], count[string(Nothing)], count["FAILED"])
	if len(shares) > 0 {
		fmt.Fprintf(&b, " The median of the %d that were built is %.0f %% smaller.", len(shares), 100*median(shares))
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// smaller is the share of the bytes that is gone.
func (r *Row) smaller() float64 { return 1 - float64(r.SizeAfter)/float64(r.SizeBefore) }

func (r *Row) share() string {
	if r.SizeBefore == 0 || r.SizeAfter == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*r.smaller())
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", math.Round(float64(bytes)/1e6))
}

func seconds(s float64) string {
	if s == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", s)
}

// median is the middle of some numbers, at least one.
func median(numbers []float64) float64 {
	sorted := slices.Sorted(slices.Values(numbers))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
