package analyzer

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Clutter is a kind of thing that lies in build contexts and does not belong into an image.
type Clutter uint8

// The kinds.
const (
	ByteCode Clutter = iota
	Environments
	Secrets
	Repository
	Tests
	BuildOutput
)

// clutterLines is the one table of what an ignore file should hold against each kind. Patterns are anchored at the context
// root, so those for any depth begin with "**/". https://docs.docker.com/build/concepts/context/#syntax
var clutterLines = map[Clutter][]string{
	ByteCode:     {"**/__pycache__", "**/*.py[cod]"},
	Environments: {"**/.venv"},
	Secrets:      {"**/.env", "**/.env.*"},
	Repository:   {".git"},
	BuildOutput:  {"build", "dist", "**/*.egg-info"},
}

// ClutterLines are the lines of an ignore file that keep things of the kind out.
func ClutterLines(kind Clutter) []string { return slices.Clone(clutterLines[kind]) }

// shippedTrees are the ContextTrees of the stages whose layers are part of the final image.
func (b *Build) shippedTrees() []ContextTree {
	return slices.DeleteFunc(b.ContextTrees(), func(t ContextTree) bool { return !t.Copy.Step.Stage.Ships })
}

// EnvironmentLeak finds virtual environments and node_modules of the machine that builds, and the place of the environment that
// uv makes beside its lock file when a stage runs `uv sync` where it is copied to. Detail is "" or the tool. It is nil where there
// are none.
func (b *Build) EnvironmentLeak() *ContextLeak {
	leak := &ContextLeak{build: b}
	note := func(t ContextTree, p, detail string, present bool) {
		if t.excludes(p) {
			return
		}
		leak.add(t, p, detail, present)
		line := p
		if path.Base(p) == ".venv" || path.Base(p) == "node_modules" {
			line = "**/" + path.Base(p)
		}
		if !slices.Contains(leak.Lines, line) {
			leak.Lines = append(leak.Lines, line)
		}
	}
	for _, tree := range b.ContextTrees() {
		for _, p := range b.environmentsBelow(tree.Dir) {
			note(tree, p, "", true)
		}
		at := path.Join(tree.Dir, ".venv")
		if !b.Context.Ignored(at) && !b.Context.Exists(at) && b.Context.Exists(path.Join(tree.Dir, "uv.lock")) && tree.meetsEnvironment() {
			note(tree, at, "uv", false)
		}
	}
	if len(leak.Trees) == 0 {
		return nil
	}
	return leak
}

// environmentsBelow are the virtual environments and node_modules in a folder of the build context, looked for once for all
// Dockerfiles that share it.
func (b *Build) environmentsBelow(dir string) []string {
	return b.Context.Remember("environments below "+dir, func() any {
		var list []string
		b.Context.Walk(dir, func(p string, isDir bool) bool {
			depth := strings.Count(p, "/") - strings.Count(dir, "/")
			switch {
			case depth > 3 || inSamples(p):
			case !isDir && path.Base(p) == "pyvenv.cfg":
				list = append(list, path.Dir(p))
			case isDir && path.Base(p) == "node_modules" && strings.Count(p, "node_modules") == 1:
				list = append(list, p)
			}
			return true
		})
		return list
	}).([]string)
}

// meetsEnvironment tells whether an installation of the stage keeps its environment at .venv in the directory that the tree is copied to.
func (t ContextTree) meetsEnvironment() bool {
	for _, in := range t.Copy.Step.Stage.Installs() {
		if t.Copy.Dest.IsKnown() && in.Place == VirtualEnv && in.Dir.Is(path.Join(t.Copy.Dest.Text, ".venv")) {
			return true
		}
	}
	return false
}

// inSamples tells whether the path lies among tests, examples or packages, where a secret is none.
func inSamples(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if samples[strings.ToLower(part)] {
			return true
		}
	}
	return false
}

var samples = map[string]bool{
	"test": true, "tests": true, "testing": true, "testdata": true, "fixture": true, "fixtures": true, "example": true, "examples": true,
	"sample": true, "samples": true, "demo": true, "demos": true, "doc": true, "docs": true, "mock": true, "mocks": true,
	"site-packages": true, "node_modules": true, "vendor": true,
}

// RepositoryLeak finds the history of version control in a COPY. It is nil where the build reads it, as far as can be seen, and
// where the ignore file lets it in by name.
func (b *Build) RepositoryLeak() *ContextLeak {
	if _, file, ok := b.Context.IgnoreFile(); ok && strings.Contains(string(file.Bytes()), "!.git") {
		return nil // let in on purpose
	}
	leak := &ContextLeak{Lines: ClutterLines(Repository), build: b}
	for _, tree := range b.ContextTrees() {
		at := path.Join(tree.Dir, ".git")
		// What a builder keeps does not ship, and its layer changes with the sources anyway.
		if tree.Copy.Step.Stage.Ships && b.Context.IsDir(at) && !b.Context.Ignored(at) && !tree.excludes(at) && tree.Dir == "." {
			leak.add(tree, at, "", true)
		}
	}
	if len(leak.Trees) == 0 || b.readsRepository() {
		return nil
	}
	return leak
}

// readsRepository tells whether something in the build may ask git for a version.
func (b *Build) readsRepository() bool {
	if b.contextReadsRepository() {
		return true
	}
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Unreadable != "" {
				return true
			}
			for _, c := range step.Commands {
				_, _, argv, _ := shell.Unwrap(c.Argv)
				if len(argv) > 1 && shell.Program(argv[0]) == "git" && argv[1].Text() != "clone" && argv[1].Text() != "config" {
					return true
				}
			}
		}
	}
	return false
}

// contextReadsRepository tells whether a project or a script of the build context may; it is found out once for all Dockerfiles that
// share the context.
func (b *Build) contextReadsRepository() bool {
	return b.Context.Remember("reads the repository", func() any {
		scm := false
		b.Context.Walk(".", func(p string, isDir bool) bool {
			if !isDir && path.Base(p) == "pyproject.toml" || !isDir && path.Base(p) == "setup.py" {
				meta, ok := b.Context.Project(path.Dir(p))
				scm = scm || ok && meta.UsesSCM
			}
			if base := strings.ToLower(path.Base(p)); !isDir && (base == "setup.py" || path.Ext(base) == ".sh" || base == "makefile") {
				content, _ := b.Context.Read(p)
				scm = scm || bytes.Contains(content, []byte("git "))
			}
			return !scm
		})
		return scm
	}).(bool)
}
