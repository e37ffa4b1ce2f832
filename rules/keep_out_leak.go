package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// contextLeak is something in the build context that does not belong into an image and that COPYs take along.
type contextLeak struct {
	// Trees are the copies that take it, in the order of the file; never empty.
	trees []analyzer.ContextTree
	// Path is the first that gets through, and Detail what is known of it: see the finder.
	path, detail string
	// Present tells that it is there now; else it is where it will be.
	present bool
	// Lines of an ignore file keep it out.
	lines []string
	// Others are those that get through besides the first, with what is known of them: "key.pem (a private key)".
	others []string
	// Needed says in a clause why one of them must not be hidden, "" where nothing speaks against it.
	needed string

	build  *analyzer.Build
	probes []string // every path that must be hidden
}

// stoppedBy tells whether an ignore file of these lines keeps all of it out and hides nothing that the build names; reason
// says in a clause why not.
func (l *contextLeak) stoppedBy(lines []string) (ok bool, reason string) {
	for _, p := range l.probes {
		if !project.WouldIgnore(lines, p) {
			return false, "a line at the end of the ignore file would not keep it out"
		}
	}
	for _, name := range l.build.ContextNames() {
		for _, p := range append(l.build.Context.Glob(name), name) {
			if !l.build.Context.Ignored(p) && project.WouldIgnore(lines, p) {
				return false, "it would hide " + p + ", which the Dockerfile names"
			}
		}
	}
	return true, ""
}

// add notes a path that a tree takes along.
func (l *contextLeak) add(t analyzer.ContextTree, p, detail string, present bool) {
	if n := len(l.trees); n == 0 || l.trees[n-1] != t {
		l.trees = append(l.trees, t)
	}
	if l.path == "" {
		l.path, l.detail, l.present = p, detail, present
	} else if detail != "" {
		l.others = append(l.others, p+" ("+detail+")")
	}
	l.probes = append(l.probes, p)
}

// shippedTrees are the ContextTrees of the stages whose layers are part of the final image.
func shippedTrees(b *analyzer.Build) []analyzer.ContextTree {
	return slices.DeleteFunc(b.ContextTrees(), func(t analyzer.ContextTree) bool { return !t.Copy.Step.Stage.Ships })
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
