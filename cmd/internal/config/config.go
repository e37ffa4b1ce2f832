// Package config reads what a project says about its linting: .pylint-docker.yaml, or the table
// [tool.pylint-docker] of pyproject.toml. Every mistake in such a file is a Problem with its line
// and column; nothing is skipped silently.
package config

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
)

// Config is what the configuration files say. Its zero value, and Default, say nothing.
type Config struct {
	// Path is the file that was found, "" without one. Dir is its absolute folder.
	Path, Dir string

	Select         []string // rule selectors; nil means the default set
	ExtendSelect   []string
	Ignore         []string
	PerFileIgnores []PerFile
	Severity       []SeverityRule // in order of increasing precision of their selector
	// FailOn is the least severity that fails a run, 0 when nothing is said; Never tells that none does.
	FailOn            analyzer.Severity
	Never             bool
	Exclude           []Glob
	Context           string // absolute folder, "" when nothing is said
	Target            string
	BuildArgs         map[string]string
	Layout            string // "user-base", "venv", "prefix" or ""
	RuntimeImage      string // "same", "slim" or ""
	UserBase          string
	Pins              map[string]string
	TrustedRegistries []string
	RegistryMirrors   []string
	BaseImages        map[string]image.Description // of the key images, by name
	Allow             map[string][]string          // rule selector -> words that the rule accepts
	Compat            string                       // "hadolint", "none" or ""
	// Hadolint is what was taken over from a configuration of hadolint's, nil for nothing. See With.
	Hadolint *Hadolint

	origins map[string]Origin
}

// Default is the configuration without any file.
func Default() *Config { return &Config{} }

// Origin is the place that a setting comes from.
type Origin struct {
	File         string
	Line, Column int
}

func (o Origin) String() string { return fmt.Sprintf("%s:%d:%d", o.File, o.Line, o.Column) }

// Origin tells where the key was set last.
func (c *Config) Origin(key string) (Origin, bool) {
	o, ok := c.origins[key]
	return o, ok
}

// PerFile switches rules off in the files that match.
type PerFile struct {
	Glob
	Selectors []string
}

// SeverityRule changes the severity of the findings of the rules that Selector names.
type SeverityRule struct {
	Selector string
	Severity analyzer.Severity
}

// Glob is a pattern, relative to the folder of the configuration file that holds it.
type Glob struct {
	Base    string // absolute folder
	Pattern string
}

// Match tells whether the pattern matches the file or folder at an absolute path, or a folder that
// it lies in. A pattern without a slash matches at every depth.
func (g Glob) Match(path string) bool {
	rel, err := filepath.Rel(g.Base, path)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	if rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	pattern := strings.TrimSuffix(strings.TrimPrefix(g.Pattern, "./"), "/")
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	pattern = strings.TrimPrefix(pattern, "/")
	for end := 0; end < len(rel); {
		next := strings.IndexByte(rel[end:], '/')
		if next < 0 {
			end = len(rel)
		} else {
			end += next
		}
		if ok, _ := doublestar.Match(pattern, rel[:end]); ok {
			return true
		}
		end++
	}
	return false
}

// Excluded tells whether the file or folder at an absolute path is left out of a search.
func (c *Config) Excluded(path string) bool {
	for _, g := range c.Exclude {
		if g.Match(path) {
			return true
		}
	}
	return false
}

// IgnoredIn lists the selectors that per-file-ignores switches off for the file at an absolute path.
func (c *Config) IgnoredIn(path string) []string {
	var selectors []string
	for _, p := range c.PerFileIgnores {
		if p.Match(path) {
			selectors = append(selectors, p.Selectors...)
		}
	}
	return selectors
}

// Problem is a mistake in a configuration file. Line 0 means the file as a whole.
type Problem struct {
	File         string
	Line, Column int
	Message      string // one sentence, no final period
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Problems are all mistakes of a configuration file and those that it extends, in order of place.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// orNil avoids an error value that holds no problem.
func (ps Problems) orNil() error {
	if len(ps) == 0 {
		return nil
	}
	sort.SliceStable(ps, func(i, j int) bool {
		if ps[i].File != ps[j].File {
			return false
		}
		if ps[i].Line != ps[j].Line {
			return ps[i].Line < ps[j].Line
		}
		return ps[i].Column < ps[j].Column
	})
	return ps
}

// Catalogue is what the reader has to know about rules.
type Catalogue struct {
	Has     func(selector string) bool   // whether the code, name or prefix names at least one rule
	Nearest func(selector string) string // the code or name that was probably meant, or ""
	Allows  func(selector string) bool   // whether one of these rules takes words to allow; nil when all do
}
