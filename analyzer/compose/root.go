package compose

import (
	"io/fs"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// GuessRoot finds the build context of a Dockerfile when nobody named it: what a compose or bake file next to or above it says;
// else its own folder or the nearest folder above that holds most of what it copies. fsys is rooted at the searched
// repository, dockerfilePath is relative to that, and copied are the sources of COPY and ADD as written (neither URLs nor with
// variables). The answer is a slash path relative to fsys, "." for its root.
func GuessRoot(fsys fs.FS, dockerfilePath string, copied []string) string {
	name, ok := project.CleanPath(dockerfilePath)
	if fsys == nil || !ok {
		return "."
	}
	own := path.Dir(name)
	if described := describedContexts(fsys, name); len(described) > 0 {
		return mostCopied(fsys, described, copied)
	}
	candidates := []string{own}
	for dir := own; dir != "."; {
		dir = path.Dir(dir)
		candidates = append(candidates, dir)
	}
	return mostCopied(fsys, candidates, copied)
}

// HoldsAny tells whether a folder can be the context: it holds at least one of the files that are copied by name,
// or nothing is.
func HoldsAny(fsys fs.FS, dir string, copied []string) bool {
	named := 0
	for _, source := range copied {
		if strings.Trim(path.Clean("/"+source), "/") == "" {
			continue
		}
		named++
		if project.Holds(fsys, dir, source) {
			return true
		}
	}
	return named == 0
}

// describedContexts are the contexts that the nearest compose and bake files give for the Dockerfile.
func describedContexts(fsys fs.FS, dockerfile string) []string {
	for dir := path.Dir(dockerfile); ; dir = path.Dir(dir) {
		var contexts []string
		for _, b := range Builds(fsys, dir) {
			if b.Dockerfile == dockerfile && b.Context != "" {
				contexts = append(contexts, b.Context)
			}
		}
		if len(contexts) > 0 || dir == "." {
			return contexts
		}
	}
}

// mostCopied is the candidate that holds most of the copied files, the first one of those that hold the same number.
func mostCopied(fsys fs.FS, candidates, copied []string) string {
	best, most := candidates[0], -1
	for i, dir := range candidates {
		if i > 0 && dir == best {
			continue
		}
		count := 0
		for _, source := range copied {
			if project.Holds(fsys, dir, source) {
				count++
			}
		}
		if count > most {
			best, most = dir, count
		}
	}
	return best
}
