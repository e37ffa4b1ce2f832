package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// Satisfied is an installation to a user base or prefix that leaves out what the builder's interpreter has already, while
// the final image has only the user base or prefix.
type Satisfied struct {
	Content Content
	Earlier *Installation // what put packages into the interpreter's own site-packages
	Tool    string        // the package that it named; "" for a requirements file
	Package string        // one that both have, or are likely to share
	Certain bool          // Package is certainly left out
}

// toolDependencies holds tools that builders install for themselves, with libraries that they bring and that applications
// use too. From the metadata of their releases of 2023 to 2026.
var toolDependencies = map[string][]string{
	"poetry": {"requests", "urllib3", "certifi", "idna", "charset-normalizer", "packaging", "platformdirs", "filelock"},
	"pipenv": {"certifi", "packaging", "setuptools", "filelock", "platformdirs", "virtualenv"},
	"pdm":    {"httpx", "certifi", "idna", "anyio", "rich", "packaging", "platformdirs", "python-dotenv"},
	"hatch":  {"httpx", "click", "rich", "packaging", "certifi", "idna", "anyio", "platformdirs"},
	"awscli": {"python-dateutil", "urllib3", "pyyaml", "botocore", "s3transfer", "jmespath", "six"},
	"tox":    {"packaging", "filelock", "platformdirs", "virtualenv"}, "virtualenv": {"filelock", "platformdirs"},
	"pip-tools": {"click", "setuptools"}, "twine": {"requests", "urllib3", "certifi", "idna", "rich", "packaging"},
	"ansible": {"jinja2", "pyyaml", "cryptography", "packaging", "markupsafe"},
}

// SatisfiedElsewhere are the installations that reach the final image without what was left out of them.
func (b *Build) SatisfiedElsewhere() []Satisfied {
	var found []Satisfied
	seen, held := map[*Installation]bool{}, map[*Installation]bool{}
	for _, c := range b.Target.Contents() {
		held[c.Install] = held[c.Install] || c.Libs
	}
	for _, c := range b.Received() {
		in := c.Install
		if !c.Libs || seen[in] || in.Place != UserSite && in.Place != PrefixDir || !in.skipsInstalled() {
			continue
		}
		seen[in] = true
		names, whole := in.names()
		for _, command := range in.Command.Step.Stage.ChainCommands() {
			if command.Install == in {
				break
			}
			earlier := command.Install
			// What the final image has as well is not missing there.
			if earlier == nil || earlier.Place != System || earlier.Interpreter != in.Interpreter && !sameInterpreter(earlier, in) || held[earlier] {
				continue
			}
			if s, ok := in.satisfiedBy(earlier, names, whole); ok {
				s.Content = c
				found = append(found, s)
				break
			}
		}
	}
	return found
}

func sameInterpreter(a, b *Installation) bool {
	return a.Interpreter != nil && b.Interpreter != nil && *a.Interpreter == *b.Interpreter
}

// skipsInstalled tells whether pip leaves out what its interpreter has. --target and virtual environments never do.
func (in *Installation) skipsInstalled() bool {
	call := in.Call
	if call.Tool != installer.Pip || call.IgnoreInstalled() || call.Upgrade() || call.NoDeps() || call.Has("--force-reinstall") {
		return false
	}
	for _, option := range []string{"--ignore-installed", "--upgrade", "--force-reinstall"} {
		if v := in.Command.Setting(option); v.IsKnown() && !v.Is("false") || in.Command.State.sets("PIP_"+strings.ToUpper(strings.ReplaceAll(option[2:], "-", "_"))) {
			return false
		}
	}
	return true
}

// satisfiedBy tells what an earlier installation makes this one, which has those names, leave out.
func (in *Installation) satisfiedBy(earlier *Installation, names map[string]string, whole bool) (Satisfied, bool) {
	for _, use := range earlier.Files {
		for _, mine := range in.Files {
			if use.InImage.IsKnown() && use.InImage == mine.InImage && use.InContext == mine.InContext {
				return Satisfied{Earlier: earlier, Package: "everything in " + use.Written, Certain: true}, true
			}
		}
	}
	for _, r := range earlier.Requirements {
		if r.Kind != installer.Named || r.Name == "pip" || r.Name == "setuptools" || r.Name == "wheel" {
			continue
		}
		shared := append([]string{r.Name}, toolDependencies[r.Name]...)
		for _, name := range shared {
			if specifier, ok := names[name]; ok && (specifier == "" || name == r.Name && specifier == r.Specifier) {
				return Satisfied{Earlier: earlier, Tool: r.Name, Package: name, Certain: true}, true
			}
		}
		// A list that is known whole and shares nothing, or pins its own versions, is complete but for dependencies.
		if !whole && len(shared) > 1 {
			return Satisfied{Earlier: earlier, Tool: r.Name, Package: shared[1]}, true
		}
	}
	return Satisfied{}, false
}

// names are the packages that the installation names, with their specifiers; whole tells that there are no others but their
// dependencies.
func (in *Installation) names() (names map[string]string, whole bool) {
	names, whole = map[string]string{}, true
	add := func(r installer.Requirement) {
		if r.Kind != installer.Named {
			whole = false
		} else if r.Marker == "" {
			names[r.Name] = r.Specifier
		}
	}
	for _, r := range in.Requirements {
		add(r)
	}
	for _, use := range in.Files {
		if use.File == nil {
			whole = false
			continue
		}
		for _, line := range use.File.Lines {
			add(line.Requirement)
		}
		whole = whole && len(use.File.Includes) == 0
	}
	return names, whole
}
