package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// Release is what the Dockerfile shows of the release of a tool at one point of a build.
type Release struct {
	Version string   // "1.8.5"; "" when it is not known
	Newest  bool     // nothing holds it back: the newest release that runs on Python
	By      *Command // what installed it; nil when nothing visible did
	Python  *image.Interpreter
	tool    string
}

// Known tells whether anything is known of the release.
func (r Release) Known() bool { return r.Version != "" || r.Newest }

// oldestPython holds the oldest Python that releases of tools run on: pip picks an older release for an older Python.
var oldestPython = map[string]string{
	"poetry 2.0.0": "3.9", "pipenv 2022.8.13": "3.7", "pipenv 2022.4.8": "3.6",
	"pip 25.3": "3.9",
}

// AtLeast tells whether it certainly is that release or a newer one.
func (r Release) AtLeast(wanted string) bool {
	switch {
	case r.Version != "":
		return version.Compare(r.Version, wanted) >= 0
	case !r.Newest || r.Python == nil:
		return false
	}
	minor := r.Python.Minor
	if minor == "" { // python:latest, python:3-slim: the newest
		return r.Python.Prefix == "/usr/local"
	}
	oldest, ok := oldestPython[r.tool+" "+wanted]
	return ok && version.Compare(minor, oldest) >= 0
}

// ToolRelease is the release of a tool, named as its package is, when c runs: of what pip, pipx, uv or the
// tool's own installer script have put there earlier in the stage and its bases. Of pip and conda it also knows what base images and
// packages of distributions bring.
func (c *Command) ToolRelease(tool string) Release {
	r := Release{tool: tool}
	if tool == "conda" {
		r = r.ofConda(c.State.Image().CondaRelease())
	}
	for _, step := range c.Step.Stage.ChainSteps() {
		for _, other := range step.Commands {
			if other == c {
				return r
			}
			r = r.after(other)
		}
		if step == c.Step {
			break
		}
	}
	return r
}

// after is the release once a command has run.
func (r Release) after(c *Command) Release {
	unknown := Release{tool: r.tool, By: c, Python: c.State.Python()}
	if c.OS != nil && c.OS.Verb == ospkg.Install {
		for _, p := range c.OS.Packages {
			if r.tool == "pip" && (p.Name == "python-pip" || p.Name == "python3-pip") {
				if own := c.State.Image().Python; own != nil && own.Prefix != "/usr" {
					return r // that of the image comes first on PATH
				}
				if r.By == nil { // else it is another one's, beside it
					unknown.Version = image.DistroPip(c.State.Image().Distro, c.State.Image().Release)
				}
				return unknown
			}
			if p.Name == r.tool || p.Name == "python3-"+r.tool {
				return unknown
			}
		}
		return r
	}
	if c.Installer == nil {
		switch {
		case r.tool == "poetry" && c.fetchesPoetryInstaller():
			return c.poetryFromScript(unknown)
		case r.tool == "pip" && c.HasText("get-pip.py"):
			unknown.Newest = !c.Step.hasText("pip==") && !c.Step.hasText("pip<")
			return unknown
		case r.tool == "conda":
			for _, f := range c.Argv {
				if found := image.CondaOfInstaller(f.Text()); found != "" {
					return unknown.ofConda(found)
				}
			}
			if c.HasText("conda") && c.HasText(".sh") {
				return unknown
			}
		}
		return r
	}
	if c.Installer.Opaque != "" || string(c.Installer.Tool) == r.tool && c.Installer.Verb == "self update" {
		if c.HasText(r.tool) {
			return unknown
		}
		return r
	}
	if c.Install == nil {
		return r
	}
	for _, q := range c.Install.Requirements {
		if q.Name != r.tool {
			continue
		}
		if r.tool == "conda" && c.Installer.Tool == installer.Conda && q.Specifier == "" && r.Known() {
			return r // conda does not take itself to an older release
		}
		next := unknown
		next.Python = c.Install.Interpreter
		switch version, exact := strings.CutPrefix(q.Specifier, "=="); {
		case exact && q.Pinned() && !strings.Contains(version, ","):
			next.Version = strings.TrimPrefix(version, "=")
		case len(c.Install.Constraints) > 0 || c.Installer.Tool == installer.Conda || q.Kind != installer.Named || capped(q.Specifier):
		case r.Known() && !c.Installer.Upgrade():
			return r // "Requirement already satisfied"
		default:
			next.Newest = true
		}
		return next
	}
	return r
}

// ofConda is the release as image.Facts.CondaRelease gives it.
func (r Release) ofConda(release string) Release {
	r.Version, r.Newest = release, false
	if release == "newest" {
		r.Version, r.Newest = "", true
	}
	return r
}

// capped tells whether a specifier keeps newer releases out.
func capped(specifier string) bool {
	for _, clause := range strings.Split(specifier, ",") {
		if clause != "" && !strings.HasPrefix(clause, ">") && !strings.HasPrefix(clause, "!=") {
			return true
		}
	}
	return false
}

// HasText tells whether a word of the command holds the text.
func (c *Command) HasText(text string) bool {
	for _, f := range c.Argv {
		if strings.Contains(f.Text(), text) {
			return true
		}
	}
	return false
}

func (step *Step) hasText(text string) bool {
	return slices.ContainsFunc(step.Commands, func(c *Command) bool { return c.HasText(text) })
}

func (c *Command) fetchesPoetryInstaller() bool {
	return c.HasText("install.python-poetry.org") || c.HasText("install-poetry.py") || c.HasText("get-poetry.py")
}

// poetryFromScript reads what the official installer is told: `curl ... | POETRY_VERSION=1.8.5 python3 -`, or
// `python3 - --version 1.8.5`. https://python-poetry.org/docs/#installing-with-the-official-installer
func (c *Command) poetryFromScript(r Release) Release {
	if c.HasText("get-poetry.py") { // for releases before 1.2
		return r
	}
	named := env.Value{}
	for _, other := range c.Step.Commands {
		if other.Installer != nil || other.OS != nil {
			continue
		}
		if v := other.State.Lookup("POETRY_VERSION"); v.Kind != env.Unset && v != named {
			if named.Kind != env.Unset {
				return r
			}
			named = v
		}
	}
	for _, other := range c.Step.Commands {
		for i, f := range other.Argv {
			switch {
			case f.Text() == "--version" && i+1 < len(other.Argv) && i > 0 && !isFetcher(other.Argv[0]):
				named = other.Argv[i+1].Value
			case strings.HasPrefix(f.Text(), "--version="):
				named = env.Of(strings.TrimPrefix(f.Text(), "--version="))
			case f.Text() == "--preview", f.Text() == "--git", f.Text() == "--path", f.Text() == "-p" && strings.HasPrefix(shell.Program(other.Argv[0]), "python"):
				return r
			}
		}
	}
	switch {
	case named.IsKnown() && named.Text != "" && version.Is(named.Text):
		r.Version = named.Text
	case named.Kind == env.Unset || named.Is(""):
		r.Newest = true
	}
	return r
}

func isFetcher(f shell.Field) bool {
	program := shell.Program(f)
	return program == "curl" || program == "wget"
}
