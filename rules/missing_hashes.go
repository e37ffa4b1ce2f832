package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// MissingHashes finds requirements files that pip installs without checking hashes.
//
// A version names a release, not its bytes: an index or a proxy that is broken into, or an uploader who adds a wheel to an old release,
// changes what the same version installs. With hashes in the file pip refuses everything else. The rule is opt-in, for hashes are work without
// `pip-compile --generate-hashes`, `uv pip compile --generate-hashes` or an export from a lock file. It needs the build context.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["flask", "run"]
//	-- requirements.txt --
//	flask==3.1.0
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	CMD ["flask", "run"]
//	-- requirements.txt --
//	flask==3.1.0 --hash=sha256:d667207822eb83f1c4b50949b1623c8fc8d51f2341d65f72e1a1815397551136
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
var MissingHashes = register(&analyzer.Rule{
	Code: "PLD218", Name: "missing-hashes",
	Summary:  "a requirements file is installed without hashes",
	Do:       "write the hashes with pip-compile --generate-hashes or uv pip compile --generate-hashes",
	Severity: analyzer.Info, OptIn: true, Check: checkMissingHashes,
})

func checkMissingHashes(p *analyzer.Pass) {
	eachRequirementsFile(p, func(in *analyzer.Installation, use analyzer.RequirementsUse, lines []project.RequirementLine) {
		if _, checked := in.HashMode(); checked || in.Call.NoIndex() || in.Call.RequireHashes() {
			return
		}
		fetched := 0
		for _, line := range lines {
			if len(line.Hashes) > 0 {
				return
			}
			if line.Requirement.Name != "" {
				fetched++
			}
		}
		if fetched == 0 {
			return
		}
		p.Report(analyzer.Diagnostic{
			Span:    use.Span,
			Message: fmt.Sprintf("%s has no hashes, so nothing tells whether the packages are those that were chosen", use.InContext),
		})
	})
}
