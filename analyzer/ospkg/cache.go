package ospkg

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// IndexDir gives the directories in which a manager leaves package indexes and downloaded packages.
// The first is the one that an install always fills. The caller must not change the slice.
func IndexDir(manager Manager) []string { return indexDirs[manager] }

var indexDirs = map[Manager][]string{
	// Debian's and Ubuntu's images have /etc/apt/apt.conf.d/docker-clean, which empties
	// /var/cache/apt after each install; the lists stay.
	Apt: {"/var/lib/apt/lists", "/var/cache/apt"},
	// apk keeps the index in /var/cache/apk unless --no-cache is given.
	Apk:    {"/var/cache/apk", "/etc/apk/cache"},
	Dnf:    {"/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/lib/dnf"},
	Zypper: {"/var/cache/zypp"},
}

// cleared are the directories of which one must be emptied for the index to be gone.
var cleared = map[Manager][]string{
	Apt:    {"/var/lib/apt/lists"},
	Apk:    {"/var/cache/apk"},
	Dnf:    {"/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"},
	Zypper: {"/var/cache/zypp"},
}

// CleansCache tells whether a command, c if it calls a package manager, removes the indexes that the manager has left, wholly or but
// for files of no account: `rm -rf /var/lib/apt/lists/*` and its variants, `find ... -delete`, `dnf clean
// all`. `apt-get clean` is none: it empties /var/cache/apt/archives and leaves the lists.
func CleansCache(manager Manager, c *Command, argv []shell.Field) bool {
	if c != nil {
		return c.Manager == manager && cleans(c, argv)
	}
	_, _, rest, _ := shell.Unwrap(argv)
	if len(rest) == 0 {
		return false
	}
	switch path.Base(rest[0].Text()) {
	case "rm":
		return removes(manager, rest[1:])
	case "find":
		return finds(manager, rest[1:])
	}
	return false
}

// cleans is the manager's own clean command.
func cleans(c *Command, argv []shell.Field) bool {
	if c.Verb != Clean {
		return false
	}
	word := func(want ...string) bool {
		return slices.ContainsFunc(argv, func(f shell.Field) bool { return slices.Contains(want, f.Text()) })
	}
	switch c.Manager {
	case Apt:
		return word("dist-clean", "distclean") // new in the apt of Debian 13: removes the lists too
	case Dnf:
		return word("all", "metadata")
	case Zypper:
		// `zypper clean` removes packages only, -m metadata only; --all both.
		return word("-a", "--all", "-m", "--metadata", "-am", "-ma")
	}
	return false
}

// removes tells whether `rm` with these arguments empties the manager's directory.
func removes(manager Manager, args []shell.Field) bool {
	recursive, cleaned, options := false, false, true
	for _, f := range args {
		text := f.Text()
		switch {
		case options && text == "--":
			options = false
		case options && strings.HasPrefix(text, "--"):
			recursive = recursive || text == "--recursive"
		case options && strings.HasPrefix(text, "-"):
			recursive = recursive || strings.ContainsAny(text, "rR")
		case empties(manager, text, recursive):
			cleaned = true
		}
	}
	return cleaned
}

// empties tells whether removing the path, which may be a glob, empties one of the directories. The
// order of rm's arguments does not matter, but everyone writes -rf first.
func empties(manager Manager, target string, recursive bool) bool {
	if !strings.HasPrefix(target, "/") {
		return false
	}
	// /var/lib/apt/lists/*.* and *_* spare only "lock" and "partial", which is empty.
	for _, glob := range []string{"/*.*", "/*_*", "/**", "/*.tar.gz", "/*.gz"} {
		if dir, ok := strings.CutSuffix(target, glob); ok && (manager == Apk || !strings.HasSuffix(glob, "gz")) {
			target = dir + "/*"
		}
	}
	whole := !strings.HasSuffix(target, "/*")
	dir := path.Clean(strings.TrimSuffix(target, "/*"))
	if strings.ContainsAny(dir, "*?[{") {
		return false
	}
	for _, want := range cleared[manager] {
		above := strings.HasPrefix(want, dir+"/") || dir == "/"
		switch {
		case !above && dir != want:
		case recursive:
			return true
		// Without -r only plain files go: enough for apk's index, which lies right in its directory, and for
		// the lists; rm complains about the directory "partial" and fails, so -r is asked of apt.
		case !whole && dir == want && manager == Apk:
			return true
		}
	}
	return false
}

// finds tells whether `find DIR ... -delete` or `-exec rm` empties the manager's directory.
func finds(manager Manager, args []shell.Field) bool {
	var dirs []string
	deletes := false
	for i, f := range args {
		text := f.Text()
		switch {
		case !deletes && len(dirs) == i && !strings.HasPrefix(text, "-"):
			dirs = append(dirs, text)
		case text == "-delete":
			deletes = true
		case (text == "-exec" || text == "-execdir") && i+1 < len(args):
			deletes = deletes || path.Base(args[i+1].Text()) == "rm"
		case text == "-name", text == "-mtime", text == "-atime", text == "-newer", text == "-regex", text == "-path":
			return false // only some of the files
		}
	}
	return deletes && slices.ContainsFunc(dirs, func(dir string) bool { return empties(manager, dir, true) })
}
