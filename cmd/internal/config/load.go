package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// names are the files that are looked for in a folder; the first that speaks to us counts.
var names = []string{".pylint-docker.yaml", ".pylint-docker.yml", pyproject}

const (
	pyproject = "pyproject.toml"
	// maxSize is far above any configuration that somebody writes.
	maxSize   = 1 << 20
	maxExtend = 10
)

// Loader finds and reads configuration files and remembers them. It may be used by several goroutines.
type Loader struct {
	rules Catalogue
	// display shortens an absolute path to what the user would call the file.
	display func(string) string
	// Seen is told the absolute path of every file before it is looked for. It may be nil, and must not change once the
	// Loader is used.
	Seen func(path string)

	mu    sync.Mutex
	found map[string]outcome // by folder
	// hadolint is what readHadolint has found, by path.
	hadolint map[string]hadolintOutcome
}

type outcome struct {
	config *Config
	err    error
}

// NewLoader makes a Loader that checks rule names against rules and calls files by display(path).
func NewLoader(rules Catalogue, display func(path string) string) *Loader {
	if display == nil {
		display = func(path string) string { return path }
	}
	return &Loader{rules: rules, display: display, found: map[string]outcome{}}
}

// For gives the configuration for files in dir, an absolute folder: the nearest one going up. It
// is Default when there is none. The error is a Problems, and the Config is never nil.
func (l *Loader) For(dir string) (*Config, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.search(filepath.Clean(dir))
}

func (l *Loader) search(dir string) (*Config, error) {
	if o, known := l.found[dir]; known {
		return o.config, o.err
	}
	var o outcome
	if c, err, here := l.in(dir); here {
		o = outcome{c, err}
	} else if parent := filepath.Dir(dir); parent != dir {
		o.config, o.err = l.search(parent)
	} else {
		o.config = Default()
	}
	l.found[dir] = o
	return o.config, o.err
}

// in reads the configuration of one folder; here tells whether it has one.
func (l *Loader) in(dir string) (c *Config, err error, here bool) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		l.see(path)
		info, err := os.Stat(path)
		if err != nil || info.IsDir() {
			continue
		}
		if !info.Mode().IsRegular() {
			// Nobody writes to a named pipe that was checked out, and a device has no end.
			return Default(), Problems{{File: l.display(path), Message: "it is no regular file"}}, true
		}
		c, ours, err := l.load(path, nil)
		if err != nil {
			return Default(), err, true
		}
		if ours {
			return c, nil, true
		}
	}
	return nil, nil, false
}

// Load reads one file: TOML when its name ends in .toml, else YAML. The error is a Problems.
func (l *Loader) Load(path string) (*Config, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Default(), err
	}
	c, ours, err := l.load(path, nil)
	switch {
	case err != nil:
		return Default(), err
	case !ours && strings.HasSuffix(path, ".toml"):
		return Default(), Problems{{File: l.display(path), Message: "it has no table [tool.pylint-docker]"}}
	}
	return c, nil
}

// load reads a file and those that it extends. ours is false for a TOML file that is not about us.
func (l *Loader) load(path string, chain []string) (c *Config, ours bool, err error) {
	l.see(path)
	name := l.display(path)
	content, err := readLimited(path)
	if err != nil {
		return nil, false, Problems{{File: name, Message: err.Error()}}
	}
	var tree *node
	var problems Problems
	isTOML := strings.HasSuffix(path, ".toml")
	if isTOML {
		tree, problems = readTOML(name, content)
	} else {
		tree, problems = readYAML(name, content)
	}
	if len(problems) > 0 {
		return nil, true, problems.orNil()
	}
	if tree == nil && isTOML {
		return nil, false, nil
	}
	r := &reader{rules: l.rules, name: name}
	c = Default()
	if tree != nil {
		c = l.fill(r, tree, path, chain)
	}
	c.Path, c.Dir = path, filepath.Dir(path)
	return c, true, r.problems.orNil()
}

func (l *Loader) see(path string) {
	if l.Seen != nil {
		l.Seen(path)
	}
}

// reader collects the problems of one file.
type reader struct {
	rules    Catalogue
	name     string
	problems Problems
}

func (r *reader) problem(line, col int, message string) {
	r.problems = append(r.problems, Problem{r.name, line, col, message})
}

func (l *Loader) fill(r *reader, tree *node, path string, chain []string) *Config {
	c := Default()
	if tree.kind == isNull {
		return c // a YAML file of nothing but comments
	}
	if tree.kind != isTable {
		r.problem(tree.line, tree.col, "a configuration must be a table of keys and values, not "+tree.kind.String())
		return c
	}
	for _, f := range tree.fields {
		if f.key == extendKey && isText(r, f.value) {
			c = l.extend(r, f.value, path, chain)
		}
	}
	for _, f := range tree.fields {
		k := keyOf(f.key)
		if k == nil {
			r.problem(f.line, f.col, "unknown key "+strconv.Quote(f.key)+words.DidYouMean(f.key, Keys()))
			continue
		}
		if f.key == extendKey {
			continue
		}
		before := len(r.problems)
		if k.shape.check(r, f.value); len(r.problems) > before {
			continue
		}
		k.set(c, value{node: f.value, dir: filepath.Dir(path)})
		if c.origins == nil {
			c.origins = map[string]Origin{}
		}
		c.origins[k.name] = Origin{r.name, f.line, f.col}
	}
	return c
}

func (l *Loader) extend(r *reader, n *node, path string, chain []string) *Config {
	target := value{node: n, dir: filepath.Dir(path)}.path()
	chain = append(chain, path)
	for _, seen := range chain {
		if seen == target {
			r.problem(n.line, n.col, "extend leads back to "+l.display(target))
			return Default()
		}
	}
	if len(chain) > maxExtend {
		r.problem(n.line, n.col, fmt.Sprintf("more than %d files extend one another", maxExtend))
		return Default()
	}
	base, ours, err := l.load(target, chain)
	var inner Problems
	switch {
	case errors.As(err, &inner) && len(inner) == 1 && inner[0].Line == 0:
		r.problem(n.line, n.col, "extend: "+inner[0].Error())
	case errors.As(err, &inner):
		r.problems = append(r.problems, inner...)
	case !ours:
		r.problem(n.line, n.col, "extend: "+l.display(target)+" has no table [tool.pylint-docker]")
	default:
		return base
	}
	return Default()
}

func keyOf(name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

// Keys lists the names of all settings in the order of the documentation.
func Keys() []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.name
	}
	return list
}

// Value is the setting in force for a key, in a form for printing and for JSON; shown is false for a
// key that is not a setting of its own.
func (c *Config) Value(name string) (v any, shown bool) {
	k := keyOf(name)
	if k == nil || k.get == nil {
		return nil, false
	}
	return k.get(c), true
}

// Doc is the description of a key.
func Doc(name string) string {
	if k := keyOf(name); k != nil {
		return k.doc
	}
	return ""
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, plain(err)
	}
	if len(content) > maxSize {
		return nil, fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	return content, nil
}

// plain takes the path out of a file system error: the message begins with it already.
func plain(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
