package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// Content is an installation's files as a stage holds them: installed there, or copied from another stage.
type Content struct {
	Install *Installation
	// Dir is where the installation's directory (user base, venv, prefix, ...) is in this stage.
	Dir string
	// Libs and Scripts tell which halves are there: the packages, the console scripts.
	Libs, Scripts bool
	// OneScript is the name of the only script that was copied, "" when it was the whole directory.
	OneScript string
	// Copy is what brought it to the stage; nil when it was installed there.
	Copy   *Copy
	Source CopySource
	// Mismatch tells that the COPY put the files where no interpreter looks for them: the packages
	// in bin, a lib directory under another name. Dir is then the destination as written.
	Mismatch bool
}

// Contents are the Python installations that the finished stage holds, those of its bases first.
// Installations to unknown directories are left out.
func (s *Stage) Contents() []Content {
	if s == nil {
		return nil
	}
	if s.contents != nil {
		return s.contents
	}
	if s.build.held > MaxContents {
		return nil // TooEntangled refuses the build
	}
	list := append([]Content{}, s.Base.Contents()...)
	for _, step := range s.Steps {
		for _, c := range step.Commands {
			if c.Install != nil && c.Install.Dir.IsKnown() {
				list = append(list, Content{Install: c.Install, Dir: c.Install.Dir.Text, Libs: true, Scripts: true})
			}
		}
		if step.Copy == nil {
			continue
		}
		for _, d := range step.Copy.Deliveries() {
			if !d.Mismatch {
				list = append(list, d)
			}
		}
	}
	s.contents = list
	s.build.held += len(list)
	return list
}

// misplaced are the packages that a COPY of the finished stage's chain has put under another name.
func (s *Stage) misplaced() (list []Content) {
	for _, step := range s.ChainSteps() {
		if step.Copy == nil {
			continue
		}
		for _, d := range step.Copy.Deliveries() {
			if d.Mismatch && d.Libs {
				list = append(list, d)
			}
		}
	}
	return list
}

// Deliveries are the installations of another stage whose files this COPY brings.
func (c *Copy) Deliveries() []Content {
	if c.From == nil || !c.Dest.IsKnown() || len(c.Sources) == 0 {
		return nil
	}
	contents := c.From.Contents()
	if len(contents) > MaxContents/len(c.Sources) {
		c.Step.Stage.build.held = MaxContents + 1
		return nil
	}
	var found []Content
	for _, content := range contents {
		for _, s := range c.Sources {
			if !s.Text.IsKnown() {
				continue
			}
			if d, ok := c.delivers(content, s); ok {
				found = append(found, d)
			}
		}
	}
	return found
}

// delivers tells what of a content one source brings. A directory is copied by its contents:
// `COPY --from=b /a/b /c` puts /a/b/d at /c/d.
func (c *Copy) delivers(from Content, s CopySource) (Content, bool) {
	d := Content{Install: from.Install, Copy: c, Source: s, OneScript: from.OneScript}
	source, dest := s.Text.Text, c.Dest.Text
	if Under(source, from.Dir) {
		d.Dir, d.Libs, d.Scripts = moved(from.Dir, source, dest), from.Libs, from.Scripts
		return d, true
	}
	if !Under(from.Dir, source) || from.Install.Place == TargetDir {
		return Content{}, false
	}
	rel := strings.TrimPrefix(strings.TrimPrefix(source, from.Dir), "/")
	inner := rel
	if rel == "local" || strings.HasPrefix(rel, "local/") {
		if from.Install.NestedPrefix() == "" {
			return Content{}, false
		}
		inner = strings.TrimPrefix(strings.TrimPrefix(rel, "local"), "/")
	}
	switch first, rest, _ := strings.Cut(inner, "/"); first {
	case "":
		d.Libs, d.Scripts = from.Libs, from.Scripts
	case "lib", "lib64":
		if !from.Libs || !holdsPackages(rest) {
			return Content{}, false
		}
		d.Libs = true
	case "bin", "Scripts":
		if !from.Scripts {
			return Content{}, false
		}
		d.Scripts = true
		if rest != "" {
			if from.OneScript != "" && from.OneScript != rest {
				return Content{}, false
			}
			d.OneScript = rest
			if c.DestIsDir || path.Base(dest) != rest {
				dest = path.Join(dest, rest)
			}
		}
	default:
		return Content{}, false
	}
	dir, ok := strings.CutSuffix(dest, "/"+rel)
	if dir == "" {
		dir = "/"
	}
	d.Dir = dir
	if !ok {
		d.Dir, d.Mismatch = dest, true
		// A single script may stand in any directory of PATH: its shebang is absolute.
		if d.OneScript != "" {
			d.Dir, d.Mismatch = path.Dir(path.Dir(dest)), path.Base(path.Dir(dest)) != "bin"
		}
	}
	return d, true
}

