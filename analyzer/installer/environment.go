package installer

import (
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// inverted are pip's options that store False: the variable of such a name sets what the option
// clears, so PIP_NO_COMPILE=1 means "compile" and PIP_NO_COMPILE=0 means --no-compile.
// https://pip.pypa.io/en/stable/topics/configuration/#boolean-options
var inverted = map[string]bool{
	"--no-compile": true, "--no-warn-script-location": true, "--no-build-isolation": true, "--no-user": true,
	"--no-warn-conflicts": true, "--no-use-wheel": true, "--exclude-editable": true,
}

// uvVariables are those of uv 0.13 (https://docs.astral.sh/uv/reference/environment/).
var uvVariables = map[string]string{
	"--no-cache": "UV_NO_CACHE", "--cache-dir": "UV_CACHE_DIR", "--system": "UV_SYSTEM_PYTHON",
	"--break-system-packages": "UV_BREAK_SYSTEM_PACKAGES", "--index-url": "UV_INDEX_URL", "--default-index": "UV_DEFAULT_INDEX",
	"--index": "UV_INDEX", "--extra-index-url": "UV_EXTRA_INDEX_URL", "--find-links": "UV_FIND_LINKS",
	"--allow-insecure-host": "UV_INSECURE_HOST", "--constraint": "UV_CONSTRAINT", "--override": "UV_OVERRIDE",
	"--build-constraint": "UV_BUILD_CONSTRAINT", "--frozen": "UV_FROZEN", "--locked": "UV_LOCKED", "--no-sync": "UV_NO_SYNC",
	"--dev": "UV_DEV", "--no-dev": "UV_NO_DEV", "--no-default-groups": "UV_NO_DEFAULT_GROUPS", "--no-editable": "UV_NO_EDITABLE",
	"--no-install-project": "UV_NO_INSTALL_PROJECT", "--no-install-local": "UV_NO_INSTALL_LOCAL",
	"--compile-bytecode": "UV_COMPILE_BYTECODE", "--link-mode": "UV_LINK_MODE", "--python": "UV_PYTHON",
	"--install-dir": "UV_PYTHON_INSTALL_DIR", "--managed-python": "UV_MANAGED_PYTHON", "--no-managed-python": "UV_NO_MANAGED_PYTHON",
	"--python-preference": "UV_PYTHON_PREFERENCE",
	"--require-hashes":    "UV_REQUIRE_HASHES", "--no-verify-hashes": "UV_NO_VERIFY_HASHES", "--no-binary": "UV_NO_BINARY",
	"--no-build": "UV_NO_BUILD", "--no-build-isolation": "UV_NO_BUILD_ISOLATION", "--no-sources": "UV_NO_SOURCES",
	"--offline": "UV_OFFLINE", "--no-progress": "UV_NO_PROGRESS", "--no-config": "UV_NO_CONFIG", "--config-file": "UV_CONFIG_FILE",
	"--project": "UV_PROJECT", "--directory": "UV_WORKING_DIR", "--seed": "UV_VENV_SEED", "--torch-backend": "UV_TORCH_BACKEND",
	"--keyring-provider": "UV_KEYRING_PROVIDER", "--index-strategy": "UV_INDEX_STRATEGY", "--prerelease": "UV_PRERELEASE",
	"--resolution": "UV_RESOLUTION", "--exclude-newer": "UV_EXCLUDE_NEWER", "--env-file": "UV_ENV_FILE",
	// Settings without an option of their own.
	"python-downloads": "UV_PYTHON_DOWNLOADS", "project-environment": "UV_PROJECT_ENVIRONMENT",
	"tool-dir": "UV_TOOL_DIR", "tool-bin-dir": "UV_TOOL_BIN_DIR",
}

// pipenvVariables are those of pipenv/environments.py and pipenv/cli/options.py (2026.10.3).
var pipenvVariables = map[string]string{
	"--dev": "PIPENV_DEV", "--deploy": "PIPENV_DEPLOY", "--system": "PIPENV_SYSTEM", "--skip-lock": "PIPENV_SKIP_LOCK",
	"--ignore-pipfile": "PIPENV_IGNORE_PIPFILE", "--pypi-mirror": "PIPENV_PYPI_MIRROR", "--python": "PIPENV_DEFAULT_PYTHON_VERSION",
	"--site-packages": "PIPENV_SITE_PACKAGES", "--verbose": "PIPENV_VERBOSE", "--quiet": "PIPENV_QUIET",
	"venv-in-project": "PIPENV_VENV_IN_PROJECT", "cache-dir": "PIPENV_CACHE_DIR", "pipfile": "PIPENV_PIPFILE",
	"ignore-virtualenvs": "PIPENV_IGNORE_VIRTUALENVS", "custom-venv-name": "PIPENV_CUSTOM_VENV_NAME",
}

// pipenvUncertain are options that pipenv reads from PIPENV_<OPTION> since it left click, and from
// PIPENV_<SUBCOMMAND>_<OPTION> before: what the variable does depends on the version.
var pipenvUncertain = map[string]bool{
	"--dev": true, "--deploy": true, "--system": true, "--ignore-pipfile": true, "--site-packages": true,
}

var condaVariables = map[string]string{
	"--channel": "CONDA_CHANNELS", "--yes": "CONDA_ALWAYS_YES", "--solver": "CONDA_SOLVER",
	"--offline": "CONDA_OFFLINE", "--quiet": "CONDA_QUIET", "--copy": "CONDA_ALWAYS_COPY",
}

// Variables are the environment variables that the tool reads an option or setting from, the most
// specific first. name is the option's canonical name ("--no-cache-dir") or a setting's
// ("virtualenvs.create" of poetry, "venv-in-project" of pipenv). nil means that none is known.
func Variables(tool Tool, name string) []string {
	var table map[string]string
	switch tool {
	case Pip:
		return pipVariables(name)
	case Poetry:
		setting := strings.TrimPrefix(name, "--")
		switch {
		case strings.Contains(setting, "."), setting == "cache-dir", setting == "no-interaction", setting == "home", setting == "data-dir":
			return []string{"POETRY_" + variable(setting)}
		}
		return nil
	case Uv, UvPip:
		table = uvVariables
	case Pipenv:
		table = pipenvVariables
	case Conda:
		table = condaVariables
	case Pdm:
		table = map[string]string{"--project": "PDM_PROJECT", "--no-lock": "PDM_FROZEN_LOCKFILE", "--no-self": "PDM_NO_SELF",
			"--no-editable": "PDM_NO_EDITABLE", "--no-cache": "PDM_NO_CACHE",
			"cache-dir": "PDM_CACHE_DIR", "check-update": "PDM_CHECK_UPDATE", "use-venv": "PDM_USE_VENV"}
	case Pipx:
		table = map[string]string{"--python": "PIPX_DEFAULT_PYTHON", "home": "PIPX_HOME", "bin-dir": "PIPX_BIN_DIR"}
	case Venv:
		return []string{"VIRTUALENV_" + variable(strings.TrimPrefix(name, "--"))}
	}
	if v := table[name]; v != "" {
		return []string{v}
	}
	return nil
}

var toVariable = strings.NewReplacer("-", "_", ".", "_")

func variable(name string) string {
	return strings.ToUpper(toVariable.Replace(name))
}

// pipNames remembers pipVariables: each command asks for the same few options.
var pipNames sync.Map

// pipVariables: pip reads each long option, under every spelling of it, from PIP_<NAME>.
func pipVariables(name string) []string {
	if found, ok := pipNames.Load(name); ok {
		return found.([]string)
	}
	found := readPipVariables(name)
	pipNames.Store(name, found)
	return found
}

func readPipVariables(name string) []string {
	found := []string{"PIP_" + variable(strings.TrimPrefix(name, "--"))}
	for _, table := range []string{pipVerbs["install"], pipGlobal} {
		set := parseOptions(table)
		o := set[name]
		if o == nil {
			continue
		}
		for spelling, other := range set {
			v := "PIP_" + variable(strings.TrimPrefix(spelling, "--"))
			if other == o && strings.HasPrefix(spelling, "--") && !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
	}
	slices.Sort(found[1:])
	return found
}

// EnvironmentOption is what the environment says of an option or setting (see Variables): the assignments of the
// command itself come before lookup. For a flag the value is Of("true") when the tool acts as if the flag
// were given and Of("false") when it acts as if not, after the tool's own reading; Unknown also for words
// that the tool would refuse. For other options it is the variable's text (lists part at blanks). The
// command line's own options are not looked at: they win over the environment. variable names the one found.
func (c *Command) EnvironmentOption(name string, lookup env.Lookup) (value env.Value, variable string) {
	for _, v := range Variables(c.Tool, name) {
		value, own := c.Environment[v]
		if !own && lookup != nil {
			value = lookup(v)
		}
		switch {
		case value.Kind == env.Unset, value.Is(""): // pip, uv and pipenv take an empty variable for none
			continue
		case c.Tool == Pipenv && pipenvUncertain[name]:
			return env.Doubtful(), v
		case !value.IsKnown() || !c.isFlag(name):
			return value, v
		}
		return FlagValue(c.Tool, name, value.Text), v
	}
	return env.Value{}, ""
}

func (c *Command) isFlag(name string) bool {
	g := grammars[c.Tool]
	for _, set := range g.layers(c.Verb) {
		if o := set[name]; o != nil {
			return o.arity == flag
		}
	}
	switch name {
	case "venv-in-project", "virtualenvs.create", "virtualenvs.in-project", "ignore-virtualenvs", "use-venv":
		return true
	}
	return false
}

// FlagValue reads the text of a flag's environment variable as the tool does: Of("true") when the flag is in
// force, Of("false") when not, Unknown for a word that the tool refuses.
func FlagValue(tool Tool, name, text string) env.Value {
	on, valid := strtobool(text)
	switch {
	case tool == Poetry:
		// poetry/config/config.py, boolean_normalizer: all other words are false.
		on = strings.EqualFold(text, "true") || text == "1"
	case tool == Pdm && (name == "--no-self" || name == "--no-editable" || name == "--no-cache"):
		on = text != "" // bool(os.getenv(...)): "0" is true as well
	case !valid:
		return env.Doubtful()
	case tool == Pip && name == "--no-cache-dir":
		return env.Of("true") // its callback turns the cache off for "0" and "off" as well
	case tool == Pip && inverted[name]:
		on = !on
	}
	if on {
		return env.Of("true")
	}
	return env.Of("false")
}

// strtobool is distutils.util.strtobool, which pip and others copied.
func strtobool(text string) (on, valid bool) {
	switch strings.ToLower(text) {
	case "y", "yes", "t", "true", "on", "1":
		return true, true
	case "n", "no", "f", "false", "off", "0":
		return false, true
	}
	return false, false
}

// OtherIndex tells whether an option, or its variable, names another place for packages than PyPI, or one beside it.
func (c *Command) OtherIndex(lookup env.Lookup) bool { return c.says(indexes, lookup) }

// HoldsBack tells whether an option, or its variable, may keep a release from being installed that is the newest one of the index; see
// OtherIndex for which index that is.
func (c *Command) HoldsBack(lookup env.Lookup) bool { return c.says(holdingBack, lookup) }

func (c *Command) says(options []string, lookup env.Lookup) bool {
	return slices.ContainsFunc(options, func(option string) bool {
		value, _ := c.EnvironmentOption(option, lookup)
		return c.Has(option) || value.Kind != env.Unset
	})
}

var (
	indexes     = []string{"--index-url", "--extra-index-url", "--default-index", "--index", "--pypi-mirror", "--find-links", "--no-index"}
	holdingBack = []string{
		"--constraint", "--override", "--exclude-newer", "--exclude-newer-package", "--uploaded-prior-to", "--resolution", "--only-binary", "--no-build",
		"--python-version", "--platform",
	}
)
