package verify

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// maxDetail is how many lines explain a problem.
const maxDetail = 12

// compare says how an answer differs from the one before, "" if they are alike.
func compare(before, after *engine.Result) (problem string, detail []string) {
	if before.Code != after.Code {
		detail = last(after.Stderr)
		if len(detail) == 0 {
			detail = last(after.Stdout)
		}
		return fmt.Sprintf("answers otherwise after the fixes: the smoke command ends with exit code %d, before with %d", after.Code, before.Code), detail
	}
	if before.Stdout == after.Stdout {
		return "", nil
	}
	a, b := strings.Split(before.Stdout, "\n"), strings.Split(after.Stdout, "\n")
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	detail = []string{fmt.Sprintf("line %d before: %s", at+1, line(a, at)), fmt.Sprintf("line %d after:  %s", at+1, line(b, at))}
	return "answers otherwise after the fixes: the smoke command prints something else", detail
}

func line(lines []string, at int) string {
	if at >= len(lines) {
		return "(there is none)"
	}
	return fmt.Sprintf("%q", lines[at])
}

// last gives the last lines of a text.
func last(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-maxDetail):]
}

// Sizes puts the sizes of two images side by side, as in "478 MB before, 156 MB after: 67 % smaller".
func Sizes(before, after int64) string {
	text := Size(before) + " before, " + Size(after) + " after"
	if before <= 0 || after <= 0 {
		return text // an engine that tells no sizes
	}
	share := 100 * float64(after-before) / float64(before)
	switch {
	case after == before:
		return text + ": the same"
	case share > -0.05 && share < 0.05:
		return text + ": nearly the same"
	case share < 0:
		return text + ": " + percent(-share) + " smaller"
	}
	return text + ": " + percent(share) + " larger"
}

// percent has a digit after the point where that is all there is.
func percent(share float64) string {
	if share < 1 {
		return fmt.Sprintf("%.1f %%", share)
	}
	return fmt.Sprintf("%.0f %%", share)
}

// Size is a number of bytes in the units of `docker images`: 1 MB is a million bytes.
func Size(bytes int64) string {
	switch size := float64(bytes); {
	case size >= 999.5e6:
		return fmt.Sprintf("%.2f GB", size/1e9)
	case size >= 99.95e6:
		return fmt.Sprintf("%.0f MB", size/1e6)
	case size >= 999.5e3:
		return fmt.Sprintf("%.1f MB", size/1e6)
	case size >= 1000:
		return fmt.Sprintf("%.0f kB", size/1e3)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
