package image

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

//go:embed eol.tsv
var eolData string

// rows gives the cells of a data file; lines that begin with '#' are for people.
func rows(data string) [][]string {
	var table [][]string
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		table = append(table, strings.Split(line, "\t"))
	}
	return table
}

type release struct{ product, release string }

type calendar struct {
	ends map[release]EndOfLife
	// codenames: product and codename to release, releases: the other way.
	codenames map[release]string
	releases  map[release]string
}

var dates = sync.OnceValue(func() calendar {
	c := calendar{map[release]EndOfLife{}, map[release]string{}, map[release]string{}}
	for _, row := range rows(eolData) {
		product, number, codename := row[0], row[1], row[2]
		e := EndOfLife{Product: product, Release: number, Name: title[product] + " " + number}
		// A date that does not parse would be a mistake in our own table; a test reads all of them.
		e.Date, _ = time.Parse(time.DateOnly, row[3])
		if row[4] != "-" {
			e.Extended, _ = time.Parse(time.DateOnly, row[4])
		}
		if codename != "-" {
			e.Name += " (" + codename + ")"
			c.codenames[release{product, codename}] = number
			c.releases[release{product, number}] = codename
		}
		c.ends[release{product, number}] = e
	}
	return c
})

var title = map[string]string{
	"python": "Python", "debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine", "fedora": "Fedora",
	"centos": "CentOS", "amazonlinux": "Amazon Linux",
}

// end accepts longer numbers than the table has: Python 3.8.20 is 3.8, Alpine 3.15.4 is 3.15, Debian
// 11.6 is 11, Ubuntu 14.04.5 is 14.04.
func end(product, number string) (EndOfLife, bool) {
	for number != "" {
		if e, ok := dates().ends[release{product, number}]; ok {
			return e, true
		}
		i := strings.LastIndexByte(number, '.')
		if i < 0 {
			break
		}
		number = number[:i]
	}
	return EndOfLife{}, false
}

// goneArchives are releases whose packages have left the servers that their images ask: apt-get update ended with "does not have a Release file"
// for deb.debian.org and archive.ubuntu.com on 2026-11-30. Ubuntu 16.04 and 18.04 were still there.
var goneArchives = map[release]bool{
	{"debian", "7"}: true, {"debian", "8"}: true, {"debian", "9"}: true, {"debian", "10"}: true,
	{"ubuntu", "12.04"}: true, {"ubuntu", "19.10"}: true, {"ubuntu", "20.10"}: true, {"ubuntu", "22.10"}: true, {"ubuntu", "23.10"}: true,
	{"ubuntu", "24.10"}: true,
}

// ArchiveGone tells whether apt can't update the package lists of the image any more as the image is.
func (f Facts) ArchiveGone() bool { return goneArchives[release{f.Distro, f.Release}] }
