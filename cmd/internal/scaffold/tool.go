package scaffold

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Tool is what installs the dependencies. Pip also stands for a project without a lock file whose metadata names its dependencies.
type Tool = installer.Tool

// The tools that init knows.
const (
	Pip    = installer.Pip
	Pipenv = installer.Pipenv
	Poetry = installer.Poetry
	Uv     = installer.Uv
	Pdm    = installer.Pdm
	Conda  = installer.Conda
)

// Tools are the words for a tool.
var Tools = []string{string(Pip), string(Pipenv), string(Poetry), string(Uv), string(Pdm), string(Conda)}

type lockFile struct {
	tool Tool
	file string
	make string // the command that makes the file
}

// locks are the tools with a lock file, in the order in which they are looked for.
var locks = []lockFile{
	{Uv, "uv.lock", "uv lock"},
	{Poetry, "poetry.lock", "poetry lock"},
	{Pdm, "pdm.lock", "pdm lock"},
	{Pipenv, "Pipfile.lock", "pipenv lock"},
}

// versions are releases of the tools that work together, November 2026; pins in the configuration come first. The image of conda is
// condaforge/miniforge3.
var versions = map[string]string{
	"uv": "0.13.9", "poetry": "2.5.1", "poetry-plugin-export": "1.10.1", "pdm": "2.28.2", "pipenv": "2026.10.3", "miniforge3": "25.3.1-0",
}

// oldestOfTools is the oldest Python that these releases run on.
const oldestOfTools = "3.10"

// version is the release of a tool to write.
func (p *plan) version(name string) string {
	if v := p.o.Pins[name]; v != "" {
		return v
	}
	return versions[name]
}

// requirementsFiles are the usual names of what an image installs, the likeliest first.
var requirementsFiles = []string{
	"requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "requirements/requirements.txt", "requirements/main.txt",
	"requirements-prod.txt", "requirements-production.txt", "requirements_prod.txt", "requirements.lock", "requirements/common.txt",
}

var environmentFiles = []string{"environment.yml", "environment.yaml", "conda.yml", "conda.yaml"}

// chooseTool takes the tool whose lock file is there, then a requirements file, then the project's metadata, then conda's environment.
func (p *plan) chooseTool() error {
	asked := p.o.Tool
	if asked == "" {
		asked = p.namedTool()
	}
	var also []string
	for _, l := range locks {
		if !p.c.Exists(l.file) {
			continue
		}
		if p.tool != "" || asked != "" && asked != l.tool {
			also = append(also, l.file)
			continue
		}
		lock, ok := p.c.Lock(l.file)
		if !ok {
			return fmt.Errorf("%s can't be read: it is no lock file of %s", l.file, l.tool)
		}
		p.tool, p.locked, p.wheels = l.tool, true, lock.Wheels
		for _, name := range slices.Sorted(maps.Keys(lock.Packages)) {
			if lock.Dev[name] || name == installer.NormalizeName(p.meta.Name) {
				continue
			}
			r := installer.Requirement{Kind: installer.Named, Name: name}
			if v := lock.Packages[name]; v != "" {
				r.Specifier = "==" + v
			}
			p.packages = append(p.packages, r)
		}
		p.decide("%s installs what %s says", l.tool, l.file)
	}
	if p.tool != "" {
		if len(also) > 0 {
			p.note("there is %s too, which is not looked at; --tool chooses", list(also))
		}
		return p.checkManifest()
	}
	for _, l := range locks {
		if asked == l.tool {
			return fmt.Errorf("there is no %s: `%s` makes it", l.file, l.make)
		}
	}
	if asked != Conda {
		if ok, err := p.chooseRequirements(); ok || err != nil {
			return err
		}
		switch {
		case p.c.Exists("Pipfile"):
			return fmt.Errorf("there is a Pipfile, but no Pipfile.lock: `pipenv lock` makes it")
		case p.meta.Poetry && p.meta.NonPackage:
			return fmt.Errorf("pyproject.toml is poetry's, but there is no poetry.lock: `poetry lock` makes it")
		case p.meta.Installable:
			p.tool = Pip
			p.packages = slices.Clone(p.meta.Dependencies)
			p.decide("pip installs the project as %s says", list(p.meta.Files))
			p.note("no file says which versions of the dependencies to install, so each build takes the newest; a lock file or requirements.txt made by pip-compile or uv would")
			return nil
		}
	}
	if asked == "" || asked == Conda {
		for _, file := range environmentFiles {
			if e, ok := p.c.CondaEnvironment(file); ok {
				p.tool, p.environment = Conda, file
				for _, name := range e.Packages {
					p.packages = append(p.packages, installer.Requirement{Kind: installer.Named, Name: installer.NormalizeName(name)})
				}
				p.decide("conda makes the environment of %s", file)
				if e.Local {
					return fmt.Errorf("%s installs files of the project with pip, which init can't follow", file)
				}
				return nil
			}
		}
		if asked == Conda {
			return fmt.Errorf("there is no %s", environmentFiles[0])
		}
	}
	return p.noProject()
}

