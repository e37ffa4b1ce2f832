package pypi

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

var update = flag.Bool("update", false, "pack the table anew")

// TestPacked compares the packed table with packages.tsv.
func TestPacked(t *testing.T) {
	text, err := os.ReadFile("packages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for row := range strings.Lines(strings.ReplaceAll(string(text), "\r\n", "\n")) {
		if !strings.HasPrefix(row, "#") {
			rows = append(rows, row)
		}
	}
	if *update {
		if err := os.WriteFile("packages.gz", packed.Pack([]byte(pack(t, rows))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zipped, err := os.ReadFile("packages.gz")
	if err != nil {
		t.Fatal(err)
	}
	if unpack(packed.Text(zipped)) != strings.Join(rows, "") {
		t.Error("packages.gz is stale; `go test ./analyzer/pypi -run TestPacked -update` writes it anew")
	}
}

var requirement = regexp.MustCompile(`^(\??)([a-z0-9.-]+)(.*)$`)

// pack is the way back from unpack.
func pack(t *testing.T, rows []string) string {
	t.Helper()
	columns := make([][]string, 4)
	for _, row := range rows {
		for i, cell := range strings.SplitN(strings.TrimSuffix(row, "\n"), "\t", 4) {
			columns[i] = append(columns[i], cell)
		}
	}
	number := func(word string) string {
		m := requirement.FindStringSubmatch(word)
		if m == nil {
			return "~" + word
		}
		at, known := slices.BinarySearch(columns[0], m[2])
		if !known {
			return m[1] + "~" + m[2] + m[3]
		}
		return m[1] + string(digits[at/len(digits)]) + string(digits[at%len(digits)]) + m[3]
	}
	for i, rest := range columns[3] {
		cells := strings.Split(rest, "\t")
		for k, cell := range cells {
			if cell == "" {
				continue
			}
			extra, requires, ok := strings.Cut(cell, ":")
			if !ok {
				extra, requires = "", cell
			} else {
				extra += ":"
			}
			if requires == "" {
				continue
			}
			words := strings.Split(requires, " ")
			for w := range words {
				words[w] = number(words[w])
			}
			cells[k] = extra + strings.Join(words, " ")
		}
		columns[3][i] = strings.Join(cells, "\t")
	}
	all := make([]string, len(columns))
	for i, column := range columns {
		all[i] = strings.Join(column, "\n")
	}
	return strings.Join(all, "\x00")
}
