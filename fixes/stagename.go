package fixes

import (
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
)

// FreeStageName is the first of the names that no stage has and no FROM or --from means an image by, or the first with a number.
func FreeStageName(build *analyzer.Build, names ...string) string {
	taken := map[string]bool{}
	for _, in := range build.Doc.Instructions {
		for _, from := range FromReferences(in) {
			taken[strings.ToLower(from)] = true
		}
		if in.Keyword == "FROM" {
			for _, a := range in.Args {
				taken[strings.ToLower(a.Text)] = true
			}
		}
	}
	for _, s := range build.Stages {
		taken[strings.ToLower(s.Name)] = true
		taken[strings.ToLower(s.BaseText.Or(""))] = true
	}
	for _, name := range names {
		if !taken[name] {
			return name
		}
	}
	for n := 2; ; n++ {
		if name := names[0] + "-" + strconv.Itoa(n); !taken[name] {
			return name
		}
	}
}

// FromReferences are the stages and images that an instruction names in --from and --mount=from.
func FromReferences(in *dockerfile.Instruction) []string {
	var found []string
	for _, f := range in.Flags {
		switch f.Name {
		case "from":
			found = append(found, f.Value)
		case "mount":
			if from := f.Options()["from"]; from != "" {
				found = append(found, from)
			}
		}
	}
	return found
}
