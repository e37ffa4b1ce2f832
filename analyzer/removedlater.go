package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// LateRemoval is something that a RUN removes though an earlier layer of the final image holds it for good.
type LateRemoval struct {
	What  string      // "gcc", "/tmp/src"
	Span  source.Span // where it is removed
	Added source.Span // where it was put in
	Step  *Step
	Copy  bool // it was copied, not installed
}

// LateRemovals are the OS packages, and the directories and archives from a COPY or ADD, that a later RUN of the finished stage's
// chain removes, the first of each RUN only; wheels that are installed from there are not among them. Layers can't be shrunk by later ones: https://docs.docker.com/build/building/best-practices/
func (s *Stage) LateRemovals() []LateRemoval {
	var found []LateRemoval
	steps := s.ChainSteps()
	wheels := map[string]bool{} // these are a matter of their own: see WheelCopies
	for _, w := range s.WheelCopies() {
		wheels[w.Dir] = true
	}
	for i, step := range steps {
		for _, c := range step.Commands {
			if !c.Shell.Certain && !c.Shell.Attempted {
				continue
			}
			r, ok := c.removesPackage(steps[:i])
			if !ok {
				r, ok = c.removesCopy(steps[:i])
			}
			if ok && !wheels[r.What] {
				r.Step = step
				found = append(found, r)
				break
			}
		}
	}
	return found
}

func (c *Command) removesPackage(earlier []*Step) (LateRemoval, bool) {
	if c.OS == nil || c.OS.Verb != ospkg.Remove {
		return LateRemoval{}, false
	}
	for _, p := range c.OS.Packages {
		for _, step := range earlier {
			for _, other := range step.Commands {
				if added, ok := other.adds(p.Name); ok {
					return LateRemoval{What: p.Name, Span: p.Span, Added: added}, true
				}
			}
		}
	}
	return LateRemoval{}, false
}

// adds tells whether the command installs the OS package, or gives apk's virtual package that name.
func (c *Command) adds(name string) (source.Span, bool) {
	if name == "" || c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" {
		return source.Span{}, false
	}
	if c.OS.Virtual == name {
		return c.OS.Span, true
	}
	for _, p := range c.OS.Packages {
		if p.Name == name && !c.Step.uninstalls(c, name) {
			return p.Span, true
		}
	}
	return source.Span{}, false
}

func (c *Command) removesCopy(earlier []*Step) (LateRemoval, bool) {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) < 2 || shell.Program(argv[0]) != "rm" {
		return LateRemoval{}, false
	}
	for _, f := range argv[1:] {
		at := c.State.Abs(f.Value)
		if !at.IsKnown() || f.Glob || strings.HasPrefix(f.Text(), "-") {
			continue
		}
		for i := len(earlier) - 1; i >= 0; i-- {
			if earlier[i].Copy == nil {
				continue
			}
			if span, ok := earlier[i].Copy.brings(at.Text); ok {
				return LateRemoval{What: at.Text, Span: f.Span, Added: span, Copy: true}, true
			}
		}
	}
	return LateRemoval{}, false
}

// brings tells whether p is, certainly, a directory or an archive that the COPY puts there: what it names, or what the build
// context shows. Small files are not worth a word.
func (c *Copy) brings(p string) (source.Span, bool) {
	if !c.Dest.IsKnown() || p == "/" {
		return source.Span{}, false
	}
	for _, s := range c.Sources {
		if !s.Text.IsKnown() || s.Heredoc || s.Remote {
			continue
		}
		name, dest := path.Base(s.Text.Text), c.Dest.Text
		isArchive := archives[path.Ext(name)] && c.Step.Instruction.Keyword == "COPY"
		context := c.Step.Stage.build.Context
		switch {
		case isArchive && p == path.Join(dest, name) && (c.DestIsDir || c.FromContext()), isArchive && p == dest && !c.DestIsDir:
			return s.Span, true
		case !looksLikeFile(name) && !isArchive && p == dest && path.Ext(p) == "" && c.isTree(s):
			return s.Span, true
		case c.FromContext() && under(dest, p) && p != dest && context.IsDir(s.Text.Text):
			inside := path.Join(s.Text.Text, strings.TrimPrefix(p, dest))
			if context.IsDir(inside) && !context.Ignored(inside) {
				return s.Span, true
			}
		}
	}
	return source.Span{}, false
}

// isTree tells whether the source is certainly a directory: the context says so, it is the root of the context, or the
// destination ends in a slash and has the name of the source.
func (c *Copy) isTree(s CopySource) bool {
	if c.FromContext() {
		return s.Text.Text == "." || c.Step.Stage.build.Context.IsDir(s.Text.Text)
	}
	return path.Base(s.Text.Text) == path.Base(c.Dest.Text)
}

var archives = map[string]bool{".tar": true, ".gz": true, ".tgz": true, ".xz": true, ".bz2": true, ".zip": true, ".whl": true, ".deb": true, ".rpm": true}
