package scaffold

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// lockedFor orders the versions of Python that the project allows by how many of the locked packages have no wheel for them although they have
// some for others: these would be compiled, with tools that the builder lacks, and fail as a rule. Versions that are alike stay in order.
func (p *plan) lockedFor(minors []string) []string {
	misfits := map[string]int{}
	for _, minor := range minors {
		misfits[minor] = len(p.misfits(minor))
	}
	sorted := slices.Clone(minors)
	slices.SortStableFunc(sorted, func(a, b string) int { return misfits[a] - misfits[b] })
	return sorted
}

// misfits are the locked packages that have wheels, but none for that minor version of Python, in alphabetical order.
func (p *plan) misfits(minor string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.wheels)) {
		if p.has(name) && !fits(p.wheels[name], minor) {
			names = append(names, name)
		}
	}
	return names
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
