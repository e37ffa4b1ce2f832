package rules_test

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

var installKinds = []mutationKind{
	{"requirements-not-copied", "PLD209 PLD309 PLD310 PLD311 PLD604 PLD605", isWarning, func(s style) []mutant {
		return s.each(func(in instruction) string {
			if in.final || !needsCopy.MatchString(in.text) || strings.HasPrefix(in.text, "COPY src") || strings.HasSuffix(in.text, ". .") && s.name == "test-stage" {
				return ""
			}
			return "-"
		})
	}},
	{"requirements-typo", "PLD209", isError, func(s style) []mutant {
		return s.replaced("", `^(RUN (?:[^x]|x[^p])*(?:-r|-f) (?:/\w+/|/)?)(requirements\.txt|environment\.yml)`, "${1}x${2}")
	}},
	{"context-typo", "PLD309", isError, func(s style) []mutant {
		return s.replaced("", `^(COPY (?:--\S+ )*)((?:requirements|pyproject|app|environment|Pipfile|manage|start)\b)`, "${1}${2}s")
	}},
	{"context-ignored", "PLD308 PLD310", isError, func(s style) []mutant {
		for _, name := range []string{"requirements.txt", "pyproject.toml", "Pipfile.lock", "environment.yml"} {
			if s.files[name] != "" {
				ignore := s.files[".dockerignore"] + name + "\n"
				return []mutant{{".dockerignore has " + name, s.dockerfile, map[string]string{".dockerignore": ignore}}}
			}
		}
		return nil
	}},
	{"editable-left-behind", "PLD116", isError, func(s style) []mutant {
		if s.files["src/svc/__init__.py"] == "" {
			return nil
		}
		return append(s.replaced("builder", `pip install (.*)\.$`, "pip install ${1}-e ."), s.replaced("builder", ` --no-editable`, "")...)
	}},
	{"library-missing", "PLD115", isError, func(s style) []mutant { return s.withoutLibrary() }},
	{"build-tools", "PLD111", isWarning, func(s style) []mutant {
		if !regexp.MustCompile(`python:.*bookworm|debian`).MatchString(s.lastBase()) || strings.Contains(s.lastBase(), "distroless") {
			return nil
		}
		return s.atEnd("RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*")
	}},
	{"install-again", "PLD112", isWarning, func(s style) []mutant { return s.installedAgain() }},
	{"wheels-in-layer", "PLD125", isWarning, func(s style) []mutant {
		return s.replaced("final", `^RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels `, "COPY --from=builder /wheels /wheels\nRUN ")
	}},
	{"wheels-with-index", "PLD125", isWarning, func(s style) []mutant { return s.replaced("final", ` --no-index`, "") }},
	{"managed-python-left", "PLD105 PLD107 PLD109 PLD607", isError, func(s style) []mutant {
		all := s.environmentCopies(func(c stageCopy) string {
			if c.source != "/python" {
				return ""
			}
			return "-"
		})
		if s.tool() == "uv" && !strings.Contains(s.dockerfile, "only-managed") {
			all = append(all, s.whole(" UV_PYTHON_DOWNLOADS=0", "", " UV_PYTHON_DOWNLOADS=never", "", "uv sync", "uv sync --python 3.13")...)
			if strings.Contains(s.dockerfile, "uv.lock ./") {
				all = append(all, adding(s.whole(" UV_PYTHON_DOWNLOADS=0", "", " UV_PYTHON_DOWNLOADS=never", "", "pyproject.toml uv.lock ./",
					"pyproject.toml uv.lock .python-version ./"), map[string]string{".python-version": "3.13\n"})...)
			}
		}
		return all
	}},
	{"satisfied-by-system", "PLD119", isWarning, func(s style) []mutant {
		if s.layout() != "user" && s.layout() != "prefix" || s.files["requirements.txt"] == "" || strings.Contains(s.name, "debian") {
			return nil
		}
		return s.before(false, installRun, "RUN pip install --no-cache-dir packaging==24.2")
	}},
	{"satisfied-by-apt", "PLD119", isWarning, func(s style) []mutant {
		return s.whole("python3-pip &&", "python3-pip python3-packaging &&")
	}},
	{"externally-managed", "PLD208", isError, func(s style) []mutant {
		if !strings.HasPrefix(s.name, "debian") {
			return nil
		}
		return append(s.replaced("builder", ` --prefix=/install`, ""), s.replaced("builder", `/opt/venv/bin/pip`, "pip3")...)
	}},
	{"environment-not-in-project", "PLD105 PLD605", isError, func(s style) []mutant {
		return s.replaced("builder", `(POETRY_VIRTUALENVS_IN_PROJECT|PIPENV_VENV_IN_PROJECT)=\w+`, "OTHER=1")
	}},
	{"in-project-too-late", "PLD105 PLD605", isError, func(s style) []mutant {
		return s.replaced("builder", `(?s)^RUN (poetry install|pipenv sync|\$POETRY_HOME/bin/poetry sync)(.*)`,
			"ENV POETRY_VIRTUALENVS_IN_PROJECT=0 PIPENV_VENV_IN_PROJECT=0\n$0\nENV POETRY_VIRTUALENVS_IN_PROJECT=1 PIPENV_VENV_IN_PROJECT=1")
	}},
	{"environment-created", "PLD105 PLD113 PLD117 PLD509", isError, func(s style) []mutant {
		return s.replaced("builder", `^RUN .* config virtualenvs.create false`, "-")
	}},
	{"environment-not-created", "PLD105 PLD605", isError, func(s style) []mutant {
		return s.replaced("builder", `POETRY_VIRTUALENVS_IN_PROJECT=\w+`, "POETRY_VIRTUALENVS_CREATE=false")
	}},
	{"unlocked", "PLD604", analyzer.Info, func(s style) []mutant {
		return append(s.replaced("builder", `uv sync --(locked|frozen)`, "uv sync"), s.replaced("builder", `pipenv sync`, "pipenv install")...)
	}},
	{"dev-group", "PLD603", isWarning, func(s style) []mutant {
		if strings.Contains(s.dockerfile, "uv sync") || strings.Contains(s.dockerfile, "uv export") {
			return nil // their lock files have no such group
		}
		return append(s.replaced("builder", `(poetry (?:install|sync)) --only main`, "$1"), append(s.replaced("builder", `pipenv sync`, "$0 --dev"),
			s.replaced("builder", `(pdm install .*)--prod`, "$1--dev")...)...)
	}},
	{"activate-in-run", "PLD104 PLD124", isWarning, func(s style) []mutant {
		var all []mutant
		for _, run := range []string{"RUN . %/bin/activate", `RUN bash -c "source %/bin/activate"`, "RUN bash %/bin/activate"} {
			all = append(all, s.replaced("builder", `^ENV PATH=.*`, strings.ReplaceAll(run, "%", s.environment))...)
		}
		if s.layout() != "venv" {
			return nil
		}
		return all
	}},
	{"unsearched", "PLD105 PLD113 PLD117 PLD123 PLD129 PLD509", isError, func(s style) []mutant {
		return s.environmentCopies(func(c stageCopy) string {
			switch {
			case strings.HasSuffix(c.destination, "/site-packages"):
				return c.with(c.source, strings.Replace(c.destination, "site-packages", "dist-packages", 1))
			case s.layout() == "prefix":
				return c.with(c.source, "/usr")
			}
			return ""
		})
	}},
	{"debian-prefix-whole", "PLD123", isError, func(s style) []mutant { return s.whole("/install/local /usr/local", "/install /usr/local") }},
	{"no-environment-for-uv", "PLD610", isError, func(s style) []mutant {
		return s.whole("ENV VIRTUAL_ENV=/opt/venv\n", "")
	}},
	{"tool-option-gone", "PLD602", isError, func(s style) []mutant {
		return append(s.whole("pipenv requirements", "pipenv lock -r"), append(s.whole(" poetry-plugin-export==1.9.0", ""),
			s.replaced("builder", `(poetry install) --only main`, "$1 --no-dev")...)...)
	}},
	{"unknown-option", "PLD219", isError, func(s style) []mutant {
		return s.replaced("builder", `pip install (.*)--no-cache-dir( .*[^4])$`, "pip install ${1}--no-cache-dirs$2")
	}},
	{"no-lists", "PLD407", isError, func(s style) []mutant { return s.replaced("", `^RUN apt-get update && apt-get`, "RUN apt-get") }},
	{"asks-for-consent", "PLD412", isWarning, func(s style) []mutant {
		return s.replaced("", `apt-get install -y`, "apt-get install")
	}},
}

