package image

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

//go:embed frozen.tsv
var frozenData string

// frozenBase are the columns of frozen.tsv: full, slim, alpine.
type frozenBase struct{ full, slim, alpine string }

var frozen = sync.OnceValue(func() map[string]frozenBase {
	table := map[string]frozenBase{}
	known := func(cell string) string {
		if cell == "?" || cell == "-" {
			return ""
		}
		return cell
	}
	for _, row := range rows(frozenData) {
		table[row[0]] = frozenBase{known(row[1]), known(row[2]), known(row[3])}
	}
	return table
})

// pythonTag is a tag of the official image, taken apart.
type pythonTag struct {
	version  string // "3", "3.12", "3.12.4"; "" when the tag names none
	codename string
	alpine   bool
	release  string // of Alpine
	slim     bool
	windows  bool
	onbuild  bool
	rc       bool // a release candidate, whose tag is older than the release's
}

var (
	pythonVersion = pattern.New(`^(\d+(?:\.\d+){0,2})((?:a|b|rc)\d+)?$`)
	alpinePart    = pattern.New(`^alpine(\d+\.\d+)?$`)
	windowsPart   = pattern.New(`^(?:windowsservercore|nanoserver|ltsc\d+|1\d0\d|20H2|sac\d+)$`)
)

// parsePythonTag is strict: a part that the official image never had makes ok false.
func parsePythonTag(tag string) (t pythonTag, ok bool) {
	for i, part := range strings.Split(tag, "-") {
		_, codename := dates().codenames[release{"debian", part}]
		switch m := alpinePart.FindStringSubmatch(part); {
		case i == 0 && (part == "" || part == "latest"):
		case i == 0 && pythonVersion.MatchString(part):
			parts := pythonVersion.FindStringSubmatch(part)
			t.version, t.rc = parts[1], parts[2] != ""
		case part == "rc" && i == 1:
			t.rc = true
		case m != nil:
			t.alpine, t.release = true, m[1]
		case part == "slim":
			t.slim = true
		case codename:
			t.codename = part
		case windowsPart.MatchString(part):
			t.windows = true
		case part == "onbuild":
			t.onbuild = true
		default:
			return t, false
		}
	}
	return t, true
}

// minor cuts a version to two numbers; "" when it has one only.
func minor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[0] + "." + parts[1]
}

func pythonFacts(f *Facts) {
	t, ok := parsePythonTag(f.Reference.Tag)
	if !ok {
		return
	}
	if f.Reference.Tag == "" && f.Reference.Digest != "" {
		return // any variant may stand behind a bare digest
	}
	f.setPython(t)
}

// setPython fills in Docker's official python image with that tag.
func (f *Facts) setPython(t pythonTag) {
	f.Official, f.Slim = true, t.slim
	if t.windows {
		f.Distro = "windows"
		f.Python = &Interpreter{Version: t.version, Minor: minor(t.version)}
		return
	}
	base := frozen()[t.version]
	if t.rc {
		base = frozenBase{}
	}
	switch {
	case t.alpine && t.release == "":
		f.setAlpine(base.alpine)
	case t.alpine:
		f.setAlpine(t.release)
	case t.codename != "":
		f.setDebian(t.codename)
	case t.slim:
		f.setDebian(base.slim)
	case t.onbuild:
		f.setDebian("") // onbuild ended earlier than the other variants did
	default:
		f.setDebian(base.full)
	}
	f.BuildTools = !t.slim && !t.alpine // FROM buildpack-deps
	f.setPlain()
	f.is(t.holds(f.Release)...)
	f.Cmd = []string{"python3"}
	if strings.HasPrefix(t.version, "2") {
		f.Cmd = []string{"python2"}
	}
	f.setPythonEnv(t)
	f.Python = &Interpreter{
		Version: t.version, Minor: minor(t.version), Path: "/usr/local/bin/python3", Prefix: "/usr/local",
	}
	if t.version == "" || !strings.Contains(t.version, ".") {
		f.Python.Version = ""
	}
	if strings.HasPrefix(t.version, "2") {
		f.Python.Path = "/usr/local/bin/python" // python3 is absent there
	}
	if t.version == "2" {
		f.Python.Version, f.Python.Minor = "2.7", "2.7"
	}
	if t.onbuild {
		f.Workdir = "/usr/src/app"
		f.Deprecated = "use the image without -onbuild, with COPY and RUN of your own"
	}
}

// holds are the kinds of image that the tag may stand for, with the release of its Debian.
func (t pythonTag) holds(number string) []string {
	old := strings.HasPrefix(t.version, "2")
	switch {
	case t.alpine && old:
		return []string{"python2-alpine"}
	case t.alpine:
		return []string{"python-alpine", "python-alpine-old"}
	case old && t.slim:
		return []string{"python2-slim"}
	case old:
		return []string{"python2"}
	}
	kind := "python"
	if t.slim {
		kind = "python-slim"
	}
	if number == "" && (t.version == "" || t.version == "3" || minorNumber(t.version) >= 10) && !t.onbuild {
		// The tag moves, from Debian 12 to 13 in August 2025.
		return []string{ofRelease(kind, "13"), ofRelease(kind, "12")}
	}
	return []string{ofRelease(kind, number)}
}

// setPythonEnv fills in the image's ENV, by the template in docker-library/python.
func (f *Facts) setPythonEnv(t pythonTag) {
	f.Env["PATH"] = "/usr/local/bin:" + defaultPath
	f.EnvDoubtful = map[string]bool{
		"GPG_KEY": true, "PYTHON_VERSION": true, "PYTHON_SHA256": true, "PYTHON_PIP_VERSION": true,
		"PYTHON_SETUPTOOLS_VERSION": true, "PYTHON_GET_PIP_URL": true, "PYTHON_GET_PIP_SHA256": true, "LANG": true,
	}
	if strings.Count(t.version, ".") == 2 && !t.rc {
		f.Env["PYTHON_VERSION"] = t.version
	}
	// LANG=C.UTF-8 is set for all versions below 3.13; the first images of 3.13 are in doubt.
	switch number := minorNumber(t.version); {
	case strings.HasPrefix(t.version, "2"):
		f.Env["LANG"], f.Env["PYTHONIOENCODING"] = "C.UTF-8", "UTF-8"
		if t.version != "2.7.18" && t.version != "2.7" && t.version != "2" {
			delete(f.Env, "PYTHONIOENCODING")
			f.EnvDoubtful["PYTHONIOENCODING"] = true
		}
	case number > 13:
		delete(f.EnvDoubtful, "LANG")
	case number >= 0 && number < 13:
		f.Env["LANG"] = "C.UTF-8"
	}
}

// minorNumber is the Y of 3.Y, -1 when there is none.
func minorNumber(version string) int {
	parts := strings.Split(version, ".")
	if len(parts) < 2 || parts[0] != "3" {
		return -1
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return -1
	}
	return n
}
