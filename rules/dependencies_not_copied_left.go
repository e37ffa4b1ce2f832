package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// leftDependencies is an application that the final image takes from another stage, without the packages that were
// installed for it there.
type leftDependencies struct {
	copy    *analyzer.Copy
	source  analyzer.CopySource
	install *analyzer.Installation // what stays behind
	start   analyzer.StartCommand
}

// mayBePackages tells directories that packages may be in, by their names.
var mayBePackages = pattern.New(`env|packages|wheel|local|lib|deps|depend|vendor|python|install|target|dist|conda|^/$|^/usr|^/opt$|^/root$|^/home$|\*`)

// LeftDependencies finds it in the final image; ok is false wherever packages may reach the image in any other way.
func findLeftDependencies(b *analyzer.Build) (left leftDependencies, ok bool) {
	t := b.Target
	if t == nil || !t.Image.Official && !t.Image.StartKnown || t.Image.Python == nil || t.Image.Python.Conda || t.Image.Deprecated != "" || t.Image.Extended || mayHavePackages(t) {
		return left, false
	}
	if left.start, ok = startsPython(t); !ok {
		return left, false
	}
	for _, step := range t.Steps {
		if step.Copy == nil || step.Copy.From == nil {
			continue
		}
		for _, source := range step.Copy.Sources {
			if in := packagesOutside(step.Copy.From, source.Text.Text); in != nil {
				left.copy, left.source, left.install = step.Copy, source, in
				return left, true
			}
		}
	}
	return left, false
}

// startsPython finds the start command that runs a Python program which is likely to need packages.
func startsPython(s *analyzer.Stage) (analyzer.StartCommand, bool) {
	for _, c := range s.Start().Commands {
		if !c.IsInterpreter() {
			continue
		}
		for _, f := range c.Argv[1:] {
			if text := f.Text(); text == "http.server" || text == "-c" || !f.Value.IsKnown() {
				return c, false
			}
		}
		return c, len(c.Argv) > 1
	}
	return analyzer.StartCommand{}, false
}

// mayHavePackages tells whether the finished stage has Python packages, or may get some by a way that is not understood.
func mayHavePackages(s *analyzer.Stage) bool {
	if len(s.Contents()) > 0 {
		return true
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, m := range step.Mounts() {
			if m.From != "" {
				return true
			}
		}
		for _, c := range step.Commands {
			if c.Installer != nil || c.MayDoAnything() || c.MayPutPython("/usr/local") {
				return true
			}
			if c.OS == nil || c.OS.Verb != ospkg.Install {
				continue
			}
			for _, p := range c.OS.Packages {
				if p.Name == "" || strings.HasPrefix(p.Name, "py") {
					return true
				}
			}
		}
		if step.Copy == nil {
			continue
		}
		for _, source := range step.Copy.Sources {
			text := source.Text.Text
			switch {
			case !source.Text.IsKnown(), source.Remote:
				return true
			case step.Copy.FromContext():
				if mayBePackages.MatchString(text) || strings.HasSuffix(text, ".whl") {
					return true
				}
			case step.Copy.From == nil && path.Base(text) != "uv" && path.Base(text) != "uvx", step.Copy.From != nil && mayBePackages.MatchString(text):
				return true
			}
		}
	}
	return s.After.Sets("PYTHONPATH")
}

// packagesOutside is an installation of an application's dependencies in the stage outside dir, where the application itself
// lies; nil where dir may have packages too.
func packagesOutside(s *analyzer.Stage, dir string) *analyzer.Installation {
	if dir == "" || !hasContextFiles(s, dir) || s.Calls("pyinstaller", "PyInstaller", "shiv", "pex", "zipapp", "nuitka", "pip download", "--target") {
		return nil
	}
	var found *analyzer.Installation
	for _, c := range s.ChainCommands() {
		if c.Installer == nil {
			continue
		}
		in := c.Install
		switch {
		case in == nil && c.Installer.Opaque == "" && !c.Installer.Installs() && c.Installer.Verb != "download":
			continue
		case in == nil, !in.Dir.IsKnown(), analyzer.Under(dir, in.Dir.Text), in.Place == analyzer.TargetDir:
			return nil
		case len(in.Files) > 0, in.NamesPackages(), in.Call.Tool == installer.Uv && in.Call.Verb == "sync", in.Call.Tool == installer.Poetry, in.Call.Tool == installer.Pipenv:
			found = in
		}
	}
	return found
}

// hasContextFiles tells whether the directory takes files of the build context: the application.
func hasContextFiles(s *analyzer.Stage, dir string) bool {
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || !step.Copy.FromContext() || !step.Copy.Dest.IsKnown() || !analyzer.Under(dir, step.Copy.Dest.Text) {
			continue
		}
		for _, source := range step.Copy.Sources {
			if source.Text.IsKnown() && !analyzer.LooksLikeFile(path.Base(source.Text.Text)) || path.Ext(source.Text.Text) == ".py" {
				return true
			}
		}
	}
	return false
}

// onlyScripts finds the directory of programs that the final image has of an installation without its packages, while nothing else in it
// brings packages and a Python program starts.
func onlyScripts(s *analyzer.Stage) (bare analyzer.Content, start analyzer.StartCommand, ok bool) {
	if s == nil || s.After.Sets("PYTHONPATH") {
		return bare, start, false
	}
	for _, c := range s.Contents() {
		switch {
		case c.Libs:
			return bare, start, false
		case c.Copy != nil && c.Scripts && c.Install.Place != analyzer.ToolEnv:
			bare, ok = c, true
		}
	}
	if !ok || mayBringPackages(s, bare.Copy) {
		return bare, start, false
	}
	for _, c := range s.Start().Commands {
		if c.IsInterpreter() && len(c.Argv) > 1 && bare.OneScript == "" || bare.HasScript(c.Program()) {
			return bare, c, true
		}
		if _, text, read := s.ShellScript(c); read && callsScript(string(text), bare) {
			return bare, c, true
		}
	}
	return bare, start, false
}

// callsScript tells whether a shell script starts one of the content's programs at the beginning of a line.
func callsScript(text string, bare analyzer.Content) bool {
	for line := range strings.Lines(text) {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "exec "))
		if len(words) > 0 && words[0] != "#" && bare.HasScript(words[0]) {
			return true
		}
	}
	return false
}

// mayBringPackages tells whether something in the chain of the stage besides one COPY may bring Python packages.
func mayBringPackages(s *analyzer.Stage, besides *analyzer.Copy) bool {
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, c := range step.Commands {
			if c.Install != nil || c.MayDoAnything() || c.Installer != nil && c.Installer.Opaque != "" {
				return true
			}
		}
		if step.Copy == nil || step.Copy == besides || step.Copy.OnlyUv() {
			continue
		}
		if from := step.Copy.From; from != nil && from.Image.NoPython && len(from.Contents()) == 0 {
			continue // the frontend's
		}
		for _, source := range step.Copy.Sources {
			text := source.Text.Text
			if !source.Text.IsKnown() || !step.Copy.FromContext() && mayBePackages.MatchString(text) && !analyzer.LooksLikeFile(path.Base(text)) {
				return true
			}
		}
	}
	return false
}
