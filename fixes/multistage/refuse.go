package multistage

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
	"github.com/pylint-docker/pylint-docker/fixes"
)

var (
	// cudaImage matches images whose run-time counterpart is a choice that the name does not make.
	cudaImage = pattern.New(`(?i)cuda|nvidia|rocm|pytorch/|tensorflow/`)
)

// refuseFile looks for what a conversion of the file would have to understand and does not.
func (c *conversion) refuseFile() string {
	switch {
	case c.stage.Image.Distro == "windows":
		return "it is a Windows image"
	case c.stage.Base != nil:
		return "the final stage is built from another stage of the file"
	case c.build.Settings.Target != "" && isNumber(c.build.Settings.Target):
		return "the target stage is given by its number, which new stages would change"
	}
	for _, s := range c.build.Stages {
		if s.Base == c.stage {
			return c.lineOf(s.From) + ": a stage is built from the one to be converted"
		}
	}
	for _, in := range c.doc.Instructions {
		for _, from := range fixes.FromReferences(in) {
			if n, err := strconv.Atoi(from); err == nil && n >= c.stage.Index {
				return c.lineOf(in) + " names a stage by its number, which new stages would change"
			}
			if c.stage.Name != "" && strings.EqualFold(from, c.stage.Name) {
				return c.lineOf(in) + " copies from the stage to be converted"
			}
		}
	}
	for _, step := range c.stage.Steps {
		in := step.Instruction
		switch {
		case !slices.Contains(c.doc.Instructions, in):
			return "the base image has ONBUILD instructions"
		case in.Keyword == "ONBUILD":
			return c.lineOf(in) + " is an ONBUILD, whose user may need the build tools"
		case step.Unreadable != "":
			return fmt.Sprintf("%s can't be read: %s", c.lineOf(in), step.Unreadable)
		}
	}
	return ""
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// refuseInstall says why an installation of the application can't go to a builder.
func (c *conversion) refuseInstall(in *analyzer.Installation) string {
	call, command := in.Call, in.Command
	switch in.Place {
	case analyzer.CondaEnv:
		return "installs with conda, whose environments are part of the image they are made in"
	case analyzer.TargetDir, analyzer.PrefixDir, analyzer.RootDir:
		return "installs into a directory of its own choice"
	case analyzer.UnknownPlace:
		return "installs to a place that can't be told"
	}
	switch {
	case in.Interpreter == nil && (c.ofPython2(in) || c.python3Of(in) != ""):
	case in.Interpreter == nil && cudaImage.MatchString(c.stage.Image.Reference.Text):
		return fmt.Sprintf("installs into %s: which image can run its packages is not known", c.stage.Image.Reference.Text)
	case in.Interpreter == nil:
		return fmt.Sprintf("installs for a Python that is not known: that of %s, or one that the file brings itself", c.stage.BaseText.Or("the base image"))
	case in.Interpreter.Conda:
		return "installs into a conda environment, which is part of the image it is made in"
	}
	switch {
	case in.Place == analyzer.VirtualEnv && !in.Dir.IsKnown():
		return "installs into a virtual environment whose place is not known (" + string(call.Tool) + " keeps it in a cache of its own)"
	case in.Place == analyzer.VirtualEnv && slices.Contains([]string{"/", "/usr", "/usr/local"}, in.Dir.Text):
		return "installs into " + in.Dir.Text + ", where the system's own files are"
	case call.Tool == installer.SetupPy || call.Tool == installer.EasyInstall:
		return "runs setup.py itself: `pip install .` first"
	case call.Tool == installer.Pipenv && in.Place == analyzer.System:
		return "lets pipenv install into the system's interpreter: `pipenv requirements` and pip first"
	case slices.Contains(call.Wrappers, "sudo"):
		return "calls pip through sudo, which forgets the environment"
	case in.Place == analyzer.System && c.activatedBefore(command) != nil:
		return "installs outside of the environment that " + c.lineOf(c.activatedBefore(command).Instruction) + " activates: PATH first"
	case !command.Shell.Exact || command.Step.Instruction.JSON:
		return "installs in a nested shell"
	case command.Shell.Function != "":
		return "installs in a function"
	}
	for _, r := range in.Requirements {
		if r.Editable && r.Kind == installer.VCS {
			return "keeps a checkout in the image, by -e"
		}
		if (r.Kind == installer.Local || r.Kind == installer.Archive) && !c.fromContext(command, r) {
			return "installs something that is not known to come from the build context"
		}
		if r.Editable && !c.modernProject(in) {
			return "installs in editable mode without a pyproject.toml: its metadata would stay in the builder"
		}
	}
	for _, use := range in.Files {
		if !use.InImage.IsKnown() {
			return "installs from a file that can't be told"
		}
	}
	return ""
}

// activatedBefore is a RUN before the command's own one whose activation of a virtual environment ended with it.
func (c *conversion) activatedBefore(command *analyzer.Command) *analyzer.Step {
	for _, step := range c.stage.Steps[:command.Step.Index] {
		for _, other := range step.Commands {
			if len(other.Argv) > 1 && (other.Argv[0].Text() == "." || other.Argv[0].Text() == "source") && path.Base(other.Argv[1].Text()) == "activate" {
				return step
			}
		}
	}
	return nil
}

// ofPython2 tells whether pip installs for the Python 2 of an old distribution.
func (c *conversion) ofPython2(in *analyzer.Installation) bool {
	return in.Place != analyzer.VirtualEnv && in.Call.Tool == installer.Pip && !strings.Contains(in.Call.Program.Text(), "/") && python2(c.stage)
}

// python3Of is the name of the Python 3 of the distribution that pip installs for, where the base image does not tell which one it is: a virtual
// environment on the same image needs no more. "" where it may be another one.
func (c *conversion) python3Of(in *analyzer.Installation) string {
	facts, program := c.stage.Image, in.Call.Program.Text()
	if in.Place != analyzer.System || in.Call.Tool != installer.Pip || !namesPython3.MatchString(program) || facts.Official || facts.Python != nil {
		return ""
	}
	switch oldest, known := oldestVenv[facts.Distro]; {
	case !known, facts.Release != "" && version.Compare(facts.Release, oldest) < 0:
		return ""
	}
	name := "python3"
	if i := strings.Index(program, "3."); i >= 0 {
		name = "python" + program[i:]
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return c.stage.After.HasOSPackage(n) })
	}
	switch {
	case name != "python3" && !has(name, name+"-dev", name+"-venv"):
		return ""
	case name == "python3" && !has("python3", "python3-pip", "py3-pip", "python3-dev", "python3-venv"):
		return ""
	case program == "pip" && (!has("python3-pip", "py3-pip") || has("python-pip", "python", "python-dev", "py-pip", "py2-pip", "python2", "python2.7")):
		return ""
	}
	return name
}

