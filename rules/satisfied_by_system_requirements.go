package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// satisfied is an installation to a user base or prefix that leaves out what the builder's interpreter has already, while
// the final image has only the user base or prefix.
type satisfied struct {
	content analyzer.Content
	at      source.Span // what put packages into the interpreter's own site-packages
	tool    string      // the package that it named; "" for a requirements file
	shared  string      // one that both have, or are likely to share
	certain bool        // Package is certainly left out
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

// satisfiedElsewhere are the installations that reach the final image without what was left out of them.
func satisfiedElsewhere(b *analyzer.Build) []satisfied {
	var found []satisfied
	seen, held := map[*analyzer.Installation]bool{}, map[*analyzer.Installation]bool{}
	for _, c := range b.Target.Contents() {
		held[c.Install] = held[c.Install] || c.Libs
	}
	for _, c := range b.Received() {
		in := c.Install
		if !c.Libs || seen[in] || in.Place != analyzer.UserSite && in.Place != analyzer.PrefixDir || !skipsInstalled(in) {
			continue
		}
		seen[in] = true
		names, whole := names(in)
		for _, command := range in.Command.Step.Stage.ChainCommands() {
			if command.Install == in {
				break
			}
			earlier := command.Install
			// What the final image has as well is not missing there.
			if earlier == nil || earlier.Place != analyzer.System || earlier.Interpreter != in.Interpreter && !sameInterpreter(earlier, in) || held[earlier] {
				continue
			}
			if s, ok := satisfiedBy(in, earlier, names, whole); ok {
				s.content, s.at = c, earlier.Call.Span
				found = append(found, s)
				break
			}
		}
		if s, ok := satisfiedByDistribution(b, in, names); ok {
			s.content = c
			found = append(found, s)
		}
	}
	return found
}

// satisfiedByDistribution tells what a package of the distribution makes an installation for the distribution's interpreter leave out, which the
// final image does not install itself: python3-requests brings requests.
func satisfiedByDistribution(b *analyzer.Build, in *analyzer.Installation, names map[string]string) (s satisfied, ok bool) {
	if in.Interpreter == nil || in.Interpreter.Prefix != "/usr" {
		return s, false
	}
	there := map[string]bool{}
	for _, c := range b.Target.ChainCommands() {
		for _, u := range c.PackageUses() {
			there[u.Package.Name] = true
		}
	}
	for _, command := range in.Command.Step.Stage.ChainCommands() {
		if command == in.Command {
			break
		}
		for _, u := range command.PackageUses() {
			name, distribution := strings.CutPrefix(u.Package.Name, "python3-")
			if !distribution {
				name, distribution = strings.CutPrefix(u.Package.Name, "py3-")
			}
			if specifier, named := names[installer.NormalizeName(name)]; distribution && named && specifier == "" && !there[u.Package.Name] {
				return satisfied{at: u.Package.Span, tool: u.Package.Name, shared: installer.NormalizeName(name), certain: true}, true
			}
		}
	}
	return s, false
}

func sameInterpreter(a, b *analyzer.Installation) bool {
	return a.Interpreter != nil && b.Interpreter != nil && *a.Interpreter == *b.Interpreter
}

// skipsInstalled tells whether pip leaves out what its interpreter has. --target and virtual environments never do.
func skipsInstalled(in *analyzer.Installation) bool {
	call := in.Call
	if call.Tool != installer.Pip || call.IgnoreInstalled() || call.Upgrade() || call.NoDeps() || call.Has("--force-reinstall") {
		return false
	}
	for _, option := range []string{"--ignore-installed", "--upgrade", "--force-reinstall"} {
		if v := in.Command.Setting(option); v.IsKnown() && !v.Is("false") || in.Command.State.Sets("PIP_"+strings.ToUpper(strings.ReplaceAll(option[2:], "-", "_"))) {
			return false
		}
	}
	return true
}

// satisfiedBy tells what an earlier installation makes this one, which has those names, leave out.
func satisfiedBy(in *analyzer.Installation, earlier *analyzer.Installation, names map[string]string, whole bool) (satisfied, bool) {
	for _, use := range earlier.Files {
		for _, mine := range in.Files {
			if use.InImage.IsKnown() && use.InImage == mine.InImage && use.InContext == mine.InContext {
				return satisfied{shared: "everything in " + use.Written, certain: true}, true
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
				return satisfied{tool: r.Name, shared: name, certain: true}, true
			}
		}
		// A list that is known whole and shares nothing, or pins its own versions, is complete but for dependencies.
		if !whole && len(shared) > 1 {
			return satisfied{tool: r.Name, shared: shared[1]}, true
		}
	}
	return satisfied{}, false
}

// names are the packages that the installation names, with their specifiers; whole tells that there are no others but their
// dependencies.
func names(in *analyzer.Installation) (names map[string]string, whole bool) {
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
