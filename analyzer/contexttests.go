package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

var testFile = pattern.New(`^(test_\w+|\w+_test|tests?|conftest)\.py$`)

// forTests are names of Dockerfiles that are not those of a service.
var forTests = pattern.New(`(?i)test|dev|ci\b|debug`)

// TestLeak finds a project's directory of tests in a COPY to the final image. It is nil where something in the Dockerfile, or a
// compose file, may run tests.
func (b *Build) TestLeak() *ContextLeak {
	leak := &ContextLeak{build: b}
	for _, tree := range b.shippedTrees() {
		for _, name := range []string{"tests", "test"} {
			at := path.Join(tree.Dir, name)
			if !b.Context.IsDir(at) || b.Context.Ignored(at) || tree.excludes(at) {
				continue
			}
			found := ""
			b.Context.Walk(at, func(p string, isDir bool) bool {
				if !isDir && testFile.MatchString(path.Base(p)) {
					found = p
				}
				return found == ""
			})
			if found == "" {
				continue
			}
			leak.add(tree, at, "", true)
			leak.probes[len(leak.probes)-1] = found
			if !slices.Contains(leak.Lines, at) {
				leak.Lines = append(leak.Lines, at)
			}
		}
	}
	if len(leak.Trees) == 0 || b.mayTest() {
		return nil
	}
	return leak
}

// mayTest tells whether the Dockerfile speaks of tests, or a compose or CI file runs them in a container.
func (b *Build) mayTest() bool {
	if forTests.MatchString(path.Base(b.File.Name())) {
		return true
	}
	text := strings.ToLower(string(b.File.Bytes()))
	for _, word := range []string{"pytest", "tox", "nox", "unittest", "manage.py test", "tests", "requirements-dev", "requirements/test"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	for _, word := range []string{"pytest", "unittest", "manage.py test"} {
		if b.Context.ComposeMentions(word) {
			return true
		}
	}
	return false
}
