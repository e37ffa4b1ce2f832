package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// SystemNeed is what a Python package needs of Debian's packages that a slim Python image lacks.
type SystemNeed struct {
	Name    string   // the requirement, normalized
	Build   []string // compilers and headers, where PyPI has no wheels of it for Linux
	Runtime []string // libraries that it is linked with or loads, and programs that it calls
}

// compiled are packages that PyPI has no wheels of for Linux, with what builds them besides the headers that linked names. The C library's
// headers are only recommended by Debian's gcc. Read in the packages' documentation and on PyPI, November 2026.
var compiled = map[string]string{
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

// SystemNeedOf tells what one requirement needs on a slim Python image of a Debian release, itself and not what it requires; ok is false where
// nothing is known to be needed.
func SystemNeedOf(r installer.Requirement, release string) (need SystemNeed, ok bool) {
	need.Name = r.Name
	if r.Name == "psycopg" {
		switch {
		case slices.Contains(r.Extras, "binary"):
			return need, false // the library is in the wheel
		case slices.Contains(r.Extras, "c"):
			r.Name = "psycopg-c"
		}
	}
	if tools, found := compiled[r.Name]; found {
		need.Build = strings.Fields(tools)
		for _, l := range linked {
			if headers := strings.Fields(l.headers); l.name == r.Name {
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

// AllowsPython tells whether a minor version of Python, with whatever patch release is newest, satisfies a version specifier such as
// ">=3.9,<3.13" (https://packaging.python.org/en/latest/specifications/version-specifiers/). known is false where a clause can't be read.
func AllowsPython(specifier, minor string) (allowed, known bool) {
	newest := minor + ".99"
	for clause := range strings.SplitSeq(specifier, ",") {
		if clause = strings.TrimSpace(clause); clause == "" {
			continue
		}
		number := strings.TrimLeft(clause, "<>=!~")
		operator := clause[:len(clause)-len(number)]
		number = strings.TrimSpace(number)
		family, wildcard := strings.CutSuffix(number, ".*")
		if family == "" || !IsVersion(family) {
			return false, false
		}
		order := CompareVersions(newest, family)
		inside := strings.HasPrefix(newest+".", family+".")
		switch {
		case operator == "==" && (wildcard || strings.Count(family, ".") < 2), operator == "===":
			// `==3.12` is 3.12.0 to the letter; whoever writes it means the minor version.
			allowed = inside || strings.HasPrefix(family, minor+".")
		case operator == "==":
			allowed = strings.HasPrefix(family, minor+".")
		case operator == "!=":
			allowed = !wildcard || !inside
		case operator == ">=", operator == ">":
			allowed = order > 0 || order == 0 && operator == ">="
		case operator == "<=":
			allowed = order <= 0 || family == minor // as for ==
		case operator == "<":
			allowed = order < 0
		case operator == "~=":
			stem := family[:max(strings.LastIndexByte(family, '.'), 0)]
			allowed = order >= 0 && stem != "" && strings.HasPrefix(newest+".", stem+".")
		default:
			return false, false
		}
		if !allowed {
			return false, true
		}
	}
	return true, true
}

// OlderPython tells whether a minor version of Python came before another.
func OlderPython(minor, than string) bool { return CompareVersions(minor, than) < 0 }
