package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Process is the first program that a container of a finished stage starts, followed as far as the Dockerfile shows: wrappers cut off, the
// program looked up on PATH, the file or module that an interpreter or a shell is given, and where the interpreter looks for packages.
type Process struct {
	Stage *Stage
	Start StartCommand
	// Program is what the first word names.
	Program FoundProgram
	// Python tells that it is a Python interpreter, or a console script, which starts one.
	Python bool
	// Environment is the directory of the virtual environment whose interpreter that is, "" for the interpreter of the system.
	Environment string
	// File is the word that names the code which an interpreter or a shell runs; nil for none. Module is that of `python -m`.
	File, Module *shell.Field
	// runner is a wrapper with an environment of its own: "uv run", "poetry run", "pipenv run", "pdm run", "conda run".
	runner string
}

// Process resolves the start of the finished stage. ok is false where there is none, or where what starts can't be told: an unfamiliar
// image without CMD, shell code that can't be read, variables.
func (s *Stage) Process() (p Process, ok bool) {
	start := s.Start()
	if len(start.Commands) == 0 || start.Entrypoint == nil && start.EntrypointUnknown && start.Cmd == nil {
		return p, false
	}
	return s.Resolve(start.Commands[0])
}

// Resolve follows a command that runs in a container of the finished stage.
func (s *Stage) Resolve(c StartCommand) (p Process, ok bool) {
	p = Process{Stage: s, Start: c}
	if len(c.Argv) == 0 || !c.Argv[0].Value.IsKnown() {
		return p, false
	}
	p.runner = c.Runner()
	name := c.Argv[0].Text()
	p.Program = s.FindProgram(name, s.After)
	p.File, p.Module = c.Operand()
	program := c.Program()
	p.Python = IsInterpreterName(program) || ScriptPackage(program) != "" || slices.ContainsFunc(s.Contents(), func(c Content) bool {
		return c.EntryPoints()[program] != ""
	})
	if p.Python {
		p.Environment = s.environmentOf(p.Program.Path)
	}
	return p, true
}

// Runner is a wrapper that runs its program in an environment of its own: "uv run", "poetry run"; "" for none.
func (c StartCommand) Runner() string {
	for _, w := range c.Wrappers {
		if _, verb, found := strings.Cut(w, " "); found && verb == "run" {
			return w
		}
	}
	return ""
}

// Operand is the file or the module that an interpreter or a shell runs.
func (c StartCommand) Operand() (file, module *shell.Field) {
	switch name := c.Program(); {
	case IsInterpreterName(name), program.Is(name, program.ShellProgram):
		for i := 1; i < len(c.Argv); i++ {
			f := &c.Argv[i]
			text := f.Text()
			switch module, glued := program.ModuleFlag(text); {
			case module && IsInterpreterName(name):
				if !glued && i+1 < len(c.Argv) && c.Argv[i+1].Value.IsKnown() {
					return nil, &c.Argv[i+1]
				}
				return nil, nil
			case text == "-W" || text == "-X":
				i++
			case text == "-o" || text == "-c" || text == "", strings.HasPrefix(text, "-") && program.Is(name, program.ShellProgram) && strings.Contains(text, "c"):
				return nil, nil
			case !strings.HasPrefix(text, "-"):
				return f, nil
			}
		}
		return nil, nil
	case strings.Contains(c.Argv[0].Text(), "/"):
		return &c.Argv[0], nil
	}
	return nil, nil
}

// environmentOf is the virtual environment that a program lies in.
func (s *Stage) environmentOf(program string) string {
	if program == "" {
		return ""
	}
	dir := path.Dir(path.Dir(program))
	if _, made := s.After.Venv(dir); made {
		return dir
	}
	for _, c := range s.Contents() {
		if p := c.Install.Place; (p == VirtualEnv || p == CondaEnv) && c.Dir == dir {
			return dir
		}
	}
	return ""
}

// Sees tells whether the interpreter that the process starts looks for packages where the content has them.
// https://docs.python.org/3/library/site.html
func (p Process) Sees(c Content) Presence {
	s := p.Stage
	switch {
	case p.runner != "" || !p.Python:
		return Maybe
	case s.onPythonPath(c) == Yes:
		return Yes
	}
	result := p.sees(c)
	if result == No {
		return s.onPythonPath(c)
	}
	return result
}

