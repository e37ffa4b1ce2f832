package rules

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// devTools is what an installation brings for the work on a project that an image does not need in order to run it.
type devTools struct {
	install *analyzer.Installation
	named   []installer.Requirement    // test runners, linters and the like on the command line
	files   []analyzer.RequirementsUse // requirements files that are for development or tests, by their names
	extras  []installer.Requirement    // projects of the build context with an extra for development or tests
	// Lines are the tools in requirements files that are for the application; Use is the file of the first.
	lines []project.RequirementLine
	use   analyzer.RequirementsUse
}

// findDevTools are the installations in the final image that bring tools for developers. What a later command uninstalls does not count.
func findDevTools(b *analyzer.Build) []devTools {
	var found []devTools
	seen := map[*analyzer.Installation]bool{}
	files := map[string]bool{}
	if !installsMoreThanTools(b) {
		return nil
	}
	application := hasApplication(b)
	gone, anything := b.Target.Uninstalled()
	for _, content := range append(b.Target.Contents(), b.Target.Unplaced()...) {
		in := content.Install
		// `if [ "$DEBUG" ]; then pip install ...` knows what it does.
		if sh := in.Command.Shell; seen[in] || !sh.Certain && !sh.Attempted || in.Call.Tool != installer.Pip && in.Call.Tool != installer.UvPip {
			continue
		}
		seen[in] = true
		d := devTools{install: in}
		for _, r := range in.Requirements {
			if r.Kind == installer.Named && devTool[r.Name] && !gone[r.Name] && application {
				d.named = append(d.named, r)
			}
			if r.Kind == installer.Local && slices.ContainsFunc(r.Extras, devExtra.MatchString) {
				d.extras = append(d.extras, r)
			}
		}
		for _, use := range in.Files {
			if !anything && devFile.MatchString(use.Written) && !files[use.Written] {
				files[use.Written] = true
				d.files = append(d.files, use)
				continue
			}
			if use.File == nil || use.File.Encoding != "" || files[use.InContext] {
				continue
			}
			files[use.InContext] = true
			lines, _ := b.Context.AllRequirements(use.InContext)
			listed := map[string]bool{}
			for _, line := range lines {
				listed[line.Requirement.Name] = true
			}
			for _, line := range lines {
				if devTool[line.Requirement.Name] && !gone[line.Requirement.Name] && line.Requirement.Marker == "" && !devFile.MatchString(line.Path) && asked(b, line, listed) {
					if len(d.lines) == 0 {
						d.use = use
					}
					d.lines = append(d.lines, line)
				}
			}
		}
		if len(d.named)+len(d.files)+len(d.extras)+len(d.lines) > 0 {
			found = append(found, d)
		}
	}
	return found
}

// asked tells whether a line of a requirements file is there for itself and not because a package of the same files, which is for the
// application, needs it: locust depends on pytest.
func asked(b *analyzer.Build, line project.RequirementLine, listed map[string]bool) bool {
	file, ok := b.Context.Requirements(line.Path)
	if !ok {
		return true
	}
	via := file.Via(line)
	for _, reason := range via {
		if name := installer.NormalizeName(reason); !listed[name] || devTool[name] {
			return true // requirements.in, pyproject.toml, or the project by its own name
		}
	}
	return len(via) == 0
}

// hasApplication tells whether the image certainly has an application of its own: requirements of a project or a project are installed, or
// Python or a server is started. Images that check the work of others, for CI above all, install tools by name and start a script.
func hasApplication(b *analyzer.Build) bool {
	for _, content := range append(b.Target.Contents(), b.Target.Unplaced()...) {
		in := content.Install
		if len(in.Files) > 0 || len(in.Requirements) == 0 {
			return true
		}
		for _, r := range in.Requirements {
			if r.Kind == installer.Local {
				return true
			}
		}
	}
	for _, c := range b.Target.Start().Commands {
		if program := c.Program(); analyzer.IsPythonName(program) || analyzer.ScriptPackage(program) != "" {
			return true
		}
	}
	return false
}

// installsMoreThanTools is false for an image that is a tool for developers itself.
func installsMoreThanTools(b *analyzer.Build) bool {
	for _, content := range append(b.Target.Contents(), b.Target.Unplaced()...) {
		in := content.Install
		if len(in.Files) > 0 || len(in.Requirements) == 0 {
			return true
		}
		for _, r := range in.Requirements {
			if r.Kind != installer.Named || !devTool[r.Name] && !installer.IsInstaller(r.Name) {
				return true
			}
		}
	}
	return false
}

// devFile matches the names that projects give to requirements for developers: requirements-dev.txt, requirements/test.txt.
var devFile = pattern.New(`(?i)(?:^|[-_./])(?:dev|devel|develop|development|test|tests|testing|lint|linting|qa|coverage)(?:[-_.](?:requirements?|req|reqs|deps|dependencies|constraints))?\.(?:txt|in|pip)$`)

// devExtra matches the extras of projects for those who work on them.
var devExtra = pattern.New(`^(?:dev|devel|develop|development|tests?|testing|lint)$`)

// devTool holds tools for developers that applications do not import.
var devTool = map[string]bool{
	"pytest": true, "pytest-cov": true, "pytest-django": true, "pytest-asyncio": true, "pytest-mock": true, "pytest-xdist": true, "pytest-flask": true,
	"pytest-sugar": true, "pytest-runner": true, "nose": true, "nose2": true, "tox": true, "nox": true, "coverage": true, "coveralls": true,
	"codecov": true, "black": true, "flake8": true, "pycodestyle": true, "pyflakes": true, "pep8": true, "autopep8": true, "yapf": true, "isort": true,
	"mypy": true, "pyright": true, "pylint": true, "pylint-django": true, "ruff": true, "bandit": true, "pre-commit": true, "ipdb": true, "pudb": true,
	"pdbpp": true, "factory-boy": true, "model-bakery": true, "freezegun": true, "hypothesis": true, "behave": true,
	"django-debug-toolbar": true, "pip-tools": true, "bumpversion": true, "bump2version": true, "twine": true, "rope": true, "jedi": true,
	"flake8-docstrings": true, "pydocstyle": true, "requests-mock": true, "safety": true,
}