// namesPython3 matches the programs by which pip is called for a Python 3; a bare pip may be another's.
var namesPython3 = pattern.New(`^(?:pip|pip3(?:\.\d+)?|python3(?:\.\d+)?)$`)

// oldestVenv is the first release of a distribution whose Python 3 makes virtual environments, with a package that is named like the later ones.
var oldestVenv = map[string]string{"debian": "8", "ubuntu": "16.04", "alpine": "3.5", "fedora": "24"}

// fromContext tells whether a local requirement was copied from the build context.
func (c *conversion) fromContext(command *analyzer.Command, r installer.Requirement) bool {
	at := command.State.Abs(env.Of(r.Location))
	if !at.IsKnown() {
		return false
	}
	for _, step := range c.stage.Steps[:command.Step.Index] {
		if step.Copy != nil && step.Copy.FromContext() && step.Copy.Dest.IsKnown() && (analyzer.Under(step.Copy.Dest.Text, at.Text) || analyzer.Under(at.Text, step.Copy.Dest.Text)) {
			return true
		}
	}
	return false
}

// modernProject tells whether pip builds the projects by PEP 517, which keeps the metadata of an editable install in site-packages.
func (c *conversion) modernProject(in *analyzer.Installation) bool {
	dirs := in.ProjectDirs()
	for _, dir := range dirs {
		if meta, ok := c.build.Context.Project(dir); !ok || !hasPyproject(c.build.Context, dir) || meta == nil {
			return false
		}
	}
	return len(dirs) > 0
}

func hasPyproject(context *project.Context, dir string) bool {
	content, ok := context.Read(path.Join(dir, "pyproject.toml"))
	return ok && strings.Contains(string(content), "[build-system]")
}

// refuseNoGain refuses a conversion that would leave nothing behind: the packages would only be copied from one stage to the other.
func (c *conversion) refuseNoGain() string {
	if c.base != "" {
		return ""
	}
	full := c.stage.Image.Official && c.stage.Image.BuildTools
	for name := range c.moved {
		if !full || !image.InFullPython(name) {
			return ""
		}
	}
	if full {
		reason := fmt.Sprintf("the final stage would stay on %s with all its compilers and headers", c.stage.Image.Reference.Text)
		if c.sameImage != "" {
			reason += ", since " + c.sameImage + " (`runtime-image: slim` decides that it does not)"
		}
		return reason
	}
	return "all its OS packages may be needed at run time, so that a builder would leave nothing behind"
}
