package fixes

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
)

// CleanConda gives the fix that appends conda's own clean-up to the RUN in which c installs. refused says why there is none.
func CleanConda(build *analyzer.Build, c *analyzer.Command) (fix *analyzer.Fix, refused string) {
	step := c.Step
	program := c.Installer.Program
	if step.Instruction.JSON || step.Script == nil || !program.Literal || len(c.Installer.Wrappers) > 0 {
		return nil, "it can't be told how conda is called behind this"
	}
	if refused := unappendable(build, step); refused != "" {
		return nil, refused
	}
	cleanup := program.Text() + " clean " + cleanOptions(c)
	if program.Text() == "micromamba" {
		cleanup = "micromamba clean --all --yes"
	}
	edit, ok := AppendItem(build.Doc, step.Instruction, step.Script, cleanup)
	if !ok {
		return nil, "nothing can be appended to this RUN"
	}
	return &analyzer.Fix{Title: "Append `" + cleanup + "`", Safety: analyzer.Safe, Edits: []analyzer.Edit{edit}}, ""
}
