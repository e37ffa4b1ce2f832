package lint

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// Concerned tells whether a change of the files at absolute paths concerns a Dockerfile: its own text, its configuration, the compose or
// bake file that describes its build, its ignore file, or a file of the build context that it may copy. The files need not be there any
// more. What can't be judged is concerned.
func (l *Linter) Concerned(in Input, changed []string) bool {
	if slices.Contains(changed, l.absolute(in.Path)) {
		return true
	}
	unit, err := l.Open(in)
	if err != nil {
		return true
	}
	defer unit.Close()
	if unit.Config.Path != "" && slices.Contains(changed, l.absolute(unit.Config.Path)) {
		return true
	}
	if describer, _, ok := strings.Cut(unit.Place.Why, ":"); ok && slices.Contains(changed, l.absolute(describer)) {
		return true
	}
	if unit.Place.Context == "" {
		return false
	}
	tree := project.Open(unit.fsys, unit.Place.Dockerfile)
	ignoreFile, _, _ := tree.IgnoreFile()
	copied := unit.copied()
	for _, file := range changed {
		rel, inside := below(unit.Place.Context, file)
		if inside && (rel == ignoreFile || mayCopy(copied, rel) && !tree.Ignored(rel)) {
			return true
		}
	}
	return false
}

// mayCopy tells whether one of the sources of COPY and ADD covers the file at a slash path of the context.
func mayCopy(sources []string, rel string) bool {
	for _, source := range sources {
		source = strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(source)), "/")
		if source == "" {
			return true
		}
		// A source may be a folder or a pattern, and a pattern may match a folder.
		for at := rel; at != "."; at = path.Dir(at) {
			if matched, err := path.Match(source, at); matched || err != nil {
				return true
			}
		}
	}
	return false
}
