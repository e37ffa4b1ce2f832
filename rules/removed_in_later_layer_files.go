package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// lateRemoval is something that a RUN removes though an earlier layer of the final image holds it for good.
type lateRemoval struct {
	what  string      // "gcc", "/tmp/src"
	span  source.Span // where it is removed
	added source.Span // where it was put in
	step  *analyzer.Step
	copy  bool // it was copied, not installed
}

// lateRemovals are the OS packages, and the directories and archives from a COPY or ADD, that a later RUN of the finished stage's
// chain removes, the first of each RUN only; wheels that are installed from there are not among them. Layers can't be shrunk by later ones: https://docs.docker.com/build/building/best-practices/
func lateRemovals(s *analyzer.Stage) []lateRemoval {
	var found []lateRemoval
	steps := s.ChainSteps()
	wheels := map[string]bool{} // these are a matter of their own: see WheelCopies
	for _, w := range wheelCopies(s) {
		wheels[w.Dir] = true
	}
	for i, step := range steps {
		for _, c := range step.Commands {
			if !c.Shell.Certain && !c.Shell.Attempted {
				continue
			}
			r, ok := removesPackage(c, steps[:i])
			if !ok {
				r, ok = removesCopy(c, steps[:i])
			}
			if ok && !wheels[r.what] {
				r.step = step
				found = append(found, r)
				break
			}
		}
	}
	return found
}

func removesPackage(c *analyzer.Command, earlier []*analyzer.Step) (lateRemoval, bool) {
	if c.OS == nil || c.OS.Verb != ospkg.Remove {
		return lateRemoval{}, false
	}
	for _, p := range c.OS.Packages {
		for _, step := range earlier {
			for _, other := range step.Commands {
				if added, ok := adds(other, p.Name); ok {
					return lateRemoval{what: p.Name, span: p.Span, added: added}, true
				}
			}
		}
	}
	return lateRemoval{}, false
}

// adds tells whether the command installs the OS package, or gives apk's virtual package that name.
func adds(c *analyzer.Command, name string) (source.Span, bool) {
	if name == "" || c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" {
		return source.Span{}, false
	}
	if c.OS.Virtual == name {
		return c.OS.Span, true
	}
	for _, p := range c.OS.Packages {
		if p.Name == name && !c.Step.Uninstalls(c, name) {
			return p.Span, true
		}
	}
	return source.Span{}, false
}

func removesCopy(c *analyzer.Command, earlier []*analyzer.Step) (lateRemoval, bool) {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) < 2 || shell.Program(argv[0]) != "rm" {
		return lateRemoval{}, false
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
			if span, ok := brings(earlier[i].Copy, at.Text); ok {
				return lateRemoval{what: at.Text, span: f.Span, added: span, copy: true}, true
			}
		}
	}
	return lateRemoval{}, false
}

// brings tells whether p is, certainly, a directory or an archive that the COPY puts there: what it names, or what the build
// context shows. Small files are not worth a word.
func brings(c *analyzer.Copy, p string) (source.Span, bool) {
	if !c.Dest.IsKnown() || p == "/" {
		return source.Span{}, false
	}
	for _, s := range c.Sources {
		if !s.Text.IsKnown() || s.Heredoc || s.Remote {
			continue
		}
		name, dest := path.Base(s.Text.Text), c.Dest.Text
		isArchive := archives[path.Ext(name)] && c.Step.Instruction.Keyword == "COPY"
		context := c.Step.Stage.Build().Context
		switch {
		case isArchive && p == path.Join(dest, name) && (c.DestIsDir || c.FromContext()), isArchive && p == dest && !c.DestIsDir:
			return s.Span, true
		case !analyzer.LooksLikeFile(name) && !isArchive && p == dest && path.Ext(p) == "" && isTree(c, s):
			return s.Span, true
		case c.FromContext() && analyzer.Under(dest, p) && p != dest && context.IsDir(s.Text.Text):
			inside := path.Join(s.Text.Text, strings.TrimPrefix(p, dest))
			if context.IsDir(inside) && !context.Ignored(inside) && (unwanted[path.Base(inside)] || isLarge(context, inside)) {
				return s.Span, true
			}
		}
	}
	return source.Span{}, false
}

// unwanted are the names of folders that are removed since an image has no use for them.
var unwanted = map[string]bool{
	"tests": true, "test": true, "docs": true, "doc": true, "examples": true, ".git": true, ".github": true, "node_modules": true, "build": true,
}

// isLarge tells whether a folder of the build context has so much in it that it is removed for the image's size: a small one is removed
// since it is in the way, as sources that hide an installed package.
func isLarge(context *project.Context, dir string) bool {
	const much = 5 << 20
	size := 0
	context.Walk(dir, func(file string, isDir bool) bool {
		if !isDir && !context.Ignored(file) {
			content, _ := context.Read(file)
			size += len(content)
		}
		return size < much
	})
	return size >= much
}

// isTree tells whether the source is certainly a directory: the context says so, it is the root of the context, or the
// destination ends in a slash and has the name of the source.
func isTree(c *analyzer.Copy, s analyzer.CopySource) bool {
	if c.FromContext() {
		return s.Text.Text == "." || c.Step.Stage.Build().Context.IsDir(s.Text.Text)
	}
	return path.Base(s.Text.Text) == path.Base(c.Dest.Text)
}

var archives = map[string]bool{".tar": true, ".gz": true, ".tgz": true, ".xz": true, ".bz2": true, ".zip": true, ".whl": true, ".deb": true, ".rpm": true}