func (p Process) sees(c Content) Presence {
	s := p.Stage
	if c.Mismatch {
		return p.searches(c)
	}
	switch c.Install.Place {
	case VirtualEnv, CondaEnv:
		switch {
		case p.Environment == c.Dir:
			return Yes
		case p.Program.Presence != Yes || p.Environment != "" && s.mayLink(p.Environment):
			return Maybe
		case s.activates(c.Dir) || s.mayLink(c.Dir):
			return Maybe
		}
		return No
	case UserSite:
		if p.Environment != "" {
			return No // or the environment was made with --system-site-packages
		}
		return s.FindsUserBase(c.Dir)
	case TargetDir:
		if s.After.Workdir.Is(c.Dir) || p.File != nil && path.Dir(s.After.Abs(p.File.Value).Text) == c.Dir {
			return Yes
		}
		return s.pathFiles()
	case System, PrefixDir:
		return p.seesPrefix(c)
	}
	return Maybe
}

// searches is sees for packages that a COPY has put under another name.
func (p Process) searches(c Content) Presence {
	dirs, ok := p.searchDirs()
	from, was := c.Copy.Original(c)
	if !ok || !was || from.PackagesDir() == "" || !Under(c.Source.Text.Text, from.PackagesDir()) {
		return Maybe
	}
	if p.File != nil {
		dirs = append(dirs, path.Dir(p.Stage.After.Abs(p.File.Value).Text))
	}
	if slices.Contains(dirs, moved(from.PackagesDir(), c.Source.Text.Text, c.Copy.Dest.Text)) {
		return Yes
	}
	return No
}

// seesPrefix is sees for packages below a prefix: those of the interpreter's own one, in the directories that it searches.
func (p Process) seesPrefix(c Content) Presence {
	s := p.Stage
	python := s.Interpreter()
	if p.Environment != "" || python == nil || p.Program.Presence != Yes {
		return Maybe
	}
	dirs, ok := s.Image.SearchDirs(python)
	at := c.PackagesDir()
	if !ok || at == "" {
		return Maybe
	}
	for _, dir := range dirs {
		if dir == at {
			return Yes
		}
	}
	return No
}

// PackagesDir is the directory of the content's packages; "" when it is not known.
func (c Content) PackagesDir() string {
	in := c.Install
	python := in.Interpreter
	if python == nil || python.Minor == "" || !c.Libs {
		return ""
	}
	facts := in.Command.Step.Stage.Image
	switch in.Place {
	case TargetDir:
		return c.Dir
	case UserSite, VirtualEnv:
		return path.Join(c.Dir, "lib", "python"+python.Minor, "site-packages")
	case PrefixDir:
		if in.NestedPrefix() != "" {
			return path.Join(c.Dir, "local/lib", "python"+python.Minor, "dist-packages")
		}
		return path.Join(c.Dir, "lib", "python"+python.Minor, "site-packages")
	case System:
		dir := facts.InstallDir(python)
		if dir == "" || !Under(in.Dir.Text, dir) {
			return ""
		}
		return path.Join(c.Dir, strings.TrimPrefix(dir, in.Dir.Text))
	}
	return ""
}

// onPythonPath tells whether PYTHONPATH names the content's directory, or one in it.
func (s *Stage) onPythonPath(c Content) Presence {
	v := s.After.Env("PYTHONPATH")
	if v.Kind == env.Unknown {
		return Maybe
	}
	for _, entry := range strings.Split(v.Text, ":") {
		if entry != "" && (Under(c.Dir, path.Clean(entry)) || entry == "." && s.After.Workdir.Is(c.Dir)) {
			return Yes
		}
	}
	if s.StartMentions("PYTHONPATH") || s.StartMentions("sys.path") {
		return Maybe
	}
	return s.pathFiles()
}

// pathFiles tells whether a command may have written a .pth file, which adds directories to the search path.
func (s *Stage) pathFiles() Presence { return Presence(Remember(s.build, s, s.findPathFiles)) }

type hasPathFiles Presence

func (s *Stage) findPathFiles() hasPathFiles {
	for _, c := range s.ChainCommands() {
		if c.HasText(".pth") || c.MayDoAnything() {
			return hasPathFiles(Maybe)
		}
		for _, e := range c.Effects.List {
			if path.Ext(e.Path) == ".pth" {
				return hasPathFiles(Maybe)
			}
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" || step.Copy != nil && strings.Contains(s.build.File.Text(step.Instruction.Span), ".pth") {
			return hasPathFiles(Maybe)
		}
	}
	return hasPathFiles(No)
}