// isDirectory tells whether what is copied is an environment with bin and lib.
func (s style) isDirectory(c stageCopy) bool {
	last := path.Base(c.source)
	return !slices.Contains([]string{"lib", "bin", "site-packages", "gunicorn", "svc", "python", "app", "wheels"}, last) || s.layout() == "venv" && last == "app" && s.environment == c.source
}

// needsBin tells whether the start needs a program of the environment.
func (s style) needsBin() bool {
	return s.layout() == "venv" || s.layout() == "conda" || s.program() != "python" && s.program() != "main.py"
}

// unused tells of a COPY of programs that the start needs none of them.
func (s style) unused(c stageCopy) bool { return path.Base(c.source) == "bin" && !s.needsBin() }

// needsPath tells whether PATH must name the environment's programs.
func (s style) needsPath() bool {
	return s.needsBin() && s.environment != "/usr/local" && !strings.HasPrefix(s.program(), s.environment)
}

// shared tells whether the final stage is built from one of the file.
func (s style) shared() bool {
	return strings.Contains(s.dockerfile, "\nFROM base\n") || strings.Contains(s.dockerfile, "\nFROM base AS")
}

// anyMinor tells whether the packages, which are all pure Python, work for every Python: they lie in a flat directory, or are wheels.
func (s style) anyMinor() bool { return s.layout() == "target" || s.layout() == "wheels" }

func (s style) lastBase() string {
	base := ""
	for _, in := range s.instructions() {
		if m := stageName.FindStringSubmatch(in.text); m != nil {
			base = m[1]
		}
	}
	return base
}

