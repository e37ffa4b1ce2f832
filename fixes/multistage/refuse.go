package multistage

import (
	"cmp"
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
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
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
	case strings.HasSuffix(c.stage.Image.Reference.Tag, "onbuild"):
		return "the base image has ONBUILD instructions"
	case c.stage.Base != nil:
		return "the final stage is built from another stage of the file"
	case c.build.Settings.Target != "" && isNumber(c.build.Settings.Target):
		return "the target stage is given by its number, which new stages would change"
	}
	for _, s := range c.build.Stages {
		if s.Base == c.stage && !c.under {
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
	case in.Interpreter == nil && c.namesPython2(in):
		return "installs for Python 2, which ended in 2020: its move to Python 3 comes first"
	case in.Interpreter == nil && cudaImage.MatchString(c.stage.Image.Reference.Text):
		return fmt.Sprintf("installs into %s: which image can run its packages is not known", c.stage.Image.Reference.Text)
	case in.Interpreter == nil:
		return fmt.Sprintf("installs for a Python that is not known: that of %s, or one that the file brings itself", c.stage.BaseText.Or("the base image"))
	case in.Interpreter.Conda:
		return "installs into a conda environment, which is part of the image it is made in"
	}
	switch {
	case in.Place == analyzer.VirtualEnv && !in.Dir.IsKnown() && !ownVenv(in):
		return "installs into a virtual environment whose place is not known (" + string(call.Tool) + " keeps it in a cache of its own)"
	case in.Place == analyzer.VirtualEnv && slices.Contains([]string{"/", "/usr", "/usr/local"}, in.Dir.Text):
		return "installs into " + in.Dir.Text + ", where the system's own files are"
	case call.Tool == installer.EasyInstall:
		return "calls easy_install: pip first"
	case call.Tool == installer.SetupPy && (call.Verb != "install" && call.Verb != "develop" || in.Place == analyzer.System && !c.runsSetup(in)):
		return "runs setup.py itself: `pip install .` first"
	case (in.Place == analyzer.System || ownVenv(in)) && in.Interpreter != nil && isPython2(in.Interpreter) && call.Tool != installer.Pip && call.Tool != installer.SetupPy:
		return "installs with " + string(call.Tool) + " for Python 2, which makes no virtual environments: its move to Python 3 comes first"
	case slices.Contains(call.Wrappers, "sudo"):
		return "calls pip through sudo, which forgets the environment"
	case in.Place == analyzer.System && !c.stage.Image.Official && relinksPython(c.stage):
		return "installs for a Python that python3 was made a link to, which the packages of the builder may take back"
	case in.Place == analyzer.System && c.activatedBefore(command) != nil:
		return "installs outside of the environment that " + c.lineOf(c.activatedBefore(command).Instruction) + " activates: PATH first"
	case call.Tool != installer.Poetry && (!command.Shell.Exact || command.Step.Instruction.JSON): // poetry's call stays as it is
		return "installs in a nested shell"
	case command.Shell.Function != "":
		return "installs in a function"
	}
	for _, r := range in.Requirements {
		at := command.State.Abs(env.Of(r.Location))
		if (r.Kind == installer.Local || r.Kind == installer.Archive) && !c.fetched(command, at) && !c.fromContext(command, at) {
			return "installs something that is not known to come from the build context"
		}
		if r.Editable && !c.modernProject(in) && !c.sourcesTravel(command, at) {
			return "installs in editable mode without a pyproject.toml: its metadata would stay in the builder"
		}
	}
	if here := command.State.Workdir; call.Tool == installer.SetupPy && !c.fetched(command, here) && !c.fromContext(command, here) {
		return "installs something that is not known to come from the build context"
	}
	if call.Tool == installer.SetupPy && call.Verb == "develop" && !c.sourcesTravel(command, command.State.Workdir) {
		return "installs in editable mode: its metadata would stay in the builder"
	}
	for _, use := range in.Files {
		if !use.InImage.IsKnown() {
			return "installs from a file that can't be told"
		}
		c.fetched(command, use.InImage)
		if o, named := call.Option("--src"); named && !c.readsAll(use) && !(o.Value.Is("/usr/local/src") && c.stage.Image.Official && c.stage.Image.Distro == "debian" && c.sourcesTravel(command, o.Value)) {
			return "may keep checkouts in the image, by --src" // Debian has that directory in any case
		}
	}
	if dir, ok := in.CheckoutsApart(); ok {
		if !c.sourcesTravel(command, dir) {
			return "keeps a checkout in the image, by -e"
		}
		_, named := call.Option("--src")
		c.trees[len(c.trees)-1].outside = !named
	}
	return ""
}

