package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// missingScript is a console script that the image starts and that stayed behind: its package was copied without bin.
type missingScript struct {
	content analyzer.Content // the copied packages
	start   analyzer.StartCommand
	// from and To are the script's paths in the stage that has it and in the final image.
	from, to string
	// certain tells that the stage is known to have the script, not only likely to.
	certain bool
}

// missingScripts are the console scripts that the start command and the health check of the finished stage name, and that
// nothing has put there.
func missingScripts(s *analyzer.Stage) []missingScript {
	// What an unfamiliar image brings can't be told.
	if !s.Image.Plain() || s.Image.Python != nil && s.Image.Python.Conda {
		return nil
	}
	var found []missingScript
	for _, start := range append(s.Start().Commands, s.Healthchecks()...) {
		program := start.Argv[0].Text()
		name := path.Base(program)
		for _, c := range s.Contents() {
			if c.Copy == nil || !c.Libs || c.Scripts || c.Install.Place == analyzer.TargetDir || strings.Contains(program, "/") && program != path.Join(c.ScriptsDir(), name) {
				continue
			}
			whole := analyzer.Content{Install: c.Install, Dir: c.Dir, Scripts: true}
			if !whole.HasScript(name) || analyzer.IsInterpreterName(name) || mayHaveScript(s, name) {
				continue
			}
			from, ok := c.Copy.Original(c)
			if !ok {
				continue
			}
			certain := c.Install.CertainlyBrings(analyzer.ScriptPackage(name)) || c.EntryPoints()[name] != ""
			found = append(found, missingScript{c, start, path.Join(from.Dir, "bin", name), path.Join(c.Dir, "bin", name), certain})
			break
		}
	}
	return found
}

// mayHaveScript tells whether something in the chain of the stage has put a program of that name into it, or may have done so.
func mayHaveScript(s *analyzer.Stage, name string) bool {
	for _, c := range s.Contents() {
		if c.Scripts && (c.OneScript == "" || c.OneScript == name) && (c.Copy == nil || c.HasScript(name) || len(c.Install.Files) > 0 || len(c.Install.Requirements) == 0) {
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
				if !source.Text.IsKnown() || analyzer.HasPattern(from) || from == name || from == "bin" || !step.Copy.FromContext() && step.Copy.From == nil && from == "local" {
					return true
				}
				if step.Copy.Dest.IsKnown() && path.Base(step.Copy.Dest.Text) == "bin" && !analyzer.LooksLikeFile(from) && step.Copy.FromContext() {
					return true
				}
			}
		}
		for _, c := range step.Commands {
			if len(c.Argv) == 0 {
				continue
			}
			if program.Is(shell.Program(c.Argv[0]), program.Places) || c.MayDoAnything() || c.Install != nil && !c.Install.Dir.IsKnown() || c.Installer != nil && c.Installer.Opaque != "" {
				return true
			}
			if slices.ContainsFunc(c.Argv, func(f shell.Field) bool { return strings.Contains(f.Text(), name) }) {
				return true
			}
		}
	}
	return false
}
