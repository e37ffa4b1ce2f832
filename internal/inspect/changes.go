package inspect

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Fails lists what keeps the image from starting, or fails in what it starts: what is proved, not what is only declared.
func (s *System) Fails() []Finding {
	return slices.DeleteFunc(s.failures(), func(f Finding) bool { return f.Advice || f.Codes[0] == "PLD701" })
}

// Worse lists what keeps the image from starting, or fails in what it starts, and is no fault of the image before, of which it was made by
// changing the build: messages of findings. Where files lie may differ.
func (s *System) Worse(before *System) []string {
	old := map[string]bool{}
	for _, f := range before.failures() {
		old[f.fault()] = true
	}
	var worse []string
	for _, f := range s.Fails() {
		if !old[f.fault()] {
			worse = append(worse, f.Message)
		}
	}
	return worse
}

// notStarting begins what Findings say of the start command.
const notStarting = "the image does not start: "

// moving is what differs between two places of the same file, and how many more there are.
var moving = regexp.MustCompile(`[^ ]*/| \(and .*`)

// fault names a failure in all images alike; one that does not start can't start worse.
func (f *Finding) fault() string {
	if strings.HasPrefix(f.Message, notStarting) {
		return notStarting
	}
	return f.Codes[0] + moving.ReplaceAllString(f.Message, "")
}

// Less is a kind of thing that an image has less of.
type Less struct {
	What  string // build tools, package lists
	Bytes int64
}

// Smaller lists what the image has half a megabyte less of than the one before, the largest first.
func (s *System) Smaller(before *System) []Less {
	sum := before.weights()
	for what, bytes := range s.weights() {
		sum[what] -= bytes
	}
	var list []Less
	for what, bytes := range sum {
		if bytes >= small {
			list = append(list, Less{what, bytes})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Bytes > list[j].Bytes || list[i].Bytes == list[j].Bytes && list[i].What < list[j].What
	})
	return list
}

// weights are what an image has of each kind of waste, and of packages of the system besides.
func (s *System) weights() map[string]int64 {
	sum := map[string]int64{}
	for _, w := range s.Waste() {
		sum[string(w.Kind)] += w.Bytes
	}
	for _, p := range s.SystemPackages() {
		if !isBuildTool(p.Name) {
			sum["other system packages"] += p.Bytes
		}
	}
	return sum
}
