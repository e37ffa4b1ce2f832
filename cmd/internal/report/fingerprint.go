package report

import (
	"strconv"
	"unicode/utf16"
)

const (
	fingerprintWindow = 100
	fingerprintFactor = 37
	// fingerprintEnd stands after the last character of a file.
	fingerprintEnd = 0xffff
)

// lineFingerprints gives for each line what GitHub's upload action computes as its
// primaryLocationLineHash, so that an alert keeps its identity when lines above it change.
//
// The fingerprint of a line is a polynomial over the 100 UTF-16 code units from its first on,
// across line ends; blanks and tabs do not count, and a line end is one unit however it is written.
// A number after a colon tells equal ones apart.
func lineFingerprints(content []byte) []string {
	var units []uint64
	starts := []int{0}
	afterCR := false
	for _, unit := range utf16.Encode([]rune(string(content))) {
		if unit == ' ' || unit == '\t' || unit == '\n' && afterCR {
			afterCR = false
			continue
		}
		afterCR = unit == '\r'
		if afterCR {
			unit = '\n'
		}
		units = append(units, uint64(unit))
		if unit == '\n' {
			starts = append(starts, len(units))
		}
	}
	units = append(units, fingerprintEnd)
	seen := map[uint64]int{}
	prints := make([]string, len(starts))
	for line, start := range starts {
		var hash uint64
		for i := start; i < start+fingerprintWindow; i++ {
			hash *= fingerprintFactor
			if i < len(units) {
				hash += units[i]
			}
		}
		seen[hash]++
		prints[line] = strconv.FormatUint(hash, 16) + ":" + strconv.Itoa(seen[hash])
	}
	return prints
}
