package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/sizes"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/fixes/multistage"
)

// SingleStageBuild finds a final image that installs its Python packages itself, and with them keeps the compilers,
// headers and build tools that only the installation needed.
//
// Compilers and headers make layers of hundreds of megabytes that nothing reads when the application runs, and bring most of the CVEs
// that a scanner will report. Only gcc, libc6-dev and libpq-dev are some 400 MB where libpq5 and the packages need 139 MB. A builder stage that installs into a directory of its own, of which
// only that directory is copied into a clean runtime stage, leaves all of it behind.
//
// A full image such as python:3.12, without further tools in it, is advice only, unless it is known that all packages run on its slim variant.
// Images for development and tests, going by the names of file, folder and stage, are left alone.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//	COPY . /app
//	CMD ["python", "/app/main.py"]
//
// # Instead
//
//	FROM python:3.12-slim AS base
//	ENV PYTHONUSERBASE=/pyroot
//	ENV PATH=$PATH:/pyroot/bin
//	RUN apt-get update \
//	    && apt-get install -y --no-install-recommends libpq5 \
//	    && rm -rf /var/lib/apt/lists/*
//
//	FROM base AS builder
//	RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
//	COPY requirements.txt .
//	RUN pip install --user --ignore-installed -r requirements.txt
//
//	FROM base
//	COPY --from=builder /pyroot /pyroot
//	COPY . /app
//	CMD ["python", "/app/main.py"]
//
// # Fix
//
// Unsafe: the stage is divided. `base` has what building and running share, unless these have different images, `builder` the build tools and the
// installations, and the final stage, under its old name, what runs. Each instruction and each command of a RUN's list keeps its order and
// its spelling; a package such as libpq-dev leaves libpq5 behind. Packages go to a user base, to a virtual environment where a
// user base can't do, or, where no environment variable reaches what starts, to a prefix that is copied over the interpreter's own (`layout`
// in the configuration chooses). Where something is not understood, such as a script that may need the
// build tools, there is no fix, and the reason is said. What `uv run`, `poetry run`, `pipenv run` or `pdm run` starts is started by itself, since
// the tool stays in the builder; UV_SYSTEM_PYTHON is left out where a virtual environment is made, and a script that CMD or ENTRYPOINT names by its
// path is named by its new one. The final stage moves from a full Python image to its slim variant; where it is not known
// whether the packages need more, the title says so, and --verify tries it.
//
// # References
//
//   - https://docs.docker.com/build/building/multi-stage/
//   - https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUSERBASE
var SingleStageBuild = register(&analyzer.Rule{
	Code: "PLD101", Name: "single-stage-build",
	Summary:  "the final image installs its packages itself and keeps the build tools",
	Do:       "install in a builder stage and copy the packages from there, as pylint-docker init writes it",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkSingleStageBuild,
})

func checkSingleStageBuild(p *analyzer.Pass) {
	start, s := p.Target.Start(), p.Target
	if whole := wholeImage(s); whole != nil {
		s = whole
	}
	// Without a start command, or with a bare shell, it is a base image or a tool box, whose users may want the tools.
	toolBox := start.Entrypoint == nil && start.Cmd == nil || start.OnlyShell()
	if toolBox && !slices.ContainsFunc(p.Settings.Starts, startsApplication) || purpose.ForDevelopment(p.Build) || s == p.Target && !fromBuilder(p.Build).Empty() {
		return
	}
	first, gain := applicationInstall(s), ""
	if first == nil {
		return
	}
	related := []analyzer.Related{{Span: first.Call.Span, Message: "the packages are installed here"}}
	var at source.Span
	switch tools := s.BuildPackages(); {
	case len(tools) > 0:
		at = tools[0].Package.Span
		gain = "keeps " + words.List(packageNames(tools)) + weight.About(sizes.OfUses(s, tools))
	case p.Target.Image.Official && p.Target.Image.BuildTools:
		at = rootStage(p.Target).From.Args[0].Span
		gain = "keeps the compilers and headers of " + p.Target.Image.Reference.Text + weight.About(sizes.Of(p.Target, weight.Package{Name: weight.Full}))
	default:
		return
	}
	d := analyzer.Diagnostic{
		Span: at, Related: related,
		Message: "the final image installs its Python packages itself and " + gain + ", which a builder stage would leave behind",
	}
	if s != p.Target {
		d.NoFixReason = "the final image is a copy of another stage"
		p.Report(d)
		return
	}
	conversion := multistage.Convert(p.Build)
	if conversion.NoGain && !slices.ContainsFunc(s.BuildPackages(), func(u analyzer.PackageUse) bool { return !strings.HasSuffix(u.Package.Name, "-dev") }) {
		return // nobody knows what the libraries need when the application runs
	}
	d.Fix, d.NoFixReason = conversion.Fix, conversion.Refused
	if len(p.Target.BuildPackages()) == 0 && !conversion.Slim {
		d.Severity = analyzer.Info // whether the application can do without the full image is for its author to find out
	}
	p.Report(d)
}

// devScript matches the names of scripts that start an application for people who work on it: entrypoint.dev.sh.
var devScript = pattern.New(`(?:^|[^a-z])dev(?:elop(?:ment)?)?(?:[^a-z]\S*)?\.(?:sh|bash)$`)

// startsApplication tells whether what a compose file starts is more than a bare shell and more than something that only waits, and is not for
// development.
func startsApplication(code string) bool {
	argv := strings.Fields(code)
	if len(argv) == 0 || slices.ContainsFunc(argv[:min(2, len(argv))], devScript.MatchString) {
		return false
	}
	facts, _ := program.Lookup(path.Base(argv[0]))
	if facts.Is(program.ShellProgram) {
		return len(argv) > 1 && !strings.HasPrefix(argv[1], "-")
	}
	return !facts.Is(program.Idle)
}

// wholeImage is the stage whose whole file system an image from scratch is a copy of, nil for all others: that squashes layers and leaves
// nothing behind.
func wholeImage(s *analyzer.Stage) *analyzer.Stage {
	if !s.Image.Scratch || len(s.Steps) == 0 || s.Steps[0].Copy == nil {
		return nil
	}
	c := s.Steps[0].Copy
	if c.From == nil || len(c.Sources) != 1 || !c.Sources[0].Text.Is("/") || !c.Dest.Is("/") {
		return nil
	}
	return c.From
}

// applicationInstall is the first installation in the final image of something that a builder could build instead; nil when
// there is none, or when the packages go where no COPY could take them from.
func applicationInstall(s *analyzer.Stage) *analyzer.Installation {
	return installFor(s, func(*analyzer.Installation) bool { return true })
}

func installFor(s *analyzer.Stage, counts func(*analyzer.Installation) bool) *analyzer.Installation {
	for _, c := range s.ChainCommands() {
		in := c.Install
		if in == nil || !counts(in) || in.Place == analyzer.CondaEnv || in.Place == analyzer.ToolEnv || in.Place == analyzer.UnknownPlace {
			continue
		}
		if in.BringsApplication() || len(in.ProjectDirs()) > 0 {
			return in
		}
	}
	return nil
}

func rootStage(s *analyzer.Stage) *analyzer.Stage { return s.Chain()[0] }

func packageNames(uses []analyzer.PackageUse) []string {
	var names []string
	for _, u := range uses {
		if !slices.Contains(names, u.Package.Name) {
			names = append(names, u.Package.Name)
		}
	}
	return names
}
