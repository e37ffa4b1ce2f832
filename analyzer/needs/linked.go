package needs

import "github.com/pylint-docker/pylint-docker/analyzer/pattern"

// Linkage is a Python package that is linked with a library of the system.
type Linkage struct {
	Name, Headers string
	Provider      *pattern.Pattern
}

// Linked are Python packages that PyPI has no wheels of for Linux, so that they are always built from source, with
// the headers that they are built with and what the OS packages that bring the library have in their names.
var Linked = []Linkage{
	{"psycopg2", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"psycopg-c", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"mysqlclient", "default-libmysqlclient-dev mariadb-connector-c-dev", pattern.New(`mysql|maria`)},
	{"python-ldap", "libldap2-dev openldap-dev", pattern.New(`ldap|curl|git|gnupg|samba`)},
	{"pygraphviz", "libgraphviz-dev graphviz-dev", pattern.New(`graphviz|gvc`)},
	{"pyaudio", "portaudio19-dev portaudio-dev", pattern.New(`portaudio|audio|ffmpeg`)},
	{"pyicu", "libicu-dev icu-dev", pattern.New(`icu|xml2|node|php|boost|postgres|git|qt|chromium`)},
}

// Loading is a Python package whose wheel leaves a library to the system.
type Loading struct {
	Name, Headers string
	Provider      *pattern.Pattern
	Asked         bool // ctypes looks the library up, for those who import that part
}

// Loads are packages whose wheels want libraries of the system that they don't have with them, with the headers' packages of these libraries and
// what the OS packages that bring them have in their names. At import cv2 ends with "libGL.so.1: cannot open shared object file" and lightgbm with
// "libgomp.so.1"; the others look their library up by ctypes. Read in the wheels and their documentation, November 2026.
var Loads = []Loading{
	{"opencv-python", openCV, graphics, false}, {"opencv-contrib-python", openCV, graphics, false},
	{"lightgbm", "libgomp1", pattern.New(`gomp|python|pip|gcc|g\+\+|build-|fortran|blas|magick|ffmpeg|clang|octave|r-base|scikit|numpy|tesseract|leptonica|graphviz`), false},
	{"python-magic", "libmagic-dev", pattern.New(`magic|^file$|build-|devscripts|debhelper|mc|git-buildpackage`), true},
	{"pyzbar", "libzbar-dev", pattern.New(`zbar`), true},
	{"pyenchant", "libenchant-2-dev", pattern.New(`enchant|gtk|webkit|spell`), true},
	{"weasyprint", "libpango-1.0-0 libpangoft2-1.0-0", pattern.New(`pango|cairo|gtk|rsvg|magick|graphviz|gnuplot|chrom|firefox|webkit|wkhtml|libreoffice|texlive|inkscape|gimp|ffmpeg|libav|gst|sdl|vlc|mpv|qt|poppler|opencv|gnome|desktop`), true},
	{"cairosvg", "libcairo2-dev", pattern.New(`cairo|pango|gtk|rsvg|x11|poppler|ghostscript|magick|graphviz|gnuplot|chrom|libreoffice|texlive|inkscape`), true},
}

const openCV = "libgl-dev libglib2.0-dev"

// graphics are OS packages that may bring libGL or GLib with them.
var graphics = pattern.New(`gl|mesa|x11|xorg|libx|libsm|xvfb|qt|gtk|opencv|ffmpeg|libav|chrom|firefox|sdl|vtk|magick|cairo|pango|gst|desktop|glib|` +
	`libreoffice|wine|blender|texlive|rsvg|webkit|poppler|inkscape|gnome|libice|ghostscript|tesseract|graphviz|vlc|mpv|octave|python`)
