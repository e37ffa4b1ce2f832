package installer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

var (
	archiveOf = pattern.New(`(?i)^https?://(?:www\.)?(?:github\.com/[^/]+/[^/]+/(?:archive|tarball|zipball)|codeload\.github\.com/[^/]+/[^/]+/(?:zip|tar\.gz)|` +
		`gitlab\.com/.+/-/archive)/(?:refs/heads/)?([^/?#]+)`)
	shortCommit = pattern.New(`^[0-9a-fA-F]{7,40}$`)
)

// Moving tells whether the requirement certainly means other code after the next push: a repository without a revision or with a
// branch, or the archive that a forge makes of a branch. A revision with a digit in it may be a tag and is taken for one. branch is the
// branch as written, "" for the repository's default one.
func (r Requirement) Moving() (branch string, moving bool) {
	switch r.Kind {
	case VCS:
		branch = r.Revision
	case URL:
		m := archiveOf.FindStringSubmatch(r.Location)
		if m == nil || m[1] == "refs" || r.Pinned() {
			return "", false
		}
		branch = strings.TrimSuffix(strings.TrimSuffix(m[1], ".zip"), ".tar.gz")
	default:
		return "", false
	}
	if strings.ContainsAny(r.Location, "$") { // a variable that pip replaces, or that nothing did
		return "", false
	}
	if strings.HasPrefix(branch, "refs/heads/") {
		return branch, true
	}
	return branch, !strings.ContainsAny(branch, "0123456789") && !shortCommit.MatchString(branch)
}