// holdsPackages tells whether what follows lib/ is the site-packages directory or above it; a single
// package below it is no installation.
func holdsPackages(rest string) bool {
	switch depth := strings.Count(rest, "/"); {
	case rest == "":
		return true
	case depth == 0:
		return strings.HasPrefix(rest, "python") || strings.HasPrefix(rest, "pypy")
	default:
		return depth == 1 && (strings.HasSuffix(rest, "/site-packages") || strings.HasSuffix(rest, "/dist-packages"))
	}
}

// ScriptsDir is the directory of the content's console scripts.
func (c Content) ScriptsDir() string {
	if c.Install.NestedPrefix() != "" {
		return path.Join(c.Dir, "local/bin")
	}
	return path.Join(c.Dir, "bin")
}

// Uninstalled are the packages that commands of the stage's chain uninstall; anything tells that a file names what goes.
func (s *Stage) Uninstalled() (names map[string]bool, anything bool) {
	names = map[string]bool{}
	for _, c := range s.ChainCommands() {
		if c.Installer == nil || !c.Installer.Uninstalls() {
			continue
		}
		anything = anything || len(c.Installer.RequirementFiles()) > 0
		for _, r := range c.Installer.Removed {
			names[r.Name] = true
		}
	}
	return names, anything
}

// Entangled tells whether the stages pass more than MaxContents installations to each other: nothing can be said of them then.
func (b *Build) Entangled() bool {
	for _, s := range b.Stages {
		if s.Contents(); b.held > MaxContents {
			return true
		}
	}
	return false
}

// MaxContents is how many installations all stages together may hold. A stage holds what it copies, so stages that
// copy all of each other double it each time.
const MaxContents = 100_000

// Original is the content that a COPY has delivered as it is in the stage that it was taken from.
func (c *Copy) Original(delivered Content) (Content, bool) {
	for _, content := range c.From.Contents() {
		if content.Install == delivered.Install && content.Scripts && content.OneScript == "" {
			return content, true
		}
	}
	return Content{}, false
}

// Received are the installations that the final image got from other stages.
func (b *Build) Received() []Content {
	var found []Content
	for _, c := range b.Target.Contents() {
		if c.Copy != nil {
			found = append(found, c)
		}
	}
	return found
}

// Written is the content's Dir as the COPY's destination spells it, such as $PYROOT, or Dir itself.
func (c Content) Written() string {
	if c.Copy == nil {
		return c.Dir
	}
	step := c.Copy.Step
	text := step.Stage.build.File.Text(c.Copy.DestSpan)
	if step.Instruction.JSON {
		text = strings.Trim(text, `"`)
	}
	if strings.ContainsAny(text, "\"'") {
		return c.Dir // a piece of a quoted word is no word
	}
	for range 6 {
		text = strings.TrimSuffix(text, "/")
		if v := env.Expand(text, step.Stage.build.Doc.Escape, step.Before.Lookup); v.IsKnown() && path.Clean(v.Text) == c.Dir && path.IsAbs(v.Text) {
			return text
		}
		cut := strings.LastIndexByte(text, '/')
		if cut <= 0 {
			break
		}
		text = text[:cut]
	}
	return c.Dir
}

// HasScript tells whether the content certainly brings a console script of that name, going by what was installed.
func (c Content) HasScript(program string) bool {
	if !c.Scripts || c.OneScript != "" && c.OneScript != program {
		return false
	}
	if c.OneScript == program {
		return true
	}
	if IsInterpreterName(program) && (c.Install.Place == VirtualEnv || c.Install.Script(program) == Yes) {
		return true
	}
	return c.Install.mayBring(ScriptPackage(program)) || c.EntryPoints()[program] != ""
}

// mayBring tells whether the package is among what is installed, as far as that is known: requirements files and
// projects may bring it as a dependency.
func (in *Installation) mayBring(pkg string) bool {
	if pkg == "" {
		return false
	}
	named := slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return r.Name == pkg || r.Kind != installer.Named })
	return named || len(in.Files) > 0 || len(in.Requirements) == 0
}

// EntryPoints are those of the content's installation.
func (c Content) EntryPoints() map[string]string { return c.Install.EntryPoints() }
