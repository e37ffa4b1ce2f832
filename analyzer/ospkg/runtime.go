package ospkg

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed runtime.tsv
var runtimeData string

const (
	nothing = "-"
	absent  = "!"
	unknown = "?"
)

// runtimeTable is runtime.tsv: release ("debian12") and build package to the cell as written.
var runtimeTable = sync.OnceValue(func() map[string]map[string]string {
	table := map[string]map[string]string{}
	var columns []string
	for line := range strings.Lines(runtimeData) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if strings.HasPrefix(line, "#") {
			if len(cells) > 1 {
				columns = cells
			}
			continue
		}
		for i, cell := range cells[1:] {
			if cell == unknown {
				continue
			}
			release := columns[i+1]
			if table[release] == nil {
				table[release] = map[string]string{}
			}
			table[release][cells[0]] = cell
		}
	}
	return table
})

// The releases of Alpine that the alpine column of runtime.tsv holds for.
const alpineFirst, alpineLast = 19, 24

// column is the column of runtime.tsv that a release is in, "" when it is in none.
func column(distro, release string) string {
	switch distro {
	case "debian":
		major, _, _ := strings.Cut(release, ".") // 12.5 is a point release of 12
		return "debian" + major
	case "ubuntu":
		return "ubuntu" + release
	case "alpine":
		parts := strings.Split(release, ".")
		if len(parts) < 2 || parts[0] != "3" {
			return ""
		}
		minor, err := strconv.Atoi(parts[1])
		if err != nil || minor < alpineFirst || minor > alpineLast {
			return ""
		}
		return "alpine3.19"
	}
	return ""
}

// Runtime gives the packages that hold the run-time part of buildPackage in a release: libpq5 for
// libpq-dev. known is false when the table does not say; known without packages means that nothing
// is needed at run time, or that the release has no such package (Absent tells which). The caller
// may keep and change the slice.
func Runtime(distro, release, buildPackage string) (packages []string, known bool) {
	cell, ok := runtimeTable()[column(distro, release)][buildPackage]
	if !ok {
		return nil, false
	}
	if cell == nothing || cell == absent {
		return nil, true
	}
	return strings.Fields(cell), true
}

// removal is a package that releases have dropped, by their columns in runtime.tsv.
type removal struct {
	successor string // "" when there is none that does the same
	releases  []string
}

// removals were seen in the indexes of bookworm, trixie and noble, November 2026; the successors are a choice.
// Names that a transitional or virtual package still answers to (libssl3 in trixie) are not among them.
var removals = map[string]removal{
	"libgl1-mesa-glx":   {"libgl1", []string{"debian13", "ubuntu24.04"}},
	"libtiff5":          {"libtiff6", []string{"debian13"}},
	"libldap-2.5-0":     {"libldap2", []string{"debian13"}},
	"libpcre3":          {"", []string{"debian13"}},
	"wkhtmltopdf":       {"", []string{"debian13"}},
	"libatlas-base-dev": {"libopenblas-dev", []string{"debian13"}},
}

// devSuccessors are what replaces a build package where runtime.tsv says that it is absent.
var devSuccessors = map[string]string{
	"libpcre3-dev":         "libpcre2-dev",
	"libgdk-pixbuf2.0-dev": "libgdk-pixbuf-2.0-dev",
	"libmysqlclient-dev":   "default-libmysqlclient-dev",
	"libjpeg-turbo8-dev":   "libjpeg-dev",
	"libjpeg62-turbo-dev":  "libjpeg-dev",
	"libatlas-base-dev":    "libopenblas-dev",
}

// Absent tells that the archive of a release is known to lack a package.
func Absent(distro, release, name string) bool {
	key := column(distro, release)
	if key == "" {
		return false
	}
	return runtimeTable()[key][name] == absent || slices.Contains(removals[name].releases, key)
}

// Successor names the package that takes the place of one that is Absent; "" when none is known. It
// may be another implementation (libpcre2-dev for libpcre3-dev), so a fix that uses it is not safe.
func Successor(distro, release, name string) string {
	if !Absent(distro, release, name) {
		return ""
	}
	successor := removals[name].successor
	if successor == "" {
		successor = devSuccessors[name]
	}
	if Absent(distro, release, successor) {
		return ""
	}
	return successor
}

// runtimeNames are the packages that any release of the table has on its run-time side.
var runtimeNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, packages := range runtimeTable() {
		for _, cell := range packages {
			for _, name := range strings.Fields(cell) {
				names[name] = true
			}
		}
	}
	delete(names, nothing)
	delete(names, absent)
	return names
})

// needNothing are headers of what every image with a C library and a Python interpreter has anyway.
var needNothing = map[string]bool{
	"python3-dev": true, "python-dev": true, "python2-dev": true, "python-dev-is-python3": true, "python3-devel": true, "python-devel": true,
	"libc6-dev": true, "libc-dev": true, "musl-dev": true, "glibc-devel": true, "linux-libc-dev": true, "linux-headers": true, "zlib1g-dev": true,
	"zlib-dev": true, "libffi-dev": true, "libssl-dev": true, "openssl-dev": true, "libbz2-dev": true, "libsqlite3-dev": true, "libreadline-dev": true,
	"liblzma-dev": true, "uuid-dev": true,
}

// NeedsNothing tells whether the package holds headers only, of libraries that the interpreter itself is linked with, so that a running
// program needs nothing instead of it in any release.
func NeedsNothing(buildPackage string) bool { return needNothing[buildPackage] }
