package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

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
var TestsInImage = register(analyzer.Rule{
	Code: "PLD307", Name: "tests-in-image",
	Summary:  "the project's tests are copied into the final image",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, OptIn: true, Check: checkTestsInImage,
})

func checkTestsInImage(p *analyzer.Pass) {
	leak := p.TestLeak()
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{
		Span: leak.Trees[0].Source.Span, Related: copiedHereToo(leak.Trees),
		Message: leak.Path + " is copied into the final image, where nothing runs it, and each edit of a test makes the layer anew",
	}
	keepOut(p, &d, leak.Lines, leak.StoppedBy, leak.Path, analyzer.Unsafe)
	p.Report(d)
}
