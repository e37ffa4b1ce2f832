package image

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed pip.tsv
var pipData string

var distroPips = sync.OnceValue(func() map[release]string {
	table := map[release]string{}
	for _, row := range rows(pipData) {
		for _, number := range strings.Fields(row[2]) {
			table[release{row[0], number}] = row[1]
		}
	}
	return table
})

// DistroPip is the version of pip that the package python3-pip of a distribution's release installs, "" when unknown.
func DistroPip(distro, number string) string {
	return distroPips()[release{distro, number}]
}

// bundled is the pip that the first release of a minor version of Python brings (Lib/ensurepip in CPython's repository).
var bundled = map[string]string{
	"3.6": "9.0.1", "3.7": "10.0.1", "3.8": "19.2.3", "3.9": "20.2.1", "3.10": "21.2.3", "3.11": "22.3", "3.12": "23.2.1", "3.13": "24.2", "3.14": "25.2",
}

// Pip tells whether the image itself has pip, and the oldest version that it may be, "" when that is not known. What a package of
// the distribution would install is DistroPip.
func (f Facts) Pip() (oldest string, there Answer) {
	there = f.Has("pip")
	if there == Yes && f.Python != nil && f.Python.Upstream() {
		oldest = bundled[f.Python.Minor]
	}
	return oldest, there
}
