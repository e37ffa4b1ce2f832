package order

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// CopyMove says how an EarlyCopy can move below the RUN that installs.
type CopyMove struct {
	// Files are what the RUN needs before, relative to the copied directory, included files with those that include them.
	Files []string
	Run   *analyzer.Step
}

// Move works out whether the COPY may stand below the RUN that installs. reason says in a clause why it may not; it is "" with a Move.
func (e EarlyCopy) Move() (move CopyMove, reason string) {
	m := mover{EarlyCopy: e, run: e.Install.Command.Step, dir: e.Source.Text.Text}
	m.build = m.run.Stage.Build()
	if buildsProject(e.Install) {
		return move, "uv installs the project with them: in front of the sources it takes --no-install-project, and a second `uv sync` behind them"
	}
	if m.build.Context == nil {
		return move, "without the build context it is not known what " + e.File + " includes"
	}
	for _, check := range []func() string{m.copyObstacle, m.gather, m.betweenObstacle, func() string { return m.runObstacle(m.run) }} {
		if reason := check(); reason != "" {
			return move, reason
		}
	}
	return CopyMove{Files: m.files, Run: m.run}, ""
}

type mover struct {
	EarlyCopy
	build *analyzer.Build
	run   *analyzer.Step
	dir   string   // the copied directory of the context
	files []string // relative to dir
}

func (m *mover) copyObstacle() string {
	in := m.Copy.Step.Instruction
	switch {
	case len(m.Copy.Sources) != 1:
		return "the COPY has more than one source"
	case analyzer.HasPattern(m.dir):
		return "the COPY takes a pattern"
	case !slices.Contains(m.build.Doc.Instructions, in) || !slices.Contains(m.build.Doc.Instructions, m.run.Instruction):
		return "an ONBUILD of the base image is part of it"
	}
	if _, ok := in.Flag("parents"); ok {
		return "the COPY keeps the parents of its source"
	}
	return ""
}

// gather collects the files that all installations of the RUN read.
func (m *mover) gather() string {
	for _, c := range m.run.Commands {
		if c.Install == nil {
			continue
		}
		if needsSources(c.Install) {
			return "the RUN builds a project from the sources too"
		}
		uses := dependencyFiles(c.Install)
		for _, use := range append(slices.Clone(uses), c.Install.Constraints...) {
			if !use.InImage.IsKnown() {
				return "the RUN reads a file whose place is not known"
			}
			if !analyzer.Under(m.Copy.Dest.Text, use.InImage.Text) {
				continue
			}
			rel := strings.TrimPrefix(strings.TrimPrefix(use.InImage.Text, m.Copy.Dest.Text), "/")
			if reason := m.include(path.Join(m.dir, rel), c.Install.Call.Tool, 0); reason != "" {
				return reason
			}
		}
	}
	return ""
}

// companions are files that a tool reads beside its project file, when they are there.
var companions = map[installer.Tool][]string{
	installer.Pipenv: {"Pipfile.lock"},
	installer.Poetry: {"poetry.lock", "poetry.toml"},
	installer.Uv:     {"pyproject.toml", "uv.toml", ".python-version"},
}

// include adds a file of the context with those that it includes.
func (m *mover) include(file string, tool installer.Tool, depth int) string {
	context := m.build.Context
	rel := file
	if m.dir != "." {
		var ok bool
		if rel, ok = strings.CutPrefix(file, m.dir+"/"); !ok {
			return file + " is outside of the copied directory"
		}
	}
	switch {
	case slices.Contains(m.files, rel):
		return ""
	case depth > 32 || !context.Exists(file) || context.IsDir(file) || context.Ignored(file):
		return file + " is not in the build context"
	}
	m.files = append(m.files, rel)
	name := path.Base(file)
	if name == "Pipfile" || name == "pyproject.toml" && tool == installer.Poetry || name == "uv.lock" && tool == installer.Uv {
		for _, other := range companions[tool] {
			at := path.Join(path.Dir(file), other)
			if context.Exists(at) && !context.Ignored(at) {
				m.files = append(m.files, path.Join(path.Dir(rel), other))
			}
		}
		return ""
	}
	switch path.Ext(name) {
	case ".toml", ".py", ".cfg":
		return name + " may need the sources that it describes"
	}
	parsed, ok := context.Requirements(file)
	if !ok || len(parsed.Problems) > 0 {
		return file + " can't be read"
	}
	for _, line := range parsed.Lines {
		if line.Requirement.IsLocal() || line.Requirement.Editable {
			return file + " installs something into or from the sources"
		}
	}
	for _, next := range parsed.Includes {
		if next.Path == "" {
			return fmt.Sprintf("%s includes %s, which is not in the build context", file, next.Written)
		}
		if reason := m.include(next.Path, tool, depth+1); reason != "" {
			return reason
		}
	}
	return ""
}

// betweenObstacle looks at what stands between the COPY and the RUN.
func (m *mover) betweenObstacle() string {
	text := m.build.File.Text(m.Copy.Step.Instruction.Span)
	relative := m.relative()
	for _, step := range m.run.Stage.Steps[m.Copy.Step.Index+1 : m.run.Index] {
		in := step.Instruction
		reason := ""
		switch in.Keyword {
		case "LABEL", "EXPOSE", "USER", "CMD", "ENTRYPOINT", "STOPSIGNAL", "HEALTHCHECK", "MAINTAINER":
		case "ENV", "ARG":
			for _, p := range in.Pairs {
				if strings.Contains(text, "$"+p.Key) || strings.Contains(text, "${"+p.Key) {
					reason = in.Keyword + " " + p.Key + " between changes the COPY"
				}
			}
		case "WORKDIR":
			if relative {
				reason = "a WORKDIR between changes where the COPY goes"
			}
		case "VOLUME":
			reason = m.volumeObstacle(step)
		case "RUN":
			reason = m.runObstacle(step)
		default:
			reason = in.Keyword + " stands between"
		}
		if reason != "" {
			return reason
		}
	}
	return ""
}

