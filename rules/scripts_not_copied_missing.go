package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
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
			if !whole.HasScript(name) || analyzer.IsInterpreterName(name) || mayHaveProgram(s, program) {
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

// mayHaveProgram tells whether something has put the program into the stage, or may have done so: not the sources of an application.
func mayHaveProgram(s *analyzer.Stage, program string) bool {
	found := s.FindProgram(program, s.After)
	if found.Is(analyzer.No) || found.Is(analyzer.Yes) || found.Step == nil || found.Step.Copy == nil || !found.Step.Copy.FromContext() {
		return !found.Is(analyzer.No)
	}
	_, may := s.MayBring(effect.AnyProgram)
	return may
}
