package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

func newCopy(step *Step) *Copy {
	in, b := step.Instruction, step.Stage.build
	expand := func(text string) env.Value { return env.Expand(text, b.Doc.Escape, step.Before.Lookup) }
	c := &Copy{Step: step, Dest: env.Doubtful()}
	if f, ok := in.Flag("from"); ok {
		if c.FromText = expand(f.Value); c.FromText.IsKnown() {
			c.From = b.stageFrom(c.FromText.Text, step.Stage.Index)
		}
	}
	if len(in.Args) == 0 {
		return c
	}
	args, last := in.Args[:len(in.Args)-1], in.Args[len(in.Args)-1]
	for _, a := range args {
		c.Sources = append(c.Sources, c.source(a, in.Heredocs, expand(a.Value)))
	}
	dest := expand(last.Value)
	c.DestSpan = last.Span
	c.DestIsDir = len(c.Sources) > 1 || strings.HasSuffix(dest.Text, "/") || dest.Is(".") || dest.Is("..")
	c.Dest = step.Before.Abs(dest)
	return c
}

func (c *Copy) source(a dockerfile.Arg, heredocs []dockerfile.Heredoc, text env.Value) CopySource {
	s := CopySource{Text: text, Span: a.Span}
	for _, h := range heredocs {
		if h.Marker == a.Span {
			s.Heredoc = true
			s.Text = env.Of(h.Name)
			return s
		}
	}
	if !text.IsKnown() {
		return s
	}
	if c.FromText.Kind == env.Unset && c.Step.Instruction.Keyword == "ADD" && isRemote(text.Text) {
		s.Remote = true
		return s
	}
	clean := path.Clean("/" + text.Text)
	if c.FromText.Kind == env.Unset {
		// A leading slash means the context root, as in "COPY /app /app".
		if clean = strings.TrimPrefix(clean, "/"); clean == "" {
			clean = "."
		}
	}
	s.Text = env.Of(clean)
	return s
}

