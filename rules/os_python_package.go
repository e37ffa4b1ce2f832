package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// OSPythonPackage finds packages for the distribution's own Python in a final image that has another one.
//
// The interpreter of the official python images is /usr/local/bin/python. `python3-yaml` from apt goes to /usr/lib/python3/dist-packages, where
// only Debian's /usr/bin/python3 looks, which comes along as a second interpreter: the import fails with ModuleNotFoundError, unless pip has installed the package too.
// `python3-dev`, `python3-pip` and `python3-venv` are there already, in the image's own version.
//
// Nothing is reported where /usr/bin/python3, dist-packages or --system-site-packages are named in the file.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends python3-yaml && rm -rf /var/lib/apt/lists/*
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir pyyaml==6.0.2
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://hub.docker.com/_/python
//   - https://github.com/docker-library/python/issues/948
var OSPythonPackage = register(&analyzer.Rule{
	Code: "PLD408", Name: "os-python-package",
	Summary:  "packages for the distribution's Python are installed in an image with a Python of its own",
	Do:       "install the package with pip, or use the distribution's own Python throughout",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Allows: analyzer.PackageWords, AsksBase: true, Check: checkOSPythonPackage,
})

func checkOSPythonPackage(p *analyzer.Pass) {
	uses := slices.DeleteFunc(strayPythonPackages(p.Target), func(u analyzer.PackageUse) bool { return p.Allowed(u.Package.Name) })
	for len(uses) > 0 {
		first, n := uses[0], 0
		for n < len(uses) && uses[n].Command.Step == first.Command.Step {
			n++
		}
		same := uses[:n]
		uses = uses[n:]
		d := analyzer.Diagnostic{
			Span: first.Package.Span,
			Message: words.List(packageNames(same)) + oneOrMany(len(packageNames(same)), " is", " are") +
				" for the distribution's own Python, which this brings as a second one: the image's interpreter in /usr/local does not see it",
		}
		for _, u := range same[1:] {
			d.Related = append(d.Related, analyzer.Related{Span: u.Package.Span, Message: "so is this"})
		}
		p.Report(d)
	}
}

func oneOrMany(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// strayPythonPackages are OS packages of the final image that belong to the distribution's interpreter while the image has
// one of its own in /usr/local. There are none where the file shows that it uses the distribution's interpreter.
func strayPythonPackages(s *analyzer.Stage) []analyzer.PackageUse {
	if !s.Image.Official || s.ChainMatches(distroPythonUse) {
		return nil
	}
	var found []analyzer.PackageUse
	// pip2 and python2 in an image of Python 3 are the distribution's.
	bothWanted := s.Image.Python != nil && !strings.HasPrefix(s.Image.Python.Version, "2") &&
		slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool {
			return len(c.Argv) > 0 && callsPython2.MatchString(shell.Program(c.Argv[0]))
		})
	for _, step := range s.ChainSteps() {
		for _, c := range step.Commands {
			for _, u := range c.PackageUses() {
				// python3-tk brings Tk's libraries, without which the image's own tkinter can't be imported.
				if (distroPythonName.MatchString(u.Package.Name) || distroPythonProgram[u.Package.Name]) && !withLibraries.MatchString(u.Package.Name) && !otherPython[u.Package.Name] &&
					!(bothWanted && forPython2.MatchString(u.Package.Name)) && !step.Uninstalls(c, u.Package.Name) {
					found = append(found, u)
				}
			}
		}
	}
	return slices.Clip(found)
}

var (
	distroPythonName = pattern.New(`^(?:python|python[23](?:\.\d+)?|py3)(?:-.+)?$`)
	withLibraries    = pattern.New(`-(?:tk|enchant|magic|minimal|apt|gdal|debian|opencv|pyqt5.*|pyside.*|gi|gi-cairo)$`)
	// A Python 2 beside Python 3, by its bare name, is wanted: node-gyp used to need one.
	otherPython  = map[string]bool{"python": true, "python2": true, "python2.7": true}
	callsPython2 = pattern.New(`^(?:python|pip)2(?:\.7)?$`)
	forPython2   = pattern.New(`^python(?:2(?:\.7)?)?-`)
	// distroPythonProgram are packages of Debian with Python programs that run an application's code with the distribution's interpreter.
	distroPythonProgram = map[string]bool{
		"gunicorn": true, "gunicorn3": true, "uvicorn": true, "celery": true, "uwsgi-plugin-python3": true, "jupyter": true, "jupyter-notebook": true,
		"jupyter-core": true, "ipython3": true, "ipython": true,
	}
	distroPythonUse = pattern.New(`/usr/bin/python|dist-packages|system-site-packages|/usr/lib/python3`)
)