// readsAll tells whether a file of requirements, and those that it includes, can be read.
func (c *conversion) readsAll(use analyzer.RequirementsUse) bool {
	_, complete := c.build.Context.AllRequirements(use.InContext)
	return use.InContext != "" && complete
}

// ownVenv tells whether a tool installs into an environment of its own making where none is active: it takes the one that the builder makes.
func ownVenv(in *analyzer.Installation) bool {
	return in.Place == analyzer.VirtualEnv && !in.Dir.IsKnown() && (in.Call.Tool == installer.Pipenv || in.Call.Tool == installer.Poetry) &&
		in.Command.State.Lookup("VIRTUAL_ENV").Kind == env.Unset && in.Command.State.Lookup("PIPENV_IGNORE_VIRTUALENVS").Kind == env.Unset
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

// namesPython2 tells whether a bare pip or virtualenv is the one of Python 2 that the stage installs under its old names.
func (c *conversion) namesPython2(in *analyzer.Installation) bool {
	command := in.Command
	if maker := in.VenvMaker(); maker != nil {
		command = maker
	}
	call := command.Installer
	for _, name := range []string{call.Program.Text(), call.Python} {
		if strings.HasPrefix(path.Base(name), "pip3") || strings.HasPrefix(path.Base(name), "python3") {
			return false
		}
	}
	return !has(c.stage, "python3-pip py3-pip") && has(c.stage, python2Packages) || strings.Contains(call.Program.Text()+call.Python, "2")
}

// has tells whether the stage installs one of some OS packages, with blanks between their names.
func has(s *analyzer.Stage, names string) bool {
	return slices.ContainsFunc(strings.Fields(names), s.After.HasOSPackage)
}

// python3Of is the name of the Python 3 that pip installs for, or that a virtual environment is made of, where the base image does not tell which
// one it is: a virtual environment on the same image needs no more. "" where it may be another one.
func (c *conversion) python3Of(in *analyzer.Installation) string {
	call, asked := in.Call, ""
	if in.Place == analyzer.VirtualEnv {
		maker := in.VenvMaker()
		if maker == nil {
			return ""
		}
		call, asked = maker.Installer, maker.Setting("--python").Text
	}
	facts, program := c.stage.Image, cmp.Or(asked, call.Python, call.Program.Text())
	if facts.Official || facts.Python != nil || !namesPython3.MatchString(program) || in.Place != analyzer.VirtualEnv && (in.Place != analyzer.System || call.Tool != installer.Pip) {
		return ""
	}
	name := "python3"
	if i := strings.Index(program, "3."); i >= 0 {
		name = "python" + program[i:]
	}
	if in.Place == analyzer.VirtualEnv {
		if call.Tool != installer.Venv || program == "pip" {
			return ""
		}
		return name
	}
	short := strings.Replace(name, ".", "", 1) // of CentOS 7
	switch oldest, known := oldestVenv[facts.Distro]; {
	case !known, facts.Release != "" && version.Compare(facts.Release, oldest) < 0:
		return ""
	case name != "python3" && !has(c.stage, name+" "+name+"-dev "+name+"-venv "+short+" "+short+"-pip "+short+"-devel"):
		return ""
	case name == "python3" && !has(c.stage, "python3 python3-pip py3-pip python3-dev python3-devel python3-venv"):
		return ""
	case program == "pip" && (!has(c.stage, "python3-pip py3-pip") || has(c.stage, python2Packages)):
		return ""
	}
	return name
}

// relinksPython tells whether the file makes python3 another Python than the distribution's: that one comes back with the next package that
// depends on it.
func relinksPython(s *analyzer.Stage) bool {
	python3 := func(f shell.Field) bool {
		return f.Text() == "/usr/bin/python3" || f.Text() == "/usr/local/bin/python3"
	}
	other := func(f shell.Field) bool { return strings.Contains(f.Text(), "/python3.") }
	return slices.ContainsFunc(s.ChainCommands(), func(command *analyzer.Command) bool {
		if len(command.Argv) < 3 {
			return false
		}
		switch shell.Program(command.Argv[0]) {
		case "ln", "update-alternatives":
			return slices.ContainsFunc(command.Argv[1:], python3) && slices.ContainsFunc(command.Argv[1:], other)
		}
		return false
	})
}

// namesPython3 matches the programs by which pip is called for a Python 3; a bare pip may be another's.
var namesPython3 = pattern.New(`^(?:pip|pip3(?:\.\d+)?|(?:/usr/(?:local/)?bin/)?python3(?:\.\d+)?)$`)

// oldestVenv is the first release of a distribution whose Python 3 makes virtual environments, with a package that is named like the later ones.
var oldestVenv = map[string]string{"debian": "8", "ubuntu": "16.04", "alpine": "3.5", "fedora": "24", "rhel": "7"}

// fromContext tells whether what is at a path may have been copied from the build context.
func (c *conversion) fromContext(command *analyzer.Command, at env.Value) bool {
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

// fetched tells whether commands before have downloaded or unpacked what an installation reads. They run in the builder too then, with all that
// has changed it since.
func (c *conversion) fetched(command *analyzer.Command, at env.Value) bool {
	if !at.IsKnown() {
		return false
	}
	maker := brings(command, at.Text)
	if maker == nil {
		return false
	}
	c.follow(maker)
	for _, other := range c.stage.ChainCommands() {
		if other.Shell.Span.Start <= maker.Shell.Span.Start || other.Shell.Span.Start >= command.Shell.Span.Start || !touches(other, at.Text) {
			continue
		}
		switch other.Concern() {
		case analyzer.Files, analyzer.Fetches:
			c.follow(other)
		case analyzer.Runs, analyzer.Script, analyzer.Unclear, analyzer.Compiles:
			return false
		}
	}
	return true
}

// brings is the command that has fetched or unpacked what is at a path, nil where none has.
func brings(command *analyzer.Command, at string) *analyzer.Command {
	a := command.HasPath(at)
	if at == "/" || a.Command == nil || a.Presence == analyzer.No {
		return nil
	}
	concern := a.Command.Concern()
	unpacks := concern == analyzer.Files && (a.Presence == analyzer.Yes || len(a.Command.Argv) > 0 && slices.Contains([]string{"tar", "unzip"}, shell.Program(a.Command.Argv[0])))
	if concern != analyzer.Fetches && !unpacks {
		return nil
	}
	return a.Command
}

// follow marks a command, and those that have fetched or made what it reads.
func (c *conversion) follow(maker *analyzer.Command) {
	if c.feeds[maker] {
		return
	}
	c.feeds[maker] = true
	for _, at := range append(operands(maker), maker.State.Workdir.Text) {
		if earlier := brings(maker, at); at != "" && earlier != nil {
			c.follow(earlier)
		}
	}
}

// operands are the words of a command as paths.
func operands(command *analyzer.Command) (paths []string) {
	for i, f := range command.Argv {
		if at := command.State.Abs(f.Value); i > 0 && at.IsKnown() {
			paths = append(paths, at.Text)
		}
	}
	return paths
}

// touches tells whether a command runs in a directory or names something in it.
func touches(command *analyzer.Command, dir string) bool {
	return slices.ContainsFunc(append(operands(command), command.State.Workdir.Text), func(at string) bool { return at != "" && analyzer.Under(dir, at) })
}

// runsSetup tells whether an interpreter of PATH runs setup.py, and has setuptools in a virtual environment of its own too.
func (c *conversion) runsSetup(in *analyzer.Installation) bool {
	python := in.Call.Python
	return namesPython.MatchString(python) && in.Interpreter != nil && in.Interpreter.BringsSetuptools()
}

// namesPython matches an interpreter that is found on PATH.
var namesPython = pattern.New(`^python[23]?(?:\.\d+)?$`)

func isPython2(python *image.Interpreter) bool { return strings.HasPrefix(python.Minor, "2.") }

// sourcesTravel tells whether the directory of an editable project can be copied from the builder as it is, with the metadata that the installation
// has written beside the sources.
func (c *conversion) sourcesTravel(command *analyzer.Command, dir env.Value) bool {
	if !dir.IsKnown() || ofSystem.MatchString(dir.Text) || command.Step.Before.NonRoot() {
		return false
	}
	for _, step := range c.stage.Steps {
		if _, chown := step.Instruction.Flag("chown"); chown && step.Copy != nil && (!step.Copy.Dest.IsKnown() || analyzer.Under(step.Copy.Dest.Text, dir.Text) || analyzer.Under(dir.Text, step.Copy.Dest.Text)) {
			return false
		}
	}
	if t := (tree{dir: dir.Text, step: command.Step}); !slices.Contains(c.trees, t) {
		c.trees = append(c.trees, t)
	}
	return true
}

// ofSystem matches directories that hold more than a project.
var ofSystem = pattern.New(`^/(?:(?:usr|etc|lib|bin|sbin|root|home|opt|srv|var|tmp|run|mnt|media)(?:/(?:local|src|lib|bin|share|log|cache))?/?)?$|^/(?:usr/(?:local/)?)?(?:lib|bin|etc)/`)

// tree is a directory that the final stage takes from the builder behind a step.
type tree struct {
	dir  string
	step *analyzer.Step
	// outside tells that it is elsewhere in a virtual environment.
	outside bool
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

const noGain = "all its OS packages may be needed at run time, so that a builder would leave nothing behind"

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
	return noGain
}