func isRemote(text string) bool {
	for _, prefix := range []string{"http://", "https://", "git@", "git://", "ssh://"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// FromContext tells whether the sources are files of the build context.
func (c *Copy) FromContext() bool { return c.FromText.Kind == env.Unset }

// hasPattern tells whether a COPY source is a pattern (Go's filepath.Match, as BuildKit matches).
func hasPattern(text string) bool { return strings.ContainsAny(text, "*?[") }

// after is the state once the files are there: copied virtual environments are environments still.
func (c *Copy) after(s State) State {
	for _, d := range c.Deliveries() {
		if d.Install.Place == VirtualEnv && !d.Mismatch && d.Libs {
			minor := ""
			if d.Install.Interpreter != nil {
				minor = d.Install.Interpreter.Minor
			}
			s = s.with(venvAt, d.Dir, env.Of(minor))
		}
	}
	return s
}

// Presence says whether a file is there.
type Presence uint8

const (
	// Maybe means that it can't be told.
	Maybe Presence = iota
	// Yes means that it certainly is there.
	Yes
	// No means that nothing can have put it there.
	No
)

// Holds tells whether the file p (absolute) is in the image when the step begins, its own bind mounts
// included, and which file of the build context it is ("" when it isn't one or that can't be told).
func (step *Step) Holds(p string) (Presence, string) {
	if presence, from := step.mounts(p); presence != No {
		return presence, from
	}
	return step.Stage.holdsBefore(step.Index, p)
}

// holding is what the first steps of a chain, so many, do about a file.
type holding struct {
	steps    int
	presence Presence
	from     string
}

// holdsBefore is Holds for the point before the stage's step number index. Thousands of steps may ask for one file, so the answer
// goes on from the last one.
func (s *Stage) holdsBefore(index int, p string) (Presence, string) {
	steps := s.chain[:len(s.chain)-len(s.Steps)+index]
	h, known := s.holds[p]
	if !known || h.steps > len(steps) {
		h = holding{presence: No}
	}
	for _, step := range slices.Backward(steps[h.steps:]) {
		presence, from := step.puts(p)
		if presence == Yes {
			h.presence, h.from = Yes, from
			break
		}
		if presence == Maybe && h.presence == No {
			h.presence = Maybe
		}
	}
	h.steps = len(steps)
	if s.holds == nil {
		s.holds = map[string]holding{}
	}
	s.holds[p] = h
	// What an unfamiliar base image holds can't be told; those with -onbuild copy the context.
	if h.presence != Yes && (!s.Image.EnvKnown || s.Image.Deprecated != "") {
		return Maybe, ""
	}
	return h.presence, h.from
}

// contextDir is the directory of the build context that stands at dir when the step begins.
func (step *Step) contextDir(dir string) (string, bool) {
	for _, name := range []string{"pyproject.toml", "setup.py", "setup.cfg"} {
		if presence, from := step.Holds(path.Join(dir, name)); presence == Yes && path.Base(from) == name {
			return path.Dir(from), true
		}
	}
	return "", false
}

// mounts tells whether a --mount of the RUN shows the file.
func (step *Step) mounts(p string) (Presence, string) {
	for _, f := range step.Instruction.Flags {
		if f.Name != "mount" {
			continue
		}
		m := step.mount(f)
		if !m.Target.IsKnown() {
			return Maybe, ""
		}
		if !under(m.Target.Text, p) {
			continue
		}
		if m.Type != "bind" || m.From != "" || m.Source == "" {
			return Maybe, ""
		}
		return Yes, path.Clean(moved(p, m.Target.Text, strings.TrimPrefix(m.Source, "/")))
	}
	return No, ""
}

// Mount is a --mount of a RUN.
type Mount struct {
	Type   string // "bind" (the default), "cache", "tmpfs", "secret", "ssh"
	Target env.Value
	Source string // "" when unknown; the context root or stage root by default is "."
	From   string // stage or image; "" for the build context
	Flag   dockerfile.Flag
}

// Mounts are the mounts of a RUN.
func (step *Step) Mounts() []Mount {
	var mounts []Mount
	for _, f := range step.Instruction.Flags {
		if f.Name == "mount" {
			mounts = append(mounts, step.mount(f))
		}
	}
	return mounts
}

// mount reads one flag. https://docs.docker.com/reference/dockerfile/#run---mount
func (step *Step) mount(f dockerfile.Flag) Mount {
	options := f.Options()
	expand := func(names ...string) env.Value {
		for _, name := range names {
			if text, ok := options[name]; ok {
				return env.Expand(text, step.Stage.build.Doc.Escape, step.Before.Lookup)
			}
		}
		return env.Value{}
	}
	m := Mount{Type: options["type"], Flag: f, From: options["from"]}
	if m.Type == "" {
		m.Type = "bind"
	}
	m.Target = expand("target", "dst", "destination")
	if m.Target.Kind == env.Unset {
		m.Target = env.Doubtful()
	}
	m.Target = step.Before.Abs(m.Target)
	switch source := expand("source", "src"); source.Kind {
	case env.Unset:
		m.Source = "."
	case env.Known:
		m.Source = source.Text
	}
	return m
}

// puts tells whether the step itself puts the file there.
func (step *Step) puts(p string) (Presence, string) {
	if step.Copy != nil {
		return step.Copy.puts(p)
	}
	if step.Instruction.Keyword != "RUN" {
		return No, ""
	}
	if step.Unreadable != "" {
		return Maybe, ""
	}
	for _, c := range step.Commands {
		if c.mayWrite(p) {
			return Maybe, ""
		}
	}
	if step.redirectsBlock(p) {
		return Maybe, ""
	}
	return No, ""
}

func (c *Copy) puts(p string) (Presence, string) {
	if !c.Dest.IsKnown() {
		return Maybe, ""
	}
	dest := c.Dest.Text
	if !under(dest, p) {
		return No, ""
	}
	result := No
	for _, s := range c.Sources {
		presence, from := c.sourcePuts(s, dest, p)
		if presence == Yes {
			return Yes, from
		}
		if presence == Maybe {
			result = Maybe
		}
	}
	return result, ""
}

// sourcePuts tells whether one source puts the file p, which is dest or below it.
func (c *Copy) sourcePuts(s CopySource, dest, p string) (Presence, string) {
	if s.Heredoc {
		if p == dest || p == path.Join(dest, s.Text.Text) {
			return Yes, ""
		}
		return No, ""
	}
	if !s.Text.IsKnown() || s.Remote {
		return Maybe, ""
	}
	// --parents keeps the directories of the source below dest; a /./ in it says from where.
	if _, ok := c.Step.Instruction.Flag("parents"); ok {
		return Maybe, ""
	}
	name := path.Base(s.Text.Text)
	isFile := p == dest && !c.DestIsDir || p == path.Join(dest, name)
	if !c.FromContext() {
		if isFile && path.Base(p) == name {
			return Yes, ""
		}
		return Maybe, ""
	}
	context := c.Step.Stage.build.Context
	if hasPattern(s.Text.Text) {
		return c.patternPuts(s.Text.Text, dest, p)
	}
	if s.Text.Text == "." || context.IsDir(s.Text.Text) {
		inside := path.Join(s.Text.Text, strings.TrimPrefix(p, dest))
		switch {
		case context.Ignored(inside):
			return No, "" // not even a file that is made later gets to the builder
		case context.Exists(inside):
			return Yes, inside
		}
		return Maybe, ""
	}
	switch {
	case isFile && (p == dest || path.Base(p) == name) && (context == nil || context.Exists(s.Text.Text)):
		// Without a context `COPY app /app` may copy a file or a directory; as long as only
		// the file reading explains p, it is the file.
		if context == nil && path.Ext(name) == "" && p == dest {
			return Maybe, ""
		}
		return Yes, s.Text.Text
	case context.Exists(s.Text.Text):
		return No, "" // a file of another name
	case looksLikeFile(name) && !isFile:
		return No, ""
	}
	return Maybe, ""
}

// patternPuts is sourcePuts for a pattern. It may match nothing, but then the COPY fails, unless other sources match.
func (c *Copy) patternPuts(pattern, dest, p string) (Presence, string) {
	dir, name := path.Split(pattern)
	if ok, err := path.Match(name, path.Base(p)); err == nil && ok && path.Dir(p) == dest && !hasPattern(dir) {
		return Yes, path.Join(dir, path.Base(p))
	}
	// "*.py" and "requirements*.txt" match files, and those have other names than p here.
	if looksLikeFile(name) && !hasPattern(path.Ext(name)) && (p != dest || c.DestIsDir) {
		if ok, err := path.Match(name, path.Base(p)); err == nil && !ok {
			return No, ""
		}
	}
	return Maybe, ""
}

// looksLikeFile tells names that are files by every convention; other names with a dot, such as
// "conf.d", may be directories.
func looksLikeFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".py", ".toml", ".cfg", ".ini", ".lock", ".sh", ".json", ".yml", ".yaml", ".md", ".conf", ".in", ".rst", ".pem", ".crt", ".key", ".html", ".sql", ".xml", ".csv", ".deb", ".rpm", ".whl":
		return true
	}
	return false
}
