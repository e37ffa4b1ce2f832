package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// MissingScript is a console script that the image starts and that stayed behind: its package was copied without bin.
type MissingScript struct {
	Content Content // the copied packages
	Start   StartCommand
	// From and To are the script's paths in the stage that has it and in the final image.
	From, To string
	// Certain tells that the stage is known to have the script, not only likely to.
	Certain bool
}

// MissingScripts are the console scripts that the start command and the health check of the finished stage name, and that
// nothing has put there.
func (s *Stage) MissingScripts() []MissingScript {
	// What an unfamiliar image brings can't be told.
	if !s.Image.Plain() || s.Image.Python != nil && s.Image.Python.Conda {
		return nil
	}
	var found []MissingScript
	for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
		program := start.Argv[0].Text()
		name := path.Base(program)
		for _, c := range s.Contents() {
			if c.Copy == nil || !c.Libs || c.Scripts || c.Install.Place == TargetDir || strings.Contains(program, "/") && program != path.Join(c.ScriptsDir(), name) {
				continue
			}
			whole := Content{Install: c.Install, Dir: c.Dir, Scripts: true}
			if !whole.has(name) || IsInterpreterName(name) || s.mayHaveScript(name) {
				continue
			}
			from, ok := c.Copy.Original(c)
			if !ok {
				continue
			}
			certain := c.Install.certainlyBrings(ScriptPackage(name)) || c.EntryPoints()[name] != ""
			found = append(found, MissingScript{c, start, path.Join(from.Dir, "bin", name), path.Join(c.Dir, "bin", name), certain})
			break
		}
	}
	return found
}

// Original is the content that a COPY has delivered as it is in the stage that it was taken from.
func (c *Copy) Original(delivered Content) (Content, bool) {
	for _, content := range c.From.Contents() {
		if content.Install == delivered.Install && content.Scripts && content.OneScript == "" {
			return content, true
		}
	}
	return Content{}, false
}

// certainlyBrings tells whether the package is named on the command line or in a requirements file that could be read.
func (in *Installation) certainlyBrings(pkg string) bool {
	if pkg == "" {
		return false
	}
	for _, r := range in.Requirements {
		if r.Name == pkg && r.Marker == "" {
			return true
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			if line.Requirement.Name == pkg && line.Requirement.Marker == "" {
				return true
			}
		}
	}
	return false
}

// fetchers are the programs that put files of any name where they like.
var fetchers = map[string]bool{
	"ln": true, "cp": true, "mv": true, "tar": true, "curl": true, "wget": true, "unzip": true, "rsync": true, "make": true,
	"install": true, "sh": true, "bash": true, "git": true, "tee": true,
}

// mayHaveScript tells whether something in the chain of the stage has put a program of that name into it, or may have done so.
func (s *Stage) mayHaveScript(name string) bool {
	for _, c := range s.Contents() {
		if c.Scripts && (c.OneScript == "" || c.OneScript == name) && (c.Copy == nil || c.has(name) || len(c.Install.Files) > 0 || len(c.Install.Requirements) == 0) {
			return true
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		if step.Copy != nil {
			for _, source := range step.Copy.Sources {
				from := path.Base(source.Text.Text)
				if !source.Text.IsKnown() || hasPattern(from) || from == name || from == "bin" || !step.Copy.FromContext() && step.Copy.From == nil && from == "local" {
					return true
				}
				if step.Copy.Dest.IsKnown() && path.Base(step.Copy.Dest.Text) == "bin" && !LooksLikeFile(from) && step.Copy.FromContext() {
					return true
				}
			}
		}
		for _, c := range step.Commands {
			if len(c.Argv) == 0 {
				continue
			}
			if fetchers[shell.Program(c.Argv[0])] || c.MayDoAnything() || c.Install != nil && !c.Install.Dir.IsKnown() || c.Installer != nil && c.Installer.Opaque != "" {
				return true
			}
			if slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return strings.Contains(f.Text(), name) }) {
				return true
			}
		}
	}
	return false
}
