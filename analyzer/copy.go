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
			c.From = b.StageFrom(c.FromText.Text, step.Stage.Index)
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
	if c.FromText.Kind == env.Unset && c.Step.Instruction.Keyword == "ADD" && IsRemote(text.Text) {
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

// IsRemote tells whether an operand of ADD, curl or wget is an address on another machine.
func IsRemote(text string) bool {
	for _, prefix := range []string{"http://", "https://", "git@", "git://", "ssh://"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// FromContext tells whether the sources are files of the build context.
func (c *Copy) FromContext() bool { return c.FromText.Kind == env.Unset }

// HasPattern tells whether a COPY source is a pattern (Go's filepath.Match, as BuildKit matches).
func HasPattern(text string) bool { return strings.ContainsAny(text, "*?[") }

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

// ContextDir is the directory of the build context that stands at dir when the step begins.
func (step *Step) ContextDir(dir string) (string, bool) {
	for _, name := range []string{"pyproject.toml", "setup.py", "setup.cfg"} {
		if presence, from := step.Holds(path.Join(dir, name)); presence == Yes && path.Base(from) == name {
			return path.Dir(from), true
		}
	}
	return "", false
}

// mounts tells whether a --mount of the RUN shows the file; No where none lies over it.
func (step *Step) mounts(p string) Answer {
	for _, m := range step.Mounts() {
		if !m.Target.IsKnown() {
			return Answer{Step: step}
		}
		if !Under(m.Target.Text, p) {
			continue
		}
		if m.Type != "bind" || m.Source == "" {
			return Answer{Step: step}
		}
		a, b := Answer{}, step.Stage.build
		c, source := &Copy{Step: step, Dest: m.Target}, path.Clean("/"+m.Source)
		switch inside := strings.TrimPrefix(moved(p, m.Target.Text, source), "/"); {
		case m.From != "":
			from := env.Expand(m.From, b.Doc.Escape, step.Before.Lookup)
			if c.From = b.StageFrom(from.Text, step.Stage.Index); from.IsKnown() && c.From != nil {
				a = c.stageHas(source, p, &search{})
			}
		case b.Context == nil || p == m.Target.Text:
			a = Answer{Presence: Yes, Context: path.Clean(inside)}
		default:
			a = c.contextHas(path.Clean(strings.TrimPrefix(source, "/")), p)
		}
		a.Step = step
		return a
	}
	return Answer{Presence: No}
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

// LooksLikeFile tells names that are files by every convention; other names with a dot, such as
// "conf.d", may be directories.
func LooksLikeFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".py", ".toml", ".cfg", ".ini", ".lock", ".sh", ".json", ".yml", ".yaml", ".md", ".conf", ".in", ".rst", ".pem", ".crt", ".key", ".html", ".sql", ".xml", ".csv", ".deb", ".rpm", ".whl":
		return true
	}
	return false
}

// mountedOver tells whether a --mount of the RUN lies over p: what is written there is not in the layer.
func (step *Step) mountedOver(p string) bool {
	for _, m := range step.Mounts() {
		if m.Target.IsKnown() && Under(m.Target.Text, p) {
			return true
		}
	}
	return false
}

// OnlyUv tells whether the COPY takes nothing but uv's own programs.
func (c *Copy) OnlyUv() bool {
	return !slices.ContainsFunc(c.Sources, func(from CopySource) bool {
		return path.Base(from.Text.Text) != "uv" && path.Base(from.Text.Text) != "uvx"
	})
}
