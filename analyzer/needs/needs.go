// Package needs knows what Python packages need of the system: compilers and headers where PyPI has no wheels, libraries that they are linked
// with or load, programs that they call. It knows names and versions only, and nothing of a build.
package needs

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// Need is what a Python package needs of Debian's packages that a slim Python image lacks.
type Need struct {
	Name    string   // the requirement, normalized
	Build   []string // compilers and headers, where PyPI has no wheels of it for Linux
	Runtime []string // libraries that it is linked with or loads, and programs that it calls
}

// Compiled are packages that PyPI has no wheels of for Linux, with what builds them besides the headers that linked names. The C library's
// headers are only recommended by Debian's gcc. Read in the packages' documentation and on PyPI, November 2026.
var Compiled = map[string]string{
	"psycopg2": "gcc libc6-dev", "psycopg-c": "gcc libc6-dev", "mysqlclient": "gcc libc6-dev pkg-config", "python-ldap": "gcc libc6-dev libsasl2-dev",
	"pygraphviz": "gcc libc6-dev", "pyaudio": "gcc libc6-dev", "pyicu": "g++ pkg-config",
	"uwsgi": "gcc libc6-dev", "gssapi": "gcc libc6-dev libkrb5-dev", "pykerberos": "gcc libc6-dev libkrb5-dev",
	"pycairo": "gcc libc6-dev pkg-config libcairo2-dev", "dbus-python": "gcc libc6-dev pkg-config libdbus-1-dev libglib2.0-dev",
	"systemd-python": "gcc libc6-dev pkg-config libsystemd-dev", "pylibmc": "gcc libc6-dev libmemcached-dev zlib1g-dev",
	"netifaces": "gcc libc6-dev", "python-prctl": "gcc libc6-dev libcap-dev", "pycups": "gcc libc6-dev libcups2-dev", "evdev": "gcc libc6-dev",
}

// loaded are packages that load a library of the system by ctypes, have it left out of their wheels, or call a program: what they need at run
// time, as the header package of a library or the package of a program.
var loaded = map[string]string{
	"python-magic": "libmagic-dev", "cairocffi": "libcairo2-dev", "cairosvg": "libcairo2-dev", "pyzbar": "libzbar-dev", "pyenchant": "libenchant-2-dev",
	"pyusb": "libusb-1.0-0-dev", "wand": "libmagickwand-dev", "opencv-python": "libgl-dev libglib2.0-dev",
	"opencv-contrib-python": "libgl-dev libglib2.0-dev", "weasyprint": "libpango1.0-dev libharfbuzz-subset0",
	"xgboost": "libgomp1", "lightgbm": "libgomp1", "pytesseract": "tesseract-ocr", "pdf2image": "poppler-utils", "pydub": "ffmpeg",
	"ffmpeg-python": "ffmpeg", "graphviz": "graphviz", "pygraphviz": "graphviz", "gitpython": "git", "camelot-py": "ghostscript",
	"pypandoc": "pandoc", "pyttsx3": "espeak-ng", "tabula-py": "default-jre-headless", "pyspark": "default-jre-headless", "psycopg": "libpq-dev",
}

// Of tells what one requirement needs on a slim Python image of a Debian release, itself and not what it requires; ok is false where
// nothing is known to be needed.
func Of(r installer.Requirement, release string) (need Need, ok bool) {
	need.Name = r.Name
	if r.Name == "psycopg" {
		switch {
		case slices.Contains(r.Extras, "binary"):
			return need, false // the library is in the wheel
		case slices.Contains(r.Extras, "c"):
			r.Name = "psycopg-c"
		}
	}
	if tools, found := Compiled[r.Name]; found {
		need.Build = strings.Fields(tools)
		for _, l := range Linked {
			if headers := strings.Fields(l.Headers); l.Name == r.Name {
				need.Build = append(need.Build, headers[0])
			}
		}
		for _, name := range need.Build {
			if strings.HasSuffix(name, "-dev") {
				need.Runtime = append(need.Runtime, runtimeOf(name, release)...)
			}
		}
	}
	for _, name := range strings.Fields(loaded[r.Name]) {
		need.Runtime = append(need.Runtime, runtimeOf(name, release)...)
	}
	gone := func(name string) bool { return ospkg.Absent("debian", release, name) }
	need.Build, need.Runtime = slices.DeleteFunc(need.Build, gone), slices.DeleteFunc(need.Runtime, gone)
	return need, len(need.Build)+len(need.Runtime) > 0
}

// runtimeOf are the packages of the libraries that go with a header package, without those that every image has; of another package, itself.
func runtimeOf(name, release string) []string {
	if ospkg.NeedsNothing(name) {
		return nil
	}
	if packages, known := ospkg.Runtime("debian", release, name); known && strings.HasSuffix(name, "-dev") {
		return packages
	}
	if strings.HasSuffix(name, "-dev") {
		return nil
	}
	return []string{name}
}

// LinkedNeeds are the OS packages that hold what a package is linked with that PyPI has no wheels of.
func LinkedNeeds(r installer.Requirement, distro, release string) (packages []string, known bool) {
	for _, l := range Linked {
		if l.Name != r.Name {
			continue
		}
		for _, header := range strings.Fields(l.Headers) {
			if packages, known := ospkg.Runtime(distro, release, header); known {
				return packages, true
			}
		}
	}
	return nil, false
}

// linkedOnFull are packages that are built with libraries where their headers are there, as on a full image: uWSGI always, the others in
// versions that have no wheels for the interpreter. https://github.com/unbit/uwsgi/blob/2.0.28/buildconf/default.ini
var linkedOnFull = map[string]string{
	"uwsgi": "libxml2-dev", "lxml": "libxml2-dev libxslt1-dev", "psycopg2-binary": "libpq-dev", "matplotlib": "libfreetype6-dev libpng-dev",
	"pillow": "libjpeg-dev libtiff-dev libfreetype6-dev liblcms2-dev libwebp-dev libopenjp2-7-dev",
}

// sameInAll are libraries whose packages have the same name in all releases of Debian up to 13.
var sameInAll = map[string]string{"libxml2-dev": "libxml2", "libxslt1-dev": "libxslt1.1", "libpq-dev": "libpq5", "libfreetype6-dev": "libfreetype6"}

// LinkedOnFull are the OS packages that hold what a requirement is linked with where it is built on a full Python image; linked tells that it is
// one of those, known that all of its libraries are known in the release.
func LinkedOnFull(r installer.Requirement, distro, release string) (packages []string, linked, known bool) {
	for _, header := range strings.Fields(linkedOnFull[r.Name]) {
		names, ok := ospkg.Runtime(distro, release, header)
		if name := sameInAll[header]; !ok && name != "" && distro == "debian" {
			names, ok = []string{name}, true
		}
		if !ok {
			return nil, true, false
		}
		packages, linked = append(packages, names...), true
	}
	return packages, linked, linked
}

// IsNative tells of well-known packages that they do not work without their compiled modules.
func IsNative(name string) bool { return strings.Contains(native, " "+name+" ") }

const native = " argon2-cffi-bindings asyncpg bcrypt cffi confluent-kafka cryptography cx-oracle gevent greenlet grpcio h5py httptools lxml matplotlib " +
	"mysqlclient numpy opencv-python opencv-python-headless orjson pandas pillow psutil psycopg2 psycopg2-binary pyarrow pycryptodome pycurl " +
	"pydantic-core pymssql pynacl pyodbc python-ldap pyzmq regex scikit-image scikit-learn scipy shapely tensorflow tiktoken tokenizers torch ujson uvloop " +
	"uwsgi xmlsec zstandard "
