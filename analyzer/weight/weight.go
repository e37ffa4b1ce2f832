//go:build !playground

package weight

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

//go:embed sizes.tsv.gz
var sizesPacked []byte

// column are the figures of a release of Debian, or of PyPI.
type column struct {
	sizes []string          // megabytes of groups of packages that always come together; those that end in f are in python:X
	rows  map[string]string // package: the numbers of its groups, and other packages, and behind | what comes with what it recommends
}

var columns = sync.OnceValue(func() map[string]*column {
	table, names := map[string]*column{}, []string(nil)
	for line := range strings.Lines(packed.Text(sizesPacked)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case names == nil:
			names = fields[1:]
			for _, name := range names {
				table[name] = &column{rows: map[string]string{}}
			}
		default:
			for i, cell := range fields[1:] {
				if c := table[names[i]]; fields[0] == "" {
					c.sizes = strings.Fields(cell)
				} else if cell != "-" {
					c.rows[fields[0]] = cell
				}
			}
		}
	}
	return table
})

// System is about how many bytes packages and all that they need take in an image of a release of Debian, such as bookworm, or "" for one of the
// last two; full tells that it is python:X, not python:X-slim. It is 0 where that is not known of one of them.
func System(release string, full bool, packages []Package) int64 {
	return in(release, func(c *column) int64 { return c.system(full, packages) })
}

// Recommended is about how many bytes of that come only with what apt recommends.
func Recommended(release string, packages []Package) int64 {
	needed := slices.Clone(packages)
	for i := range needed {
		needed[i].Recommends = false
	}
	return in(release, func(c *column) int64 { return c.system(false, packages) - c.system(false, needed) })
}

// in asks of a release, and where that is not known of both: what they agree on by a quarter.
func in(release string, ask func(*column) int64) int64 {
	if c := columns()[release]; c != nil {
		return ask(c)
	}
	old, now := columns()["bookworm"], columns()["trixie"]
	if release != "" || old == nil {
		return 0
	}
	a, b := ask(old), ask(now)
	if 4*min(a, b) < 3*max(a, b) {
		return 0
	}
	return (a + b) / 2
}

func (c *column) system(full bool, packages []Package) int64 {
	groups := map[int]bool{}
	for _, p := range packages {
		// What python:X has already recommends nothing any more.
		if !c.mark(groups, p.Name, p.Recommends && !full) {
			return 0
		}
	}
	return c.sum(groups, full)
}

// Downloads is about how many bytes pip downloads to install packages from PyPI, with what they need: the names of required are those of
// packages that they are known to require. It is 0 where that is not known of so many of names that it may be much more: half a megabyte is what
// most have.
func Downloads(names, required map[string]bool) int64 {
	c, groups := columns()["pypi"], map[int]bool{}
	if c == nil {
		return 0
	}
	var unknown int64
	for name := range names {
		if !c.mark(groups, name, false) {
			unknown += 500_000
		}
	}
	for name := range required {
		c.mark(groups, name, false)
	}
	sum := c.sum(groups, false)
	if 4*unknown > sum {
		return 0
	}
	return sum
}

// mark adds the groups of a package.
func (c *column) mark(groups map[int]bool, name string, recommends bool) bool {
	row, ok := c.rows[name]
	needed, more, _ := strings.Cut(row, "|")
	if recommends {
		needed += " " + more
	}
	for _, word := range strings.Fields(needed) {
		first, last, isRange := strings.Cut(word, "~")
		from, err := strconv.Atoi(first)
		if err != nil {
			ok = c.mark(groups, word, false) && ok
			continue
		}
		to := from
		if isRange {
			to, _ = strconv.Atoi(last) // the table is ours
		}
		for ; from <= to; from++ {
			groups[from] = true
		}
	}
	return ok
}

func (c *column) sum(groups map[int]bool, full bool) int64 {
	var sum int64 // whole numbers: of others the order would matter
	for i := range groups {
		size, shared := strings.CutSuffix(c.sizes[i], "f")
		if megabytes, _ := strconv.ParseFloat(size, 64); !full || !shared {
			sum += int64(megabytes * 1e6)
		}
	}
	return sum
}

// About is " (about 270 MB)", two digits of a number of bytes; nothing for less than ten, where the table is coarse.
func About(bytes int64) string {
	if bytes < 10e6 {
		return ""
	}
	megabytes := (bytes + 500_000) / 1e6
	if megabytes >= 100 {
		megabytes = (megabytes + 5) / 10 * 10
	}
	if megabytes >= 1000 {
		tenths := (megabytes + 50) / 100
		return fmt.Sprintf(" (about %d.%d GB)", tenths/10, tenths%10)
	}
	return fmt.Sprintf(" (about %d MB)", megabytes)
}
