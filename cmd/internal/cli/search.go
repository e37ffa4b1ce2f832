package cli

import (
	"path/filepath"
	"slices"

	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// search finds what args mean. With --force-exclude, files that `exclude` names are left out even when an argument names them:
// pre-commit and its like name every file that has changed.
func (f *checkFlags) search(args []string, linter *lint.Linter) ([]discover.File, []error) {
	files, errs := discover.Search(args, linter.Excluded)
	if f.forceExclude {
		files = slices.DeleteFunc(files, func(file discover.File) bool { return leftOut(linter, file.Path) })
	}
	return files, errs
}

// leftOut tells whether a search of all folders above path would leave it out. Each folder is asked for: a configuration below
// an excluded folder, which a search would not reach, has no say in it.
func leftOut(linter *lint.Linter, path string) bool {
	at, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		if linter.Excluded(at, false) {
			return true
		}
	}
	return false
}
