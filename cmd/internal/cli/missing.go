package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// withHint adds to the error about a path that is not there what was probably meant.
func withHint(err error) error {
	var missing *discover.Missing
	if !errors.As(err, &missing) || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.New(err.Error() + pathHint(missing.Path))
}

func pathHint(path string) string {
	dir, base := filepath.Split(path)
	switch {
	case strings.Contains(path, "://"):
		return "; to lint what is there: `curl -fsSL URL | pylint-docker check -`"
	case lint.CheckSelector(path) == nil:
		return "; rules are joined by commas, as in --select PLD1,PLD205"
	case strings.ContainsAny(path, "*?["):
		dir, _ = filepath.Split(path[:strings.IndexAny(path, "*?[")])
		return "; patterns are for --exclude, folders are searched: pylint-docker check " + filepath.Clean(dir)
	case strings.IndexByte(path, ':') > 1 && !strings.ContainsAny(path, `\ `): // not C:
		if file, _, _ := strings.Cut(path, ":"); discover.IsName(filepath.Base(file)) {
			return "; a file is linted as a whole: pylint-docker check " + file
		}
		return "; to look into an image: pylint-docker image " + path
	}
	var names []string
	entries, _ := os.ReadDir(filepath.Clean(dir)) // without them there is nothing to name
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if best := words.Closest(base, names); best != "" {
		return "; did you mean " + dir + best + "?"
	}
	return ""
}
