package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
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
var LegacyInstall = register(&analyzer.Rule{
	Code: "PLD206", Name: "legacy-install",
	Summary:  "setup.py or easy_install is used in place of pip",
	Do:       "let pip install the project, with `pip install .`, which runs setup.py for you",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkLegacyInstall,
})

func checkLegacyInstall(p *analyzer.Pass) {
	eachInstall(p, func(in *analyzer.Installation) {
		c := in.Command
		name, ok := legacyInstall(c)
		if !ok {
			return
		}
		d := analyzer.Diagnostic{
			Span:    in.Call.Span,
			Message: fmt.Sprintf("%s is deprecated and goes past pip, whose settings and records do not apply", name),
		}
		if bare := in.Interpreter; bare != nil && lacksSetuptools(in) {
			d.Severity = analyzer.Error
			d.Message = fmt.Sprintf("%s needs setuptools, which Python %s does not bring and nothing installs, so the build fails", name, bare.Minor)
		}
		words, reason := pipInstead(c)
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

// lacksSetuptools tells whether the interpreter is one of Docker's Python images from 3.12 on, which bring no setuptools, and nothing that runs
// before may have installed it.
func lacksSetuptools(in *analyzer.Installation) bool {
	stage := in.Command.Step.Stage
	if !stage.Image.Official || in.Interpreter.Minor == "" || in.Interpreter.BringsSetuptools() || !in.Command.Shell.Certain {
		return false
	}
	for _, c := range stage.ChainCommands() {
		if c == in.Command {
			return true
		}
		switch c.Concern() {
		case analyzer.Packaging, analyzer.Unclear, analyzer.Script, analyzer.Compiles, analyzer.Runs:
			return false
		}
	}
	return false
}

// legacyInstall tells whether the command installs without pip: by setup.py or easy_install. name is how people call it.
func legacyInstall(c *analyzer.Command) (name string, ok bool) {
	if c.Install == nil {
		return "", false
	}
	switch call := c.Installer; {
	case call.Tool == installer.EasyInstall:
		return "easy_install", true
	case call.Tool == installer.SetupPy && (call.Verb == "install" || call.Verb == "develop"):
		return "setup.py " + call.Verb, true
	case call.Tool == installer.SetupPy && call.Verb == "easy_install":
		return "easy_install", true
	}
	return "", false
}

// pipInstead gives the words that make pip do what a LegacyInstall does. reason says why there are none, or is "".
func pipInstead(c *analyzer.Command) (words []string, reason string) {
	call := c.Installer
	python := c.State.Python()
	hasPip := c.State.Image().Official || c.State.HasOSPackage("python3-pip") || c.State.HasOSPackage("py3-pip")
	switch {
	case len(call.Options) > 0 || len(call.Verbs) > 1 || len(call.Wrappers) > 0 || len(c.Shell.Assigns) > 0 || len(c.Shell.Redirects) > 0:
		return nil, "the command has options that would have to be translated"
	case python == nil || !hasPip || call.InterpreterHint() != "" && call.InterpreterHint() != python.Minor:
		return nil, "it is not known that this Python has pip"
	case call.Python != "" && call.Python != "python" && strings.HasPrefix(call.Python, "python2") != strings.HasPrefix(python.Minor, "2"):
		return nil, "it is not known that this Python has pip"
	case !free(python):
		return nil, "the distribution refuses pip in its own Python"
	}
	if call.Tool == installer.EasyInstall {
		return pipForEasy(c)
	}
	if call.Program.Text() != "setup.py" || strings.Contains(call.Python, "/") || call.Python == "" || call.Verb == "easy_install" {
		return nil, "setup.py is not called by its bare name"
	}
	words = []string{call.Python, "-m", "pip", "install", "--no-cache-dir"}
	if call.Verb == "develop" {
		words = append(words, "-e")
	}
	return append(words, "."), ""
}

func pipForEasy(c *analyzer.Command) (words []string, reason string) {
	program, version, _ := strings.Cut(c.Installer.Program.Text(), "-")
	if program != "easy_install" || version != "" {
		return nil, "easy_install is not called by its bare name"
	}
	words = []string{"pip", "install", "--no-cache-dir"}
	for _, r := range c.Installer.Requirements {
		if r.Kind != installer.Named || !r.Literal || r.Name == "pip" || strings.ContainsAny(r.Text, "<>; *!") {
			return nil, "not every package is one that pip takes by this name"
		}
		words = append(words, r.Text)
	}
	return words, ""
}
