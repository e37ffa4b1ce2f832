package project

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ignoreRules is a .dockerignore, ready to ask.
type ignoreRules struct {
	path   string
	file   *source.File // nil when there is none
	exists bool
	// The matcher compiles its patterns when it first meets a path, so even asking changes it: mu guards it.
	mu      sync.Mutex
	matcher *patternmatcher.PatternMatcher // nil when nothing is ignored
}

const (
	// maxPatterns, maxPattern and maxStars bound a .dockerignore: each pattern becomes a regular expression that each path of the
	// context is matched with. Those written by people stay below a tenth of each.
	maxPatterns = 2000
	maxPattern  = 500 // bytes
	maxStars    = 50
	// patternsPerEntry is how many patterns cost as much as looking at an entry of a folder.
	patternsPerEntry = 100
)

// newMatcher gives nil for patterns that Docker refuses: such a build stops before anything is hidden. What is beyond the
// limits is left out.
func newMatcher(content []byte) *patternmatcher.PatternMatcher {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(content))
	if err != nil || len(patterns) == 0 {
		return nil
	}
	patterns = slices.DeleteFunc(patterns, func(p string) bool { return len(p) > maxPattern || strings.Count(p, "*") > maxStars })
	matcher, err := patternmatcher.New(patterns[:min(len(patterns), maxPatterns)])
	if err != nil {
		return nil
	}
	return matcher
}

func (c *Context) ignoreRules() *ignoreRules {
	return c.ignoreM.get(struct{}{}, func() *ignoreRules {
		// "<Dockerfile>.dockerignore" replaces ".dockerignore", it does not add to it:
		// https://docs.docker.com/build/concepts/context/#filename-and-location
		names := []string{".dockerignore"}
		if own, ok := JoinPath(".", c.dockerfilePath); ok && own != "." {
			names = []string{own + ".dockerignore", ".dockerignore"}
		}
		for _, name := range names {
			if content, ok := c.read(name); ok {
				return &ignoreRules{path: name, file: source.New(name, content), exists: true, matcher: newMatcher(content)}
			}
		}
		return &ignoreRules{path: ".dockerignore"}
	})
}

func (c *Context) ignoreFile() (string, *source.File, bool) {
	if c == nil {
		return ".dockerignore", nil, false
	}
	rules := c.ignoreRules()
	return rules.path, rules.file, rules.exists
}

func (c *Context) ignored(written string) bool {
	name, ok := CleanPath(written)
	if c == nil || !ok || name == "." {
		return false
	}
	rules := c.ignoreRules()
	if rules.matcher == nil {
		return false
	}
	rules.mu.Lock()
	defer rules.mu.Unlock()
	matched, err := rules.matcher.MatchesOrParentMatches(name)
	return err == nil && matched
}

func wouldIgnore(lines []string, written string) bool {
	name, ok := CleanPath(written)
	if !ok || name == "." {
		return false
	}
	text := strings.Join(lines, "\n")
	asked.Lock()
	defer asked.Unlock()
	if asked.matcher == nil || asked.text != text {
		asked.text, asked.matcher = text, newMatcher([]byte(text))
	}
	if asked.matcher == nil {
		return false
	}
	matched, err := asked.matcher.MatchesOrParentMatches(name)
	return err == nil && matched
}

// asked is the ignore file of which wouldIgnore was asked last: several paths are asked of one, again after each edit in an editor, and it
// takes long to compile.
var asked struct {
	sync.Mutex

	text    string
	matcher *patternmatcher.PatternMatcher
}

// entry is one file or directory that the daemon would receive.
type entry struct {
	path  string
	isDir bool
}

type listing struct {
	entries  []entry
	complete bool
}

func (c *Context) walk(written string, visit func(string, bool) bool) bool {
	dir, ok := CleanPath(written)
	if c == nil || c.fsys == nil || !ok || !c.isDir(dir) {
		return true
	}
	list := c.listing(dir)
	for _, e := range list.entries {
		if !visit(e.path, e.isDir) {
			return false
		}
	}
	return list.complete
}

func (c *Context) listing(dir string) listing {
	return c.listings.get(dir, func() listing {
		w := walker{fsys: c.fsys, rules: c.ignoreRules(), left: maxEntries, complete: true}
		w.rules.mu.Lock()
		defer w.rules.mu.Unlock()
		if w.rules.matcher != nil {
			w.left /= 1 + len(w.rules.matcher.Patterns())/patternsPerEntry
		}
		w.descend(dir, w.parentInfo(dir))
		return listing{w.entries, w.complete}
	})
}