// namedTool is the tool that pyproject.toml names by its table or build backend, where there are lock files of several: others may be left over.
// It is "" where it names none of them, or more than one.
func (p *plan) namedTool() Tool {
	named := map[Tool]bool{
		Uv:     p.meta.UvProject || p.meta.Backend == "uv_build",
		Poetry: p.meta.Poetry || p.meta.Backend == "poetry.core",
		Pdm:    p.meta.Pdm || p.meta.Backend == "pdm.backend",
	}
	var found []Tool
	for _, l := range locks {
		if named[l.tool] && p.c.Exists(l.file) {
			found = append(found, l.tool)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// checkManifest looks for the file that stands beside the lock file.
func (p *plan) checkManifest() error {
	manifest := "pyproject.toml"
	if p.tool == Pipenv {
		manifest = "Pipfile"
	}
	if !p.c.Exists(manifest) {
		return fmt.Errorf("there is no %s beside the lock file of %s", manifest, p.tool)
	}
	if p.tool == Pdm {
		lock, _ := p.c.Read("pdm.lock")
		p.syncs = !exportable.Match(lock)
	}
	if p.tool == Uv && len(p.meta.Workspace) > 0 {
		return fmt.Errorf("pyproject.toml has a workspace of uv: init can't tell which of its projects the image is for")
	}
	for _, r := range p.meta.Dependencies {
		if r.Kind == installer.Local {
			return fmt.Errorf("%s takes %s from a folder, which init can't follow", p.meta.DependenciesFile, shown(r.Name))
		}
	}
	return nil
}

// exportable matches a lock file of pdm's with the markers of all packages: `pdm export` refuses others.
// https://pdm-project.org/en/latest/usage/lockfile/#lock-strategies
var exportable = pattern.New(`(?m)^strategy\s*=\s*\[[^\]]*"inherit_metadata"`)

// chooseRequirements looks for a requirements file; ok is false when there is none.
func (p *plan) chooseRequirements() (ok bool, err error) {
	for _, file := range requirementsFiles {
		if !p.c.Exists(file) {
			continue
		}
		p.tool = Pip
		p.decide("pip installs %s", file)
		return true, p.readRequirements(file)
	}
	return false, nil
}

func (p *plan) readRequirements(file string) error {
	if err := p.includes(file); err != nil {
		return err
	}
	lines, complete := p.c.AllRequirements(file)
	if !complete {
		return fmt.Errorf("%s includes a file that is not there, or itself", file)
	}
	p.locked = true
	for _, line := range lines {
		r := line.Requirement
		if otherSystem(r.Marker) {
			continue
		}
		local := r.Kind == installer.Local || r.Kind == installer.Archive
		if r.Kind == installer.Local && path.Clean(r.Location) == "." && len(r.Extras) == 0 && line.Path == file && p.selfLine(line.Path, line.Span.Start, line.Span.End) {
			continue
		}
		if local || r.Editable && r.Kind != installer.VCS {
			return fmt.Errorf("%s installs %s from the project's folder, which init can't follow", line.Path, shown(r.Text))
		}
		p.locked = p.locked && (strings.HasPrefix(r.Specifier, "==") || r.Kind != installer.Named || len(line.Hashes) > 0)
		p.packages = append(p.packages, r)
	}
	if !p.locked {
		p.note("%s leaves versions open, so each build may install others", file)
	}
	return nil
}

// selfLine notes a line that installs the project itself. It must be spelled so that grep can leave it out.
func (p *plan) selfLine(file string, start, end int) bool {
	f, ok := p.c.Requirements(file)
	if !ok || f.Encoding != "" || p.self != "" || start < 0 || end > f.File.Len() {
		return false
	}
	text := string(f.File.Bytes()[start:end])
	if !slices.Contains([]string{"-e .", ".", "./", "-e ./", "--editable ."}, text) {
		return false
	}
	p.self = text
	return true
}

// forDevelopment matches names of requirements files that an image does not need.
var forDevelopment = pattern.New(`(?i)(?:^|[/_.-])(?:dev(?:el(?:opment)?)?|tests?|testing|lint|docs?|local|ci)[_.-]`)

// includes collects the file and all that it includes.
func (p *plan) includes(file string) error {
	if slices.Contains(p.requirements, file) {
		return nil
	}
	if !isPath(file) {
		return fmt.Errorf("the name of the requirements file %q can't stand in a Dockerfile", shown(file))
	}
	f, ok := p.c.Requirements(file)
	if !ok {
		return fmt.Errorf("%s is not there or can't be read", file)
	}
	p.requirements = append(p.requirements, file)
	for _, include := range f.Includes {
		if !include.Constraint && forDevelopment.MatchString(include.Path) {
			p.note("%s includes %s, which seems to be for development; requirements for the image alone would make it smaller", file, shown(include.Path))
		}
		switch {
		case include.Path == "" && strings.Contains(include.Written, "://"):
			p.note("%s includes a file from the network", file)
		case include.Path == "":
			return fmt.Errorf("%s includes %q, which is outside of the folder", file, shown(include.Written))
		default:
			if err := p.includes(include.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

// otherSystem tells whether an environment marker is for Windows or macOS alone.
func otherSystem(marker string) bool {
	compact := strings.NewReplacer(" ", "", `"`, "", "'", "").Replace(marker)
	for _, other := range []string{"sys_platform==win32", "platform_system==Windows", "os_name==nt", "sys_platform==darwin", "platform_system==Darwin"} {
		if compact == other {
			return true
		}
	}
	return false
}