func (m *mover) relative() bool {
	args := m.Copy.Step.Instruction.Args
	v := env.Expand(args[len(args)-1].Value, m.build.Doc.Escape, m.Copy.Step.Before.Lookup)
	return !path.IsAbs(v.Text)
}

// volumeObstacle: the builder before BuildKit throws away what comes into a volume after its declaration.
func (m *mover) volumeObstacle(step *analyzer.Step) string {
	for _, a := range step.Instruction.Args {
		v := env.Expand(a.Value, m.build.Doc.Escape, step.Before.Lookup)
		if !v.IsKnown() || analyzer.Under(path.Clean(v.Text), m.Copy.Dest.Text) || analyzer.Under(m.Copy.Dest.Text, path.Clean(v.Text)) {
			return "a VOLUME between covers where the COPY goes"
		}
	}
	return ""
}

// runObstacle tells why a RUN can't do without the sources: it has to consist of installers and package managers, and of
// commands that are known to touch none.
func (m *mover) runObstacle(step *analyzer.Step) string {
	if step.Unreadable != "" || len(step.Commands) == 0 || bindsContext(step) || len(step.Instruction.Heredocs) > 0 && step.Script == nil {
		return "a RUN can't be read"
	}
	for _, c := range step.Commands {
		if !m.independent(c) {
			what := "a command"
			if len(c.Argv) > 0 && c.Argv[0].Text() != "" {
				what = c.Argv[0].Text()
			}
			return what + " may need the sources"
		}
	}
	return ""
}

func (m *mover) independent(c *analyzer.Command) bool {
	for _, r := range c.Shell.Redirects {
		if r.Op != ">&" && (r.Target == nil || !r.Target.Value(c.State.Lookup).Is("/dev/null")) {
			return false
		}
	}
	switch {
	case len(c.Argv) == 0:
		return true
	case c.OS != nil:
		return c.OS.Opaque == "" && !slices.ContainsFunc(c.OS.Packages, func(p ospkg.Package) bool { return p.File != "" })
	case c.Installer != nil:
		return m.independentInstall(c)
	}
	var operands []env.Value
	for _, f := range c.Argv[1:] {
		if !f.Value.IsKnown() || !strings.HasPrefix(f.Text(), "-") {
			operands = append(operands, f.Value)
		}
	}
	switch path.Base(c.Argv[0].Text()) {
	case "set", "true", ":", "echo", "printf", "export", "ldconfig", "update-ca-certificates",
		"useradd", "adduser", "groupadd", "addgroup":
		return true
	case "cd":
		return len(operands) == 1 && m.keeps(c.State.Abs(operands[0]))
	case ".", "source":
		return len(operands) == 1 && strings.HasSuffix(operands[0].Text, "/bin/activate")
	case "rm", "mkdir", "ln":
		return len(operands) > 0 && !slices.ContainsFunc(operands, func(v env.Value) bool { return m.touches(c.State.Abs(v)) })
	}
	return false
}

// keeps tells whether the directory is there without the sources.
func (m *mover) keeps(dir env.Value) bool {
	if !dir.IsKnown() {
		return false
	}
	for _, f := range m.files {
		if dir.Text == path.Dir(path.Join(m.Copy.Dest.Text, f)) {
			return true
		}
	}
	return !m.touches(dir) || dir.Is(m.Copy.Dest.Text)
}

// touches tells whether the path may be among what the COPY brings, or above it.
func (m *mover) touches(p env.Value) bool {
	dest := m.Copy.Dest.Text
	if !p.IsKnown() || analyzer.Under(p.Text, dest) {
		return true
	}
	if !analyzer.Under(dest, p.Text) {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(p.Text, dest), "/"), "/")
	at := path.Join(m.dir, first)
	return analyzer.HasPattern(first) || m.build.Context.Exists(at) && !m.build.Context.Ignored(at)
}

// independentInstall tells whether an installer's command does without the sources, and puts nothing where they would be
// copied over it.
func (m *mover) independentInstall(c *analyzer.Command) bool {
	call := c.Installer
	if call.Opaque != "" {
		return false
	}
	if dir, _, ok := analyzer.MadeVenv(c); ok && m.touches(env.Of(dir)) {
		return false
	}
	if c.Install == nil {
		switch {
		case call.Tool == installer.Venv:
			return len(call.Operands) == 1
		case call.Verb == "config", call.Verb == "cache", strings.HasPrefix(call.Verb, "cache "), call.Verb == "", call.Verb == "check", call.Verb == "list":
			return true
		}
		return call.Uninstalls()
	}
	switch call.Tool {
	case installer.Pip, installer.UvPip, installer.Pipenv, installer.Poetry, installer.PipTools, installer.Uv:
	default:
		return false
	}
	if needsSources(c.Install) || slices.ContainsFunc(c.Install.Requirements, func(r installer.Requirement) bool { return r.Editable }) {
		return false
	}
	uses := dependencyFiles(c.Install)
	if call.Tool != installer.Pip && call.Tool != installer.UvPip && len(uses) == 0 {
		return false
	}
	for _, use := range append(slices.Clone(uses), c.Install.Constraints...) {
		if !use.InImage.IsKnown() {
			return false
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(use.InImage.Text, m.Copy.Dest.Text), "/")
		if analyzer.Under(m.Copy.Dest.Text, use.InImage.Text) && !slices.Contains(m.files, rel) {
			return false
		}
	}
	return true
}
