package packaging

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A link or a picture of Markdown whose target is a path of the repository.
var relativeLink = regexp.MustCompile(`(!?)\[([^\[\]]*)\]\(([^():#\s][^():\s]*)\)`)

// readme is README.md as other places show it: what it links to in the repository is linked there.
func (s Source) readme() (string, error) {
	content, err := os.ReadFile(filepath.Join(s.Root, "README.md"))
	return absolute(string(content), s.Ref), err
}

// absolute turns relative links of a page into links to the repository at a commit, except in fenced code.
func absolute(page, ref string) string {
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(page) {
		mark := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(mark) >= 3:
			fence = mark
		case fence != "" && mark == fence:
			fence = ""
		case fence == "":
			line = relativeLink.ReplaceAllStringFunc(line, func(link string) string {
				m := relativeLink.FindStringSubmatch(link)
				kind := "blob"
				if m[1] == "!" {
					kind = "raw"
				}
				return m[1] + "[" + m[2] + "](" + repository + "/" + kind + "/" + ref + "/" + strings.TrimPrefix(m[3], "./") + ")"
			})
		}
		out.WriteString(line)
	}
	return out.String()
}
