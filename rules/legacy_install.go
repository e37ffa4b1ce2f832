package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// LegacyInstall finds `python setup.py install`, `setup.py develop` and `easy_install`.
//
// They go past pip: its index settings, constraints, hashes and cache options do not apply, dependencies come as eggs, and pip can't take
// the files away again. setuptools has deprecated the commands and is removing them (easy_install is gone since setuptools 80), and the python
// images from 3.12 on bring no setuptools at all, so that setup.py can't even start there.
//
// # Flagged
//
//	FROM python:3.11-slim
//	WORKDIR /src
//	COPY . .
//	RUN python setup.py install
//	CMD ["myapp"]
//
// # Instead
//
//	FROM python:3.11-slim
//	WORKDIR /src
//	COPY . .
//	RUN python -m pip install --no-cache-dir .
//	CMD ["myapp"]
//
// # Fix
//
// Writes the same as a command of pip, where there are no options to translate and pip is known to be there. Unsafe: pip builds a wheel in an
// environment of its own, so a setup.py that imports other packages needs them declared in pyproject.toml.
//
// # References
//
//   - https://packaging.python.org/en/latest/discussions/setup-py-deprecated/
//   - https://setuptools.pypa.io/en/latest/deprecated/easy_install.html
var LegacyInstall = register(analyzer.Rule{
	Code: "PLD206", Name: "legacy-install",
	Summary:  "setup.py or easy_install is used in place of pip",
	Do:       "let pip install the project, with `pip install .`, which runs setup.py for you",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkLegacyInstall,
})

func checkLegacyInstall(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		c := in.Command
		name, ok := c.LegacyInstall()
		if !ok {
			return
		}
		d := analyzer.Diagnostic{
			Span:    in.Call.Span,
			Message: fmt.Sprintf("%s is deprecated and goes past pip, whose settings and records do not apply", name),
		}
		words, reason := c.PipInstead()
		if reason == "" {
			if edit, ok := fixes.ReplaceItem(c, strings.Join(words, " ")); ok {
				d.Fix = &analyzer.Fix{Title: "Install with pip", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{edit}}
			} else {
				reason = "the command can't be replaced where it stands"
			}
		}
		d.NoFixReason = reason
		p.Report(d)
	})
}
