package scaffold

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	pyversion "github.com/pylint-docker/pylint-docker/analyzer/version"
)

// lockedFor orders the versions of Python that the project allows by how many of the locked packages have no wheel for them although they have
// some for others: these would be compiled, with tools that the builder lacks, and fail as a rule. Versions that are alike stay in order.
func (p *plan) lockedFor(minors []string) []string {
	misfits := map[string]int{}
	for _, minor := range minors {
		misfits[minor] = len(p.misfits(minor))
	}
	sorted := slices.Clone(minors)
	stable.Sort(sorted, func(a, b string) int { return misfits[a] - misfits[b] })
	return sorted
}

// misfits are the pinned packages that have wheels, but none for that minor version of Python, in alphabetical order.
func (p *plan) misfits(minor string) []string {
	var names []string
	for _, r := range p.packages {
		if version, ok := strings.CutPrefix(r.Specifier, "=="); ok && p.wheels[r.Name] == nil && tooOld(r.Name, version, minor) {
			names = append(names, r.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.wheels)) {
		if p.has(name) && !fits(p.wheels[name], minor) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// firstWheels has, for Python 3.10, 3.11 and so on, the first release of a package with a wheel for Linux, as PyPI had them in November 2026.
// psycopg2 has none, and compiles as psycopg2-binary did.
var firstWheels = map[string]string{
	"asyncpg":         "0.24.0 0.27.0 0.29.0 0.30.0 0.31.0",
	"cffi":            "1.15.0 1.15.1 1.16.0 1.17.0 2.0.0",
	"confluent-kafka": "1.9.0 2.0.2 2.3.0 2.6.0 2.12.1",
	"faiss-cpu":       "1.7.1.post3 1.7.3 1.8.0 1.9.0.post1 1.12.0",
	"gevent":          "21.12.0 22.10.1 23.7.0 24.10.1 25.8.1",
	"greenlet":        "1.1.0 1.1.3 3.0.0 3.1.0 3.2.3",
	"grpcio":          "1.41.0 1.49.1 1.59.0 1.66.2 1.75.1",
	"h5py":            "3.6.0 3.8.0 3.10.0 3.12.1 3.15.0",
	"httptools":       "0.3.0 0.5.0 0.6.1 0.6.2 0.7.1",
	"lxml":            "4.6.3 4.9.1 4.9.3 5.3.0 6.0.1",
	"matplotlib":      "3.5.0 3.6.0 3.7.3 3.9.2 3.10.5",
	"msgpack":         "1.0.3 1.0.5 1.0.6 1.1.0 1.1.2",
	"numba":           "0.55.0 0.57.0 0.59.0 0.61.0 0.63.0",
	"numpy":           "1.21.2 1.23.2 1.26.0 2.1.0 2.3.2",
	"onnxruntime":     "1.12.0 1.15.0 1.17.0 1.20.0 1.24.1",
	"orjson":          "3.4.7 3.7.7 3.9.3 3.10.7 3.11.1",
	"pandas":          "1.3.3 1.5.0 2.1.1 2.2.3 2.3.3",
	"pillow":          "8.3.2 9.2.0 10.0.0 10.4.0 11.3.0",
	"psycopg2":        "2.9.1 2.9.5 2.9.9 2.9.10 2.9.10",
	"psycopg2-binary": "2.9.1 2.9.5 2.9.9 2.9.10 2.9.11",
	"pyarrow":         "6.0.0 10.0.1 14.0.0 18.0.0 22.0.0",
	"pymssql":         "2.2.4 2.2.6 2.2.10 2.3.1 2.3.8",
	"pyodbc":          "4.0.34 4.0.35 5.0.0 5.2.0 5.3.0",
	"pyyaml":          "6.0 6.0 6.0.1 6.0.2 6.0.3",
	"pyzmq":           "22.2.1 23.2.1 25.1.1 26.1.0 27.0.0",
	"rapidfuzz":       "1.8.0 2.5.0 2.15.2 3.9.6 3.14.1",
	"regex":           "2021.8.21 2022.9.11 2023.10.3 2024.9.11 2025.7.29",
	"scikit-image":    "0.19.0 0.20.0 0.22.0 0.25.0 0.26.0",
	"scikit-learn":    "1.0.2 1.1.3 1.3.1 1.5.2 1.7.2",
	"scipy":           "1.7.2 1.9.2 1.11.2 1.14.1 1.16.1",
	"shapely":         "1.8.0 1.8.5 2.0.2 2.0.6 2.1.2",
	"spacy":           "2.3.8 2.3.8 3.7.0 3.8.7 3.8.10",
	"statsmodels":     "0.13.1 0.13.3 0.14.0 0.14.3 0.14.5",
	"tensorflow":      "2.8.0 2.12.0 2.16.1 2.20.0 2.22.0",
	"torch":           "1.11.0 1.13.0 2.2.0 2.5.0 2.9.0",
	"ujson":           "4.2.0 5.5.0 5.8.0 5.10.0 5.11.0",
	"uvloop":          "0.16.0 0.17.0 0.18.0 0.21.0 0.22.1",
	"zstandard":       "0.16.0 0.19.0 0.22.0 0.23.0 0.24.0",
}

// tooOld tells whether the release of a package came before its wheels for that minor version of Python.
func tooOld(name, version, minor string) bool {
	number, err := strconv.Atoi(strings.TrimPrefix(minor, "3."))
	first := strings.Fields(firstWheels[name])
	if err != nil || number < 10 || number-10 >= len(first) || !isVersion(version) {
		return false
	}
	return pyversion.Compare(version, first[number-10]) < 0
}

// fits tells whether one of the wheels runs on Linux with that minor version of Python.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
func fits(wheels []string, minor string) bool {
	number, err := strconv.Atoi(strings.TrimPrefix(minor, "3."))
	linux := slices.DeleteFunc(slices.Clone(wheels), func(file string) bool {
		return !strings.Contains(file, "linux") && !strings.HasSuffix(file, "-any.whl")
	})
	if err != nil || len(linux) == 0 {
		return true // built from its source everywhere
	}
	for _, file := range linux {
		parts := strings.Split(strings.TrimSuffix(file, ".whl"), "-")
		if len(parts) < 5 {
			return true
		}
		python, abi := parts[len(parts)-3], parts[len(parts)-2]
		for tag := range strings.SplitSeq(python, ".") {
			if tag == "py3" || tag == "cp3"+strconv.Itoa(number) || tag == "py3"+strconv.Itoa(number) {
				return true
			}
			since, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(tag, "cp3"), "py3"))
			if err == nil && since <= number && (abi == "abi3" || abi == "none") {
				return true
			}
		}
	}
	return false
}
