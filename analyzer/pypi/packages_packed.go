//go:build !playground

package pypi

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed packages.gz
var zipped []byte

// data is packages.tsv without its comments.
var data = sync.OnceValue(func() string { return unpack(packed.Text(zipped)) })

// digits write the number of a row in two characters, where packages.tsv has the package's name: names are most of it, and too far apart for gzip.
const digits = "!#$%&'()*+,-./0123456789;ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}"

// unpack makes packages.tsv of its columns, which NUL divides. In the last one a ~ is before names that have no row.
func unpack(text string) string {
	columns := strings.Split(text, "\x00")
	names, since, programs := strings.Split(columns[0], "\n"), strings.Split(columns[1], "\n"), strings.Split(columns[2], "\n")
	var out strings.Builder
	out.Grow(2 * len(text))
	for i, rest := range strings.Split(columns[3], "\n") {
		out.WriteString(names[i] + "\t" + since[i] + "\t" + programs[i])
		for cell := range strings.SplitSeq(rest, "\t") {
			out.WriteByte('\t')
			if extra, requires, ok := strings.Cut(cell, ":"); ok {
				out.WriteString(extra + ":")
				cell = requires
			}
			for k, word := range strings.Split(cell, " ") {
				if k > 0 {
					out.WriteByte(' ')
				}
				word, some := strings.CutPrefix(word, "?")
				if some {
					out.WriteByte('?')
				}
				switch literal, ok := strings.CutPrefix(word, "~"); {
				case ok:
					out.WriteString(literal)
				case word != "":
					at := strings.IndexByte(digits, word[0])*len(digits) + strings.IndexByte(digits, word[1])
					out.WriteString(names[at] + word[2:])
				}
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}