// activates tells whether the start itself may switch to the environment: it names it, its script can't be read, or a login shell reads
// files that commands have written.
func (s *Stage) activates(dir string) bool {
	texts, complete := s.StartTexts()
	if !complete {
		return true
	}
	for _, text := range texts {
		if strings.Contains(text, dir) || strings.Contains(text, "activate") || strings.Contains(text, path.Base(dir)+"/bin") {
			return true
		}
	}
	for _, c := range s.ChainCommands() {
		if c.HasText("bashrc") || c.HasText("/etc/profile") || c.HasText(".profile") {
			return true
		}
	}
	return false
}

// mayLink tells whether a command may have linked the environment's files to where others look for them.
func (s *Stage) mayLink(dir string) bool {
	for _, c := range s.ChainCommands() {
		if len(c.Argv) == 0 || c.Install != nil || c.Installer != nil {
			continue
		}
		switch shell.Program(c.Argv[0]) {
		case "ln", "cp", "mv", "update-alternatives", "echo", "printf", "tee":
			if c.HasText(dir) || c.HasText(path.Base(dir)) {
				return true
			}
		}
	}
	return false
}

// LeftOutside are the contents that the process does not see, where it sees none that brings packages of an application. sure tells that
// all of it is certain.
func (p Process) LeftOutside() (left []Content, sure bool) {
	if !p.Python || p.runner != "" {
		return nil, false
	}
	sure = true
	for _, c := range append(slices.Clip(p.Stage.Contents()), p.Stage.misplaced()...) {
		if !c.Libs || c.Install.Place == ToolEnv || !c.Install.BringsApplication() {
			continue
		}
		switch p.Sees(c) {
		case No:
			left = append(left, c)
		case Maybe:
			sure = false
		case Yes:
			return nil, true
		}
	}
	return left, sure
}

// BringsApplication tells whether an installation installs more than installers and helper programs.
func (in *Installation) BringsApplication() bool {
	if len(in.Files) > 0 || lockOf[in.Call.Tool] != "" && in.Call.Tool != "pip" && len(in.Requirements) == 0 {
		return true
	}
	return in.NamesPackages() || len(in.ProjectDirs()) > 0
}

// IsEnvironment tells whether the content is a virtual or a conda environment, with an interpreter of its own.
func (p Process) IsEnvironment(c Content) bool {
	return c.Install.Place == VirtualEnv || c.Install.Place == CondaEnv
}

// HiddenEnvironment is an installation of the finished stage's chain that certainly makes an environment in a place of its own, as poetry
// and pipenv do by default and `conda env create` does, while the interpreter of the image is started and nothing else brings packages.
func (p Process) HiddenEnvironment() (in *Installation, ok bool) {
	s := p.Stage
	if p.runner != "" || p.Environment != "" || p.Program.Presence != Yes || s.After.Sets("PYTHONPATH") || s.pathFiles() != No {
		return nil, false
	}
	for _, c := range s.ChainCommands() {
		switch {
		case c.Install == nil || c.Install.Place == ToolEnv || !c.Install.BringsApplication():
		case !c.Shell.Certain:
			return nil, false
		case c.Install.Place == VirtualEnv && !c.Install.Dir.IsKnown() && c.Install.OutsideProject():
			in = c.Install
		default:
			return nil, false
		}
	}
	if in == nil || s.activates(string(in.Call.Tool)) {
		return nil, false
	}
	for _, content := range s.Contents() {
		if content.Copy != nil {
			return nil, false
		}
	}
	return in, true
}

// OnlyStandardLibrary tells whether what starts certainly needs no packages: `python -c`, `python -m http.server`, a bare interpreter.
func (p Process) OnlyStandardLibrary() bool {
	if p.Module != nil {
		module, _, _ := strings.Cut(p.Module.Text(), ".")
		return standardModules[module]
	}
	return p.File == nil || p.File.Text() == "-"
}

// standardModules are modules of the standard library that images start.
var standardModules = map[string]bool{
	"http": true, "json": true, "asyncio": true, "unittest": true, "this": true, "pdb": true, "venv": true, "compileall": true, "zipapp": true,
	"smtpd": true, "timeit": true, "doctest": true, "idlelib": true, "site": true, "sysconfig": true, "platform": true,
}

// File is the word that names the file which the command runs; nil when it runs something else, or a program of the system.
func (c StartCommand) File() *shell.Field {
	file, _ := c.Operand()
	return file
}
