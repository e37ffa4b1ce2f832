package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// UnpinnedInstaller finds tools that install or build packages, such as pip, setuptools, poetry and uv, installed or
// upgraded without an exact version.
//
// Everything else in the image goes through the installer, so its next major release breaks a build that nobody has
// touched: poetry 2.0 has no `install --no-dev`, pipenv 2022.8.13 no `lock -r`, setuptools 82 no pkg_resources, pip 26.2 no longer
// applies PIP_CONSTRAINT to builds. An ARG or ENV that gives the version pins it; so does a constraint file. A range does not.
// The short examples in the documentation of pipenv, poetry, pdm and distroless leave the version out: that keeps them up to date, and
// is what those four releases have broken.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --upgrade pip && pip install -r requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install pip==26.0 && pip install -r requirements.txt
//
// # Fix
//
// Adds the versions that the configuration names under `pins`; a version is never made up. Unsafe: the new version may behave in
// another way than the one that was installed so far. There is no fix where one of the command's tools has no
// pin or is held in a range.
//
// # References
//
//   - https://pip.pypa.io/en/stable/topics/repeatable-installs/
//   - https://python-poetry.org/docs/#ci-recommendations
var UnpinnedInstaller = register(analyzer.Rule{
	Code: "PLD201", Name: "unpinned-installer",
	Summary:  "pip, setuptools, poetry or another installer is installed without an exact version",
	Do:       "name its version here, or under `pins` in the configuration, and --unsafe-fixes writes it",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Allows: analyzer.PackageWords, Check: checkUnpinnedInstaller,
})

func checkUnpinnedInstaller(p *analyzer.Pass) {
	reportFloating(p, true, func(floating []installer.Requirement, in *analyzer.Installation) *analyzer.Fix {
		return pinInstallers(p, floating, in)
	})
}

// pinInstallers writes the configured versions behind the names, all or none.
func pinInstallers(p *analyzer.Pass, floating []installer.Requirement, in *analyzer.Installation) *analyzer.Fix {
	fix := &analyzer.Fix{Title: "Pin " + enumerate(requirementNames(floating)), Safety: analyzer.Unsafe}
	for _, r := range floating {
		version, ok := p.Settings.Pins[r.Name]
		if !ok || r.Specifier != "" || r.Marker != "" || !r.Literal || !in.Command.Shell.Exact {
			return nil
		}
		edit, ok := fixes.AppendToWord(p.Doc, r.Span, r.Text, "=="+version)
		if !ok {
			return nil
		}
		fix.Edits = append(fix.Edits, edit)
	}
	return fix
}
