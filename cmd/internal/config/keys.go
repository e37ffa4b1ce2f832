package config

import (
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// A key describes one setting. This list is the one description of the configuration: the reader,
// the JSON schema and `pylint-docker config` are made from it.
type key struct {
	name  string
	doc   string
	shape shape
	// set stores a value that has the shape.
	set func(c *Config, v value)
	// get is what `pylint-docker config` shows; nil for keys that leave nothing behind.
	get func(c *Config) any
}

// value is a checked value with the folder of the file that holds it.
type value struct {
	*node
	dir string
}

func (v value) strings() []string {
	list := make([]string, 0, len(v.items))
	for _, item := range v.items {
		list = append(list, item.text)
	}
	return list
}

// over merges a table of texts into one that an extended file gave.
func (v value) over(base map[string]string) map[string]string {
	merged := map[string]string{}
	for k, text := range base {
		merged[k] = text
	}
	for _, f := range v.fields {
		merged[f.key] = f.value.text
	}
	return merged
}

func (v value) glob(pattern string) Glob { return Glob{Base: v.dir, Pattern: pattern} }

func (v value) path() string {
	if filepath.IsAbs(v.text) {
		return filepath.Clean(v.text)
	}
	return filepath.Join(v.dir, filepath.FromSlash(v.text))
}

var levels = []string{"error", "warning", "info"}

func severityOf(level string) analyzer.Severity {
	switch level {
	case "error":
		return analyzer.Error
	case "warning":
		return analyzer.Warning
	}
	return analyzer.Info
}

const extendKey = "extend"

var keys = slices.Concat(firstKeys, imageKeys, lastKeys)

var firstKeys = []key{
	{
		name:  extendKey,
		doc:   "A configuration file to start from, relative to this one. Settings of this file win; tables are merged entry by entry.",
		shape: text{},
		set:   func(*Config, value) {}, // followed before any other key is read
	},
	{
		name:  "select",
		doc:   "The rules that run, instead of the default set.",
		shape: list{selector{}},
		set:   func(c *Config, v value) { c.Select = v.strings() },
		get:   func(c *Config) any { return c.Select },
	},
	{
		name:  "extend-select",
		doc:   "Rules that run besides the selected or default ones.",
		shape: list{selector{}},
		set: func(c *Config, v value) {
			c.ExtendSelect = append(c.ExtendSelect[:len(c.ExtendSelect):len(c.ExtendSelect)], v.strings()...)
		},
		get: func(c *Config) any { return c.ExtendSelect },
	},
	{
		name:  "ignore",
		doc:   "Rules that do not run.",
		shape: list{selector{}},
		set:   func(c *Config, v value) { c.Ignore = v.strings() },
		get:   func(c *Config) any { return c.Ignore },
	},
	{
		name:  "per-file-ignores",
		doc:   "Rules that do not run for the files that a glob matches. Globs are relative to this file's folder; one without a slash matches at every depth.",
		shape: table{keys: glob{}, values: list{selector{}}},
		set:   setPerFileIgnores,
		get: func(c *Config) any {
			shown := map[string][]string{}
			for _, p := range c.PerFileIgnores {
				shown[p.Pattern] = append(shown[p.Pattern], p.Selectors...)
			}
			return shown
		},
	},
	{
		name:  "severity",
		doc:   "The severity of findings by rule. The most precise selector wins.",
		shape: table{keys: selector{}, values: choice(levels)},
		set:   setSeverity,
		get: func(c *Config) any {
			shown := map[string]string{}
			for _, s := range c.Severity {
				shown[s.Selector] = s.Severity.String()
			}
			return shown
		},
	},
	{
		name:  "fail-on",
		doc:   "The least severity that makes the exit code 1; warning by default.",
		shape: choice(append(levels[:len(levels):len(levels)], "never")),
		set: func(c *Config, v value) {
			c.Never, c.FailOn = v.text == "never", 0
			if !c.Never {
				c.FailOn = severityOf(v.text)
			}
		},
		get: func(c *Config) any {
			switch {
			case c.Never:
				return "never"
			case c.FailOn == 0:
				return analyzer.Warning.String()
			}
			return c.FailOn.String()
		},
	},
	{
		name:  "exclude",
		doc:   "Files and folders that a search leaves out, as globs relative to this file's folder; one without a slash matches at every depth. A file that is named on the command line is linted all the same, unless --force-exclude is given.",
		shape: list{glob{}},
		set: func(c *Config, v value) {
			c.Exclude = nil
			for _, pattern := range v.strings() {
				c.Exclude = append(c.Exclude, v.glob(pattern))
			}
		},
		get: func(c *Config) any {
			var shown []string
			for _, g := range c.Exclude {
				shown = append(shown, g.Pattern)
			}
			return shown
		},
	},
	{
		name:  "context",
		doc:   "The build context, relative to this file's folder.",
		shape: text{},
		set:   func(c *Config, v value) { c.Context = v.path() },
		get:   func(c *Config) any { return c.Context },
	},
	{
		name:  "target",
		doc:   "The stage that is built; the last one without it. Where that one, or the one that a compose file builds, is for development or tests by its name, the stage that people deploy is judged, too.",
		shape: text{},
		set:   func(c *Config, v value) { c.Target = v.text },
		get:   func(c *Config) any { return c.Target },
	},
	{
		name:  "build-args",
		doc:   "Values of build arguments.",
		shape: table{keys: word{}, values: scalar{}},
		set:   func(c *Config, v value) { c.BuildArgs = v.over(c.BuildArgs) },
		get:   func(c *Config) any { return c.BuildArgs },
	},
	{
		name:  "layout",
		doc:   "Where the conversion to several stages (PLD101) installs to: a user base, a virtual environment, or a prefix that is copied over the interpreter's own. By default a user base, where it can do.",
		shape: choice{"user-base", "venv", "prefix"},
		set:   func(c *Config, v value) { c.Layout = v.text },
		get:   func(c *Config) any { return c.Layout },
	},
	{
		name:  "runtime-image",
		doc:   "The image of the final stage where that conversion (PLD101) begins with a full Python image: the same, or its slim variant. Without the key, slim is taken only where it is known that the packages need no more.",
		shape: choice{"same", "slim"},
		set:   func(c *Config, v value) { c.RuntimeImage = v.text },
		get:   func(c *Config) any { return c.RuntimeImage },
	},
	{
		name:  "user-base",
		doc:   "The absolute path that fixes use for PYTHONUSERBASE; /pyroot by default.",
		shape: absolute{},
		set:   func(c *Config, v value) { c.UserBase = v.text },
		get:   func(c *Config) any { return c.UserBase },
	},
	{
		name:  "pins",
		doc:   "The only versions of installers that fixes may write, such as pip: \"26.0\". A fix never invents a version.",
		shape: table{keys: word{}, values: version{}},
		set:   func(c *Config, v value) { c.Pins = v.over(c.Pins) },
		get:   func(c *Config) any { return c.Pins },
	},
	{
		name:  "trusted-registries",
		doc:   "Registries that images may come from, such as docker.io, ghcr.io/astral-sh or *.example.com: PLD511 reports images from others.",
		shape: list{text{}},
		set:   func(c *Config, v value) { c.TrustedRegistries = v.strings() },
		get:   func(c *Config) any { return c.TrustedRegistries },
	},
}

var lastKeys = []key{
	{
		name:  "allow",
		doc:   "What single rules accept without a finding, by rule: packages, hosts, images and the like, as the head of the rule's page says. A * stands for any text.",
		shape: table{keys: allowing{}, values: list{text{}}},
		set:   setAllow,
		get:   func(c *Config) any { return c.Allow },
	},
	{
		name:  "compat",
		doc:   "hadolint: what comments and a .hadolint.yaml say for hadolint also counts here, for rules that have a counterpart.",
		shape: choice{"hadolint", "none"},
		set:   func(c *Config, v value) { c.Compat = v.text },
		get:   func(c *Config) any { return c.Compat },
	},
}

func setPerFileIgnores(c *Config, v value) {
	var own []PerFile
	for _, f := range v.fields {
		own = append(own, PerFile{v.glob(f.key), value{node: f.value}.strings()})
	}
	for _, inherited := range c.PerFileIgnores {
		if !hasKey(v, inherited.Pattern) {
			own = append(own, inherited)
		}
	}
	c.PerFileIgnores = own
}

func setSeverity(c *Config, v value) {
	var merged []SeverityRule
	for _, inherited := range c.Severity {
		if !hasKey(v, inherited.Selector) {
			merged = append(merged, inherited)
		}
	}
	for _, f := range v.fields {
		merged = append(merged, SeverityRule{f.key, severityOf(f.value.text)})
	}
	sort.SliceStable(merged, func(i, j int) bool { return Precision(merged[i].Selector) < Precision(merged[j].Selector) })
	c.Severity = merged
}

func setAllow(c *Config, v value) {
	merged := map[string][]string{}
	for rule, words := range c.Allow {
		merged[rule] = words
	}
	for _, f := range v.fields {
		merged[f.key] = value{node: f.value}.strings()
	}
	c.Allow = merged
}

func hasKey(v value, name string) bool {
	for _, f := range v.fields {
		if f.key == name {
			return true
		}
	}
	return false
}

// Precision orders selectors from the widest to the narrowest: ALL, then prefixes of codes by
// length; a whole code and a name are the most precise.
func Precision(selector string) int {
	if selector = strings.ToUpper(selector); selector == "ALL" {
		return 0
	}
	digits, isCode := strings.CutPrefix(selector, "PLD")
	if !isCode || strings.Trim(digits, "0123456789") != "" {
		return len("PLD000")
	}
	return min(len(selector), len("PLD000"))
}