// walker lists what .dockerignore lets through, as fsutil's FilterFS does: a hidden directory is only
// entered when a later "!" may bring back something below it, and is then itself there.
type walker struct {
	fsys     fs.FS
	rules    *ignoreRules
	left     int
	complete bool
	entries  []entry
	pending  []string // hidden directories on the way to the current one
}

func (w *walker) parentInfo(dir string) patternmatcher.MatchInfo {
	var info patternmatcher.MatchInfo
	if dir == "." || w.rules.matcher == nil {
		return info
	}
	elements := strings.Split(dir, "/")
	for i := range elements {
		_, info = w.match(strings.Join(elements[:i+1], "/"), info)
	}
	return info
}

func (w *walker) match(name string, parent patternmatcher.MatchInfo) (bool, patternmatcher.MatchInfo) {
	if w.rules.matcher == nil {
		return false, parent
	}
	matched, info, err := w.rules.matcher.MatchesUsingParentResults(name, parent)
	if err != nil {
		return false, patternmatcher.MatchInfo{}
	}
	return matched, info
}

func (w *walker) descend(dir string, parent patternmatcher.MatchInfo) {
	children, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.complete = false
		return
	}
	for _, child := range children {
		if w.left--; w.left < 0 {
			w.complete = false
			return
		}
		name := path.Join(dir, child.Name())
		hidden, info := w.match(name, parent)
		if !hidden {
			for _, above := range w.pending {
				w.entries = append(w.entries, entry{above, true})
			}
			w.pending = w.pending[:0]
			w.entries = append(w.entries, entry{name, child.IsDir()})
		}
		if !child.IsDir() || hidden && !w.mayReturn(name) {
			continue
		}
		if hidden {
			w.pending = append(w.pending, name)
		}
		w.descend(name, info)
		if n := len(w.pending); hidden && n > 0 && w.pending[n-1] == name {
			w.pending = w.pending[:n-1]
		}
	}
}

// mayReturn tells whether a "!" pattern may match something below dir.
func (w *walker) mayReturn(dir string) bool {
	for _, pattern := range w.rules.matcher.Patterns() {
		if !pattern.Exclusion() {
			continue
		}
		fixed := pattern.String()
		if wild := strings.IndexAny(fixed, `*?[\`); wild >= 0 {
			fixed = fixed[:strings.LastIndex(fixed[:wild], "/")+1]
			if strings.HasPrefix(dir+"/", fixed) {
				return true
			}
		}
		if strings.HasPrefix(fixed, dir+"/") {
			return true
		}
	}
	return false
}

// sent tells whether the builder receives the path: it is not hidden, or something below it is not.
func (c *Context) sent(name string, isDir bool) bool {
	if !c.ignored(name) {
		return true
	}
	return isDir && len(c.listing(name).entries) > 0
}

func (c *Context) glob(pattern string) []string {
	if c == nil || c.fsys == nil || pattern == "" {
		return nil
	}
	// A COPY source can't leave the context: BuildKit takes "../x" for "x".
	pattern = strings.TrimPrefix(path.Join("/", pattern), "/")
	var matches []string
	for _, e := range matchPattern(c.fsys, pattern) {
		if c.sent(e.path, e.isDir) {
			matches = append(matches, e.path)
		}
	}
	return matches
}

// matchPattern matches a cleaned pattern element by element. Up to its first wildcard a pattern is a plain path, in which a
// backslash is a backslash; "**" is no more than "*" (fsutil's ResolveWildcards).
func matchPattern(fsys fs.FS, pattern string) []entry {
	if pattern == "" {
		pattern = "."
	}
	elements := strings.Split(pattern, "/")
	first := 0
	for first < len(elements) && !hasWildcard(elements[first]) {
		first++
	}
	start := path.Join(elements[:first]...)
	if start == "" {
		start = "."
	}
	if !fs.ValidPath(start) {
		return nil
	}
	info, err := fs.Stat(fsys, start)
	if err != nil {
		return nil
	}
	level := []entry{{start, info.IsDir()}}
	budget := maxEntries
	for _, element := range elements[first:] {
		var next []entry
		for _, e := range level {
			if !e.isDir {
				continue
			}
			children, _ := fs.ReadDir(fsys, e.path)
			for _, child := range children {
				if budget--; budget < 0 {
					return next
				}
				if ok, err := path.Match(element, child.Name()); err == nil && ok {
					next = append(next, entry{path.Join(e.path, child.Name()), child.IsDir()})
				}
			}
		}
		level = next
	}
	return level
}

func hasWildcard(element string) bool {
	for i := 0; i < len(element); i++ {
		switch element[i] {
		case '\\':
			i++
		case '*', '?', '[':
			return true
		}
	}
	return false
}
