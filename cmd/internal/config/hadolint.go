package config

import (
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// Hadolint is what a configuration file of hadolint's says (https://github.com/hadolint/hadolint#configure).
type Hadolint struct {
	Path string
	// Ignored are codes as written, also those without a counterpart.
	Ignored []string
	// Override has the severity of codes; hadolint's style is our info.
	Override map[string]analyzer.Severity
	// FailOn and Never are as in Config. They come from failure-threshold and no-fail.
	FailOn            analyzer.Severity
	Never             bool
	TrustedRegistries []string
	// NoComments tells that comments do not count (disable-ignore-pragma).
	NoComments bool
	// Other are the keys that mean nothing here, in the order of the file.
	Other []string

	origins map[string]Origin
}

// hadolintNames are what hadolint calls its file.
var hadolintNames = []string{".hadolint.yaml", ".hadolint.yml"}

// Hadolint reads the nearest configuration of hadolint's, going up from the absolute folder dir to the folder top that bounds the search.
// It is nil when there is none. The error is a Problems. Files in the user's home, which hadolint reads too, are no part of the project.
func (l *Loader) Hadolint(dir, top string) (*Hadolint, error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		for _, name := range hadolintNames {
			path := filepath.Join(at, name)
			l.see(path)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return l.readHadolint(path)
			}
		}
		if at == top || filepath.Dir(at) == at {
			return nil, nil
		}
	}
}

func (l *Loader) readHadolint(path string) (*Hadolint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o, known := l.hadolint[path]; known {
		return o.hadolint, o.err
	}
	name := l.display(path)
	h := &Hadolint{Path: path, Override: map[string]analyzer.Severity{}, origins: map[string]Origin{}}
	content, err := readLimited(path)
	if err != nil {
		err = Problems{{File: name, Message: err.Error()}}
	} else {
		tree, problems := readYAML(name, content)
		if tree != nil && tree.kind == isTable {
			for _, f := range tree.fields {
				h.take(f, Origin{name, f.line, f.col})
			}
		}
		err = problems.orNil()
	}
	if l.hadolint == nil {
		l.hadolint = map[string]hadolintOutcome{}
	}
	l.hadolint[path] = hadolintOutcome{h, err}
	return h, err
}

type hadolintOutcome struct {
	hadolint *Hadolint
	err      error
}

var hadolintLevels = map[string]analyzer.Severity{
	"error": analyzer.Error, "warning": analyzer.Warning, "info": analyzer.Info, "style": analyzer.Info,
	"ignore": analyzer.Info, "none": analyzer.Info, // its lowest levels: every finding is above
}

// take reads one key. A value that hadolint would refuse is passed over: hadolint says so.
func (h *Hadolint) take(f field, at Origin) {
	switch f.key {
	case "ignored":
		h.Ignored = texts(f.value)
	case "override":
		for _, level := range f.value.fields {
			severity, known := hadolintLevels[level.key]
			for _, code := range texts(level.value) {
				if _, twice := h.Override[code]; known && (!twice || severity > h.Override[code]) {
					h.Override[code] = severity
				}
			}
		}
	case "failure-threshold":
		h.FailOn = hadolintLevels[f.value.text]
	case "no-fail":
		h.Never = f.value.kind == isBool && f.value.text == "true"
	case "trustedRegistries":
		for _, registry := range texts(f.value) {
			if registry == "hub.docker.com" {
				registry = "docker.io" // to hadolint both are Docker Hub
			}
			h.TrustedRegistries = append(h.TrustedRegistries, registry)
		}
	case "disable-ignore-pragma":
		h.NoComments = f.value.kind == isBool && f.value.text == "true"
	default:
		h.Other = append(h.Other, f.key)
		return
	}
	h.origins[f.key] = at
}

// texts are the texts of a list, or the one that stands for a list.
func texts(n *node) (list []string) {
	if n.kind == isString {
		return []string{n.text}
	}
	for _, item := range n.items {
		if item.kind == isString {
			list = append(list, item.text)
		}
	}
	return list
}

// With is the configuration with what hadolint's says below it: where both say something, c wins, but what one of both
// ignores is ignored. counterparts gives the codes of our rules for one of hadolint's. h may be nil.
func (c *Config) With(h *Hadolint, counterparts func(code string) []string) *Config {
	if h == nil {
		return c
	}
	d := *c
	d.Hadolint = h
	d.Ignore = slices.Clone(c.Ignore)
	for _, code := range h.Ignored {
		d.Ignore = append(d.Ignore, counterparts(code)...)
	}
	var severity []SeverityRule
	for code, level := range h.Override {
		for _, ours := range counterparts(code) {
			severity = append(severity, SeverityRule{ours, level})
		}
	}
	// Of two codes with one counterpart the more severe counts: sorted, it is the last.
	sort.Slice(severity, func(i, j int) bool {
		if severity[i].Selector != severity[j].Selector {
			return severity[i].Selector < severity[j].Selector
		}
		return severity[i].Severity < severity[j].Severity
	})
	d.Severity = append(severity, c.Severity...)
	sort.SliceStable(d.Severity, func(i, j int) bool { return Precision(d.Severity[i].Selector) < Precision(d.Severity[j].Selector) })
	if c.FailOn == 0 && !c.Never {
		d.FailOn, d.Never = h.FailOn, h.Never
	}
	if c.TrustedRegistries == nil {
		d.TrustedRegistries = h.TrustedRegistries
	}
	return &d
}

// hadolintKeys are the keys of hadolint's that a key of ours may come from.
var hadolintKeys = map[string][]string{
	"ignore": {"ignored"}, "severity": {"override"}, "fail-on": {"failure-threshold", "no-fail"}, "trusted-registries": {"trustedRegistries"},
}

// Inherited lists the places in hadolint's configuration that have to do with the value of a key.
func (c *Config) Inherited(key string) (origins []Origin) {
	_, own := c.origins[key]
	if c.Hadolint == nil || own && (key == "fail-on" || key == "trusted-registries") {
		return nil
	}
	for _, name := range hadolintKeys[key] {
		if o, ok := c.Hadolint.origins[name]; ok {
			origins = append(origins, o)
		}
	}
	return origins
}