// builder is the stage from which the last COPY from a stage takes.
func (s style) builder() string {
	name := s.stageNames()[0]
	for _, in := range s.instructions() {
		if m := copyFrom.FindStringSubmatch(in.text); m != nil && in.final {
			name = m[2]
		}
	}
	return name
}

func (s style) lastStage() string {
	names := s.stageNames()
	if last := names[len(names)-1]; last != "" {
		return last
	}
	return string(rune('0' + len(names) - 1))
}

// interpreter is the Python of the final image outside every environment.
func (s style) interpreter() string {
	switch base := s.lastBase(); {
	case strings.HasPrefix(base, "python:"):
		return "/usr/local/bin/python"
	case strings.Contains(s.dockerfile, "--no-install-recommends python3 &&"):
		return "/usr/bin/python3"
	}
	return ""
}

// moved makes the environment elsewhere, and copies it to where it was.
func (s style) moved() []mutant {
	all := s.instructions()
	changed := false
	for i, in := range all {
		m := copyFrom.FindStringSubmatch(in.text)
		switch {
		case in.final && m != nil:
			all[i].text = m[1] + m[2] + m[3] + strings.Replace(m[4], s.environment, "/made/here/.venv", 1) + " " + m[5]
			changed = changed || strings.HasPrefix(m[4], s.environment)
		case !in.final:
			all[i].text = strings.ReplaceAll(in.text, s.environment, "/made/here/.venv")
			if path.Base(s.environment) == ".venv" && in.text == "WORKDIR "+path.Dir(s.environment) {
				all[i].text = "WORKDIR /made/here"
			}
		}
	}
	if !changed {
		return nil
	}
	return []mutant{{what: "made at /made/here/.venv", dockerfile: join(all)}}
}

const (
	compilers = "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*"
	bookworm  = `^FROM (python:3.1[12](-slim)?-bookworm|debian:12-slim) AS (builder|build|compile-image)$|^FROM base AS (builder|build)$`
)

// compiled gives the final image another base, and the requirements a compiled package.
func (s style) compiled(base string) []mutant {
	if s.files["requirements.txt"] == "" || strings.Contains(s.dockerfile, "useradd") || strings.Contains(s.dockerfile, "libpq5") {
		return nil
	}
	files := map[string]string{"requirements.txt": s.files["requirements.txt"] + "markupsafe==3.0.2\n"}
	return adding(s.replaced("final", `^FROM python:\S+`, base), files)
}

// withoutLibrary takes the library out, or plants a package that needs one.
func (s style) withoutLibrary() []mutant {
	if strings.Contains(s.dockerfile, "libpq5") {
		return s.replaced("final", `^RUN apt-get.*libpq5.*`, "-")
	}
	if strings.Contains(s.dockerfile, "libpq ") {
		return s.whole("libpq && ", "")
	}
	if s.files["requirements.txt"] == "" || strings.Contains(s.lastBase(), "redhat") {
		return nil
	}
	files := maps.Clone(s.files)
	files["requirements.txt"] += "psycopg2==2.9.10\n"
	if s.name == "test-stage" {
		return adding(s.whole("AS builder\n", "AS builder\n"+compilers+"\n"), files)
	}
	return adding(s.replaced("builder", bookworm, "$0\n"+compilers), files)
}

// installedAgain repeats in the final stage what the builder installs.
func (s style) installedAgain() []mutant {
	if strings.Contains(s.lastBase(), "distroless") || s.layout() == "conda" || s.layout() == "wheels" {
		return nil
	}
	var lines []string
	for _, in := range s.instructions() {
		m := copyFrom.FindStringSubmatch(in.text)
		lock := m != nil && (strings.HasSuffix(m[4], "requirements.txt") || strings.HasPrefix(m[4], "/uv"))
		if in.final || s.name == "test-stage" && (strings.Contains(in.text, "pytest") || in.text == "COPY . .") {
			continue
		}
		tool := regexp.MustCompile(`^RUN .*(poetry==|pipenv==|pdm==|python3?-venv|python3-pip|virtualenvs.create)`).MatchString(in.text)
		if lock || tool && !strings.Contains(s.dockerfile, "/requirements.txt /") || needsCopy.MatchString(in.text) && m == nil || installRun.MatchString(in.text) {
			lines = append(lines, in.text)
		}
	}
	return s.atEnd(lines...)
}

// startingWith gives the style another start command; distroless images start Python by themselves.
func (s style) startingWith(argv ...string) []mutant {
	if strings.HasPrefix(s.program(), "main.py") {
		if argv[0] != "python" {
			return nil
		}
		argv = argv[1:]
	}
	if argv[0] == "python" && strings.HasSuffix(s.program(), "/python3") || argv[0] == "python" && strings.HasSuffix(s.program(), "/python") {
		argv = append([]string{s.program()}, argv[1:]...)
	}
	return s.starting(argv...)
}

// startingProgram gives the start command another program.
func (s style) startingProgram(program string) []mutant {
	_, argv := s.start()
	if argv[0] == "main.py" || program == argv[0] {
		return nil
	}
	return s.starting(append([]string{program}, argv[1:]...)...)
}
