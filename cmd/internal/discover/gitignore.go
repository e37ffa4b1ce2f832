package discover

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// rules are the patterns of .gitignore files in force, from the outermost folder to the innermost.
type rules []rule

// rule is one pattern (gitignore(5)).
type rule struct {
	base    string // absolute folder of the file
	pattern string // for doublestar, relative to base
	negate  bool
	dirOnly bool
}

// above gives the rules of the folders above dir up to the root of its repository. Outside of a repository
// nothing above counts, as for git.
func above(dir string) rules {
	var folders []string
	for at := dir; ; at = filepath.Dir(at) {
		if at != dir {
			folders = append(folders, at)
		}
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			break
		}
		if filepath.Dir(at) == at {
			return nil
		}
	}
	var rs rules
	for i := len(folders) - 1; i >= 0; i-- {
		rs = rs.with(folders[i])
	}
	return rs
}

// Skipped tells whether a search from the root of the repository around an absolute path would leave the file out: by what .gitignore
// files say, or as one in a folder that never holds a project's own Dockerfiles.
func Skipped(path string) bool {
	dir := filepath.Dir(path)
	var rs rules
	top := dir
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			top = at
			break
		}
		if filepath.Dir(at) == at {
			break
		}
	}
	rel, err := filepath.Rel(top, path)
	if err != nil {
		return false
	}
	parts := strings.Split(filepath.ToSlash(rel), "/")
	at := top
	for i, part := range parts {
		rs = rs.with(at)
		at = filepath.Join(at, part)
		folder := i+1 < len(parts)
		if rs.match(at, folder) || folder && skipped[part] {
			return true
		}
	}
	return false
}

// maxIgnoreFile is how large a .gitignore may be, in bytes.
const maxIgnoreFile = 1 << 20

// with adds the patterns of the folder's own files.
func (rs rules) with(dir string) rules {
	own := rs[:len(rs):len(rs)]
	for _, name := range []string{filepath.Join(".git", "info", "exclude"), ".gitignore"} {
		path := filepath.Join(dir, name)
		// Nobody writes to a named pipe, and a device has no end.
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > maxIgnoreFile {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(content)) {
			if r, ok := parseRule(dir, line); ok {
				own = append(own, r)
			}
		}
	}
	return own
}

func parseRule(base, line string) (rule, bool) {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if line == "" || line[0] == '#' {
		return rule{}, false
	}
	// Blanks at the end do not count unless a backslash keeps them.
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	r := rule{base: base}
	if line, r.negate = strings.CutPrefix(line, "!"); line == "" {
		return rule{}, false
	}
	line, r.dirOnly = strings.CutSuffix(line, "/")
	// A slash anywhere but at the end ties the pattern to this folder.
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	// Braces mean nothing to git.
	line = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(line)
	if !anchored {
		line = "**/" + line
	}
	r.pattern = line
	return r, line != "" && doublestar.ValidatePattern(line)
}

// match tells whether the last pattern that matches the path ignores it. The folders that it lies
// in are known not to be ignored.
func (rs rules) match(path string, dir bool) bool {
	for i := len(rs) - 1; i >= 0; i-- {
		r := rs[i]
		if r.dirOnly && !dir {
			continue
		}
		rel, err := filepath.Rel(r.base, path)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		pattern := r.pattern
		// git: a trailing "/**" matches everything inside, not the folder itself.
		if inside, ok := strings.CutSuffix(pattern, "/**"); ok {
			pattern = inside + "/**/*"
		}
		if ok, _ := doublestar.Match(pattern, rel); ok {
			return !r.negate
		}
	}
	return false
}
