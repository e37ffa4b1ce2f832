package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// ContextLeak is something in the build context that does not belong into an image and that COPYs take along.
type ContextLeak struct {
	// Trees are the copies that take it, in the order of the file; never empty.
	Trees []ContextTree
	// Path is the first that gets through, and Detail what is known of it: see the finder.
	Path, Detail string
	// Present tells that it is there now; else it is where it will be.
	Present bool
	// Lines of an ignore file keep it out.
	Lines []string

	build  *Build
	probes []string // every path that must be hidden
}

// StoppedBy tells whether an ignore file of these lines keeps all of it out and hides nothing that the build names; reason
// says in a clause why not.
func (l *ContextLeak) StoppedBy(lines []string) (ok bool, reason string) {
	for _, p := range l.probes {
		if !project.WouldIgnore(lines, p) {
			return false, "a line at the end of the ignore file would not keep it out"
		}
	}
	for _, name := range l.build.contextNames() {
		for _, p := range append(l.build.Context.Glob(name), name) {
			if !l.build.Context.Ignored(p) && project.WouldIgnore(lines, p) {
				return false, "it would hide " + p + ", which the Dockerfile names"
			}
		}
	}
	return true, ""
}

// add notes a path that a tree takes along.
func (l *ContextLeak) add(t ContextTree, p, detail string, present bool) {
	if n := len(l.Trees); n == 0 || l.Trees[n-1] != t {
		l.Trees = append(l.Trees, t)
	}
	if l.Path == "" {
		l.Path, l.Detail, l.Present = p, detail, present
	}
	l.probes = append(l.probes, p)
}
