package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// TestsInImage finds a COPY that takes the project's tests into the final image.
//
// Tests and their data are not run there. They make the layer larger, and each edit of a test makes it anew. Where the Dockerfile, a
// script or a compose file may run tests in the container, there is no finding. Nothing can tell what a pipeline does with the
// image, so that the rule must be selected.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "main.py"]
//	-- main.py --
//	-- tests/test_main.py --
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "main.py"]
//	-- .dockerignore --
//	tests
//	-- main.py --
//	-- tests/test_main.py --
//
// # Fix
//
// Appends the directory to the ignore file in force, or creates .dockerignore. Unsafe: something outside of these files may run
// the tests in the image.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/#dockerignore-files
var TestsInImage = register(&analyzer.Rule{
	Code: "PLD307", Name: "tests-in-image",
	Summary:  "the project's tests are copied into the final image",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, OptIn: true, Check: checkTestsInImage,
})

func checkTestsInImage(p *analyzer.Pass) {
	leak := testLeak(p.Build)
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{
		Span: leak.trees[0].Source.Span, Related: copiedHereToo(leak.trees),
		Message: leak.path + " is copied into the final image, where nothing runs it, and each edit of a test makes the layer anew",
	}
	keepOut(p, &d, leak.lines, leak.stoppedBy, leak.path, analyzer.Unsafe)
	p.Report(d)
}

var testFile = pattern.New(`^(test_\w+|\w+_test|tests?|conftest)\.py$`)

// forTests are names of Dockerfiles that are not those of a service.
var forTests = pattern.New(`(?i)test|dev|ci\b|debug`)

// testLeak finds a project's directory of tests in a COPY to the final image. It is nil where something in the Dockerfile, or a
// compose file, may run tests.
func testLeak(b *analyzer.Build) *contextLeak {
	leak := &contextLeak{build: b}
	for _, tree := range shippedTrees(b) {
		for _, name := range []string{"tests", "test"} {
			at := path.Join(tree.Dir, name)
			if !b.Context.IsDir(at) || b.Context.Ignored(at) || tree.Excludes(at) {
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
			if !slices.Contains(leak.lines, at) {
				leak.lines = append(leak.lines, at)
			}
		}
	}
	if len(leak.trees) == 0 || mayTest(b) {
		return nil
	}
	return leak
}

// mayTest tells whether the Dockerfile speaks of tests, or a compose or CI file runs them in a container.
func mayTest(b *analyzer.Build) bool {
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
