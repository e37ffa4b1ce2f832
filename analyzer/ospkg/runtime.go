package ospkg

import (
	"strconv"
	"strings"
	"sync"
)

const (
	nothing = "-"
	absent  = "!"
	unknown = "?"
)

// runtimeTable is runtime.tsv: release ("debian12") and build package to the cell as written.
var runtimeTable = sync.OnceValue(func() map[string]map[string]string {
	table := map[string]map[string]string{}
	var columns []string
	for line := range strings.Lines(runtimeData()) {
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

// goneFrom are packages that releases have dropped, by the columns of these in runtime.tsv: NAME or NAME:SUCCESSOR, which is a choice. They were in
// no index of that release's main archive (of noble's universe neither), as packages or as names that others provide, like those that the 64-bit
// time transition has left behind (libssl3 in trixie): seen on 2026-11-29 and 2026-11-30. What Debian has removed does not come back.
var goneFrom = []struct{ releases, names string }{
	{"debian12 debian13", `python:python3 python-dev:python3-dev python-pip:python3-pip python-setuptools:python3-setuptools
	python-virtualenv:python3-virtualenv python2 python2.7 python3.9 python-openssl:python3-openssl openjdk-8-jdk:default-jdk
	openjdk-8-jre:default-jre openjdk-11-jdk:default-jdk openjdk-11-jre:default-jre openjdk-11-jre-headless:default-jre-headless
	openjdk-11-jdk-headless:default-jdk-headless mysql-client:default-mysql-client mysql-server:default-mysql-server
	libssl1.1:libssl3 libssl1.0-dev:libssl-dev libffi7:libffi8 libicu67 chromium-browser:chromium libjpeg8 libjpeg8-dev:libjpeg-dev
	libpng12-dev:libpng-dev libpng12-0 libjasper-dev libdc1394-22-dev:libdc1394-dev libwebp6:libwebp7 libopenexr24 libavcodec58
	libgdal28 libproj19 ttf-dejavu:fonts-dejavu ttf-liberation:fonts-liberation phantomjs libcurl3:libcurl4 libreadline7:libreadline8
	libenchant1c2a libenchant-dev:libenchant-2-dev libldap-2.4-2 libpython3.9 libgfortran4 libllvm11 libav-tools:ffmpeg
	libprotobuf23 netcat:netcat-openbsd`}, // netcat is the name of two, of which apt wants one
	{"debian13", `libtiff5:libtiff6 libldap-2.5-0:libldap2 libpcre3 wkhtmltopdf libatlas-base-dev:libopenblas-dev software-properties-common
	libgdk-pixbuf2.0-0:libgdk-pixbuf-2.0-0 ntp:ntpsec ntpdate:ntpsec-ntpdate libcanberra-gtk-module:libcanberra-gtk3-module libqt5webkit5-dev
	libqt5webkit5 unoconv python3-nose python3-appdirs python3-future policykit-1:polkitd liblz4-tool:lz4 pcregrep:pcre2-utils`},
	{"debian13 ubuntu24.04", `libgl1-mesa-glx:libgl1 python3-distutils libgconf-2-4 gconf-service gconf2 libaio1:libaio1t64 libpango1.0-0:libpango-1.0-0
	mlocate:plocate liboctave-dev:octave-dev mime-support:media-types libncurses5:libncurses6 libncursesw5:libncursesw6 libtinfo5:libtinfo6
	libegl1-mesa:libegl1 youtube-dl:yt-dlp libcurl4-nss-dev:libcurl4-openssl-dev libwebkit2gtk-4.0-dev:libwebkit2gtk-4.1-dev libappindicator1`},
	{"ubuntu24.04", "libasound2:libasound2t64"}, // two provide it, of which apt wants one
}

// goneNames are these by release and name, with the successor.
var goneNames = sync.OnceValue(func() map[string]map[string]string {
	names := map[string]map[string]string{}
	for _, g := range goneFrom {
		for release := range strings.FieldsSeq(g.releases) {
			if names[release] == nil {
				names[release] = map[string]string{}
			}
			for word := range strings.FieldsSeq(g.names) {
				name, successor, _ := strings.Cut(word, ":")
				names[release][name] = successor
			}
		}
	}
	return names
})

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
	_, gone := goneNames()[key][name]
	return gone || runtimeTable()[key][name] == absent
}

// Successor names the package that takes the place of one that is Absent; "" when none is known. It
// may be another implementation (libpcre2-dev for libpcre3-dev), so a fix that uses it is not safe.
func Successor(distro, release, name string) string {
	if !Absent(distro, release, name) {
		return ""
	}
	successor := goneNames()[column(distro, release)][name]
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
