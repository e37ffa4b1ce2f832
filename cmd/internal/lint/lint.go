// Package lint is the one door to judging a Dockerfile: the command line and the language server
// open it. It joins what the user said (flags, configuration, compose files) with the analyzer,
// the rules and the fixes.
package lint

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/rules"
)

// Options are what was said on the command line. They win over configuration files.
type Options struct {
	Dir          string // absolute: where the user stands
	Config       string // a configuration file, "" to look for one
	Isolated     bool   // look for none
	Select       []string
	ExtendSelect []string
	Ignore       []string
	// Exclude and PerFileIgnores are added to those of the configuration.
	Exclude        []config.Glob
	PerFileIgnores []config.PerFile
	// Fixable are the only rules whose fixes count, nil for all; those of Unfixable never do.
	Fixable, Unfixable []string
	Context            string // the build context, "" to look for it
	// Within are the absolute folders that the user named. Where a configuration, compose or bake file says what the build context is,
	// only files below them have fixes, the Dockerfile aside; nil means that all have.
	Within    []string
	Target    string
	BuildArgs map[string]string
	// Compat is that of the configuration, "" to ask there.
	Compat string
	Today  time.Time
	// Share tells that only Changes change files while the Linter lives, so that Dockerfiles of one build context may share what
	// was read of it. What somebody else changes meanwhile is seen later or not at all. It has no effect together with Seen.
	Share bool
	// Seen is told the absolute path of every file and folder of the context and of every configuration, compose and bake
	// file before it is looked for, by several goroutines; the Dockerfiles aside. It may be nil.
	Seen func(path string)
}

// Linter lints Dockerfiles. It may be used by several goroutines.
type Linter struct {
	options Options
	configs *config.Loader
	fixed   *config.Config // of --config, or that of nobody when Isolated; nil otherwise

	mu         sync.Mutex
	builds     map[string][]compose.Build // by folder that was searched
	described  map[string][]described     // what Describe has found, by absolute path of the Dockerfile
	joined     map[joinedConfig]*config.Config
	selections map[selectionKey]rules.Selection
	folders    latest[string, fs.FS] // by absolute path
	contexts   latest[contextKey, *project.Context]
	// pending are changes to files of build contexts, by context, that --fix made or --diff would make.
	pending map[string]map[string][]byte
}

// New makes a Linter. The error is about --config, --context or a selector, and is for the user.
func New(o Options) (*Linter, error) {
	l := &Linter{options: o}
	l.Forget()
	lists := [][]string{o.Select, o.ExtendSelect, o.Ignore, o.Fixable, o.Unfixable}
	for _, p := range o.PerFileIgnores {
		lists = append(lists, p.Selectors)
	}
	for _, list := range lists {
		for _, selector := range list {
			if err := CheckSelector(selector); err != nil {
				return nil, err
			}
		}
	}
	if o.Context != "" {
		if info, err := os.Stat(o.Context); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--context %s: there is no such folder", o.Context)
		}
	}
	if o.Isolated {
		l.fixed = config.Default() // one for all: selections are remembered by configuration
	}
	if o.Config != "" {
		c, err := l.configs.Load(o.Config)
		if err != nil {
			return nil, err
		}
		l.fixed = c
	}
	return l, nil
}

// Forget makes the Linter read configuration and compose files anew.
func (l *Linter) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.configs = config.NewLoader(Catalogue(), l.Display)
	l.configs.Seen = l.options.Seen
	l.builds = map[string][]compose.Build{}
	l.described = map[string][]described{}
	l.joined = map[joinedConfig]*config.Config{}
	l.selections = map[selectionKey]rules.Selection{}
	l.folders, l.contexts = latest[string, fs.FS]{}, latest[contextKey, *project.Context]{}
	l.pending = map[string]map[string][]byte{}
}

// Catalogue is what configuration files may know about rules.
func Catalogue() config.Catalogue {
	return config.Catalogue{
		Has:     func(selector string) bool { return len(rules.Match(selector)) > 0 },
		Nearest: rules.Nearest,
		Allows: func(selector string) bool {
			return slices.ContainsFunc(rules.Match(selector), func(r *analyzer.Rule) bool { return r.Allows != analyzer.NoWords })
		},
	}
}

// CheckSelector gives an error for a selector that names no rule.
func CheckSelector(selector string) error {
	if len(rules.Match(selector)) > 0 {
		return nil
	}
	if selector == "" {
		return fmt.Errorf("a list of rules has a comma too much")
	}
	if near := rules.Nearest(selector); near != "" {
		return fmt.Errorf("unknown rule %q; did you mean %q?", selector, near)
	}
	return fmt.Errorf("unknown rule %q; `pylint-docker rule` lists all", selector)
}

// Display is what to call a file: relative to where the user stands when it lies below.
func (l *Linter) Display(path string) string {
	if rel, err := filepath.Rel(l.options.Dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// ConfigFor gives the configuration in force for a file at an absolute path. The error is a
// config.Problems; the Config is never nil.
func (l *Linter) ConfigFor(path string) (*config.Config, error) {
	c, err := l.fixed, error(nil)
	if c == nil {
		c, err = l.loader().For(filepath.Dir(path))
	}
	if err != nil || !l.compatible(c) {
		return c, err
	}
	dir := filepath.Dir(path)
	h, err := l.loader().Hadolint(dir, l.top(dir))
	if err != nil {
		return c, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// One for all: selections are remembered by configuration.
	key := joinedConfig{c, h}
	if l.joined[key] == nil {
		l.joined[key] = c.With(h, hadolintCounterparts)
	}
	return l.joined[key], nil
}

// compatible tells whether what is said for hadolint counts.
func (l *Linter) compatible(c *config.Config) bool {
	if l.options.Compat != "" {
		return l.options.Compat == "hadolint"
	}
	return c.Compat == "hadolint"
}

// joinedConfig is a configuration and one of hadolint's.
type joinedConfig struct {
	config   *config.Config
	hadolint *config.Hadolint
}

func hadolintCounterparts(code string) (codes []string) {
	for _, rule := range rules.HadolintRules(code) {
		codes = append(codes, rule.Code)
	}
	return codes
}

func (l *Linter) loader() *config.Loader {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.configs
}

// Excluded tells whether configuration leaves the file or folder at an absolute path out of a
// search. A broken configuration excludes nothing: the error comes up when a file is linted.
func (l *Linter) Excluded(path string, _ bool) bool {
	if slices.ContainsFunc(l.options.Exclude, func(g config.Glob) bool { return g.Match(path) }) {
		return true
	}
	c, err := l.ConfigFor(path)
	return err == nil && c.Excluded(path)
}

// unfixable tells whether a rule's fixes don't count: --fixable and --unfixable say so, and the more precise selector wins.
func (l *Linter) unfixable(r *analyzer.Rule) bool {
	yes, no := 0, precisions(l.options.Unfixable)(r)
	if l.options.Fixable != nil {
		yes = precisions(l.options.Fixable)(r)
	}
	return yes < 0 || no >= yes && no >= 0
}

// absolute is the absolute form of a path that the user wrote.
func (l *Linter) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(l.options.Dir, path)
}

// below gives path relative to root with slashes; ok is false when it lies outside.
func below(root, path string) (rel string, ok bool) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, rel != ".." && !strings.HasPrefix(rel, "../")
}
