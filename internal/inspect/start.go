package inspect

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Start is what the image starts, step by step, and what is in the way.
type Start struct {
	Argv     []string // ENTRYPOINT and CMD
	Chain    []Link
	Faults   []Fault
	Identity Identity
	// Environment is that of the Python which it comes to, nil when it comes to none or that is not known.
	Environment *Environment
	// Complete tells that the chain was followed to a program that runs the application, or to one that is no wrapper.
	Complete bool

	system *System
}

// Link is one step of the chain: a program and what it is.
type Link struct {
	Path string
	Note string // "sh script", "python3.12", "flask 3.1.0"
}

// Fault is a reason why the image does not start.
type Fault struct {
	Kind    FaultKind
	Path    string // what the fault is about; absolute, or the word as written where it was not found
	Message string // one sentence without a full stop
	Module  string // of NoModule: the top-level module
}

// FaultKind says what kind of fault it is.
type FaultKind string

// The kinds of faults of the start command.
const (
	NoUser        FaultKind = "no user"        // USER is nobody
	NoCommand     FaultKind = "no command"     // neither ENTRYPOINT nor CMD
	NotFound      FaultKind = "not found"      // a program or script that is not there
	NotExecutable FaultKind = "not executable" // no mode, or not for this user
	NoInterpreter FaultKind = "no interpreter" // of a script's first line, or the dynamic linker
	CarriageRet   FaultKind = "carriage return"
	NoModule      FaultKind = "no module"     // what a console script imports, or python -m
	BrokenVenv    FaultKind = "broken venv"   // its interpreter is gone
	Barred        FaultKind = "barred"        // a directory that the user can't enter
	WrongMachine  FaultKind = "wrong machine" // a program for another processor
	NotProgram    FaultKind = "not a program" // neither ELF nor a script with a first line
)

// Problems are the messages of the faults.
func (s *Start) Problems() []string {
	var messages []string
	for _, f := range s.Faults {
		messages = append(messages, f.Message)
	}
	return messages
}

func (s *Start) fault(kind FaultKind, name, message string) {
	s.Faults = append(s.Faults, Fault{Kind: kind, Path: name, Message: message})
}

func (s *Start) link(name, note string) { s.Chain = append(s.Chain, Link{name, note}) }

// Start follows the start command as far as it can be followed without running anything. It stops where it can't be sure:
// a fault is one that makes the start fail.
func (s *System) Start() *Start {
	config := s.Image.Config
	start := &Start{Argv: append(append([]string{}, config.Entrypoint...), config.Cmd...), system: s}
	id, ok := s.Identity(config.User)
	if !ok {
		start.fault(NoUser, config.User, "USER "+config.User+" is neither in /etc/passwd nor a number")
		return start
	}
	start.Identity = id
	if len(start.Argv) > 0 { // else a base image, or one that is always started with a command
		start.run(start.Argv, 0)
	}
	return start
}

// Health follows the command of the health check in the same way; it has no faults where the image has no check.
func (s *System) Health() *Start {
	health := &Start{system: s}
	check := s.Image.Config.Healthcheck
	if check == nil || len(check.Test) < 2 {
		return health
	}
	id, ok := s.Identity(s.Image.Config.User)
	if !ok {
		return health
	}
	health.Identity = id
	switch check.Test[0] {
	case "CMD":
		health.Argv = check.Test[1:]
	case "CMD-SHELL":
		health.Argv = append([]string{"/bin/sh", "-c"}, check.Test[1])
		if shell := s.Image.Config.Shell; len(shell) > 0 {
			health.Argv = append(slices.Clone(shell), check.Test[1])
		}
	}
	health.run(health.Argv, 0)
	return health
}

// maxSteps is how long a chain of programs that start each other may be.
const maxSteps = 12

// run follows one command.
func (s *Start) run(argv []string, depth int) {
	if depth > maxSteps || len(argv) == 0 || argv[0] == "" {
		return
	}
	workdir := s.system.Image.Config.WorkingDir
	found, ok := s.system.LookPath(s.Identity, argv[0], workdir)
	if !ok {
		s.notFound(argv[0], found)
		return
	}
	file, err := s.system.Image.Stat(found)
	if err != nil {
		return
	}
	switch {
	case file.ELF != nil:
		s.program(found, file, argv, depth)
	case strings.HasPrefix(file.Head, "#!"):
		s.script(found, file, argv, depth)
	case file.Size == 0 || file.Head != "" && !strings.HasPrefix(file.Head, "\x7fELF"):
		s.fault(NotProgram, found, found+" is neither a program nor a script with a first line that names one: it can't be executed")
	}
}

func (s *Start) notFound(name, there string) {
	if there == "" {
		for _, candidate := range s.system.candidates(name, s.system.Image.Config.WorkingDir) {
			if e := s.system.EnvironmentOf(candidate); e != nil && e.Broken != "" {
				s.fault(BrokenVenv, candidate, e.Broken)
				return
			}
		}
		where := "is not on PATH"
		if strings.Contains(name, "/") {
			where = "is not there"
		}
		s.fault(NotFound, name, name+" "+where)
		return
	}
	if dir := s.system.Barred(s.Identity, there); dir != nil {
		s.fault(Barred, there, s.who()+" can't enter "+dir.Path()+" (mode "+mode(dir)+"), where "+there+" is")
		return
	}
	file, err := s.system.Image.Stat(there)
	if err != nil {
		return
	}
	if file.Mode.Perm()&0o111 == 0 {
		s.fault(NotExecutable, there, there+" is not executable (mode "+mode(file)+")")
		return
	}
	s.fault(NotExecutable, there, s.who()+" may not execute "+there+" (mode "+mode(file)+")")
}

func (s *Start) who() string {
	if s.Identity.Name != "" {
		return "the user " + s.Identity.Name
	}
	return "the user " + s.system.Image.Config.User
}

func mode(file *imagefs.File) string {
	const digits = "01234567"
	m := file.Mode.Perm()
	return "0" + string([]byte{digits[m>>6&7], digits[m>>3&7], digits[m&7]})
}

// foreign tells whether an ELF file is for another processor than the image.
func (s *System) foreign(e *imagefs.ELF) bool {
	parts := strings.Split(s.Image.Platform, "/")
	if len(parts) < 2 || !imagefs.KnownMachine(parts[1]) {
		return false
	}
	return e.Machine != parts[1] && (parts[1] != "amd64" || e.Machine != "386")
}

// program is an ELF file.
func (s *Start) program(found string, file *imagefs.File, argv []string, depth int) {
	if s.system.foreign(file.ELF) {
		s.fault(WrongMachine, found, found+" is for "+file.ELF.Machine+", the image for "+s.system.Image.Platform)
		return
	}
	if linker := file.ELF.Interp; linker != "" {
		if _, err := s.system.Image.Stat(linker); err != nil {
			s.fault(NoInterpreter, found, found+" needs the dynamic linker "+linker+", which is not there")
			return
		}
	}
	name := path.Base(found)
	if e := s.system.EnvironmentOf(found); e != nil && isInterpreter(name) {
		s.python(e, argv)
		return
	}
	s.link(found, "")
	if isShell(name) || isShell(path.Base(file.Path())) || path.Base(file.Path()) == "busybox" && isShell(path.Base(argv[0])) {
		s.shell(argv, depth)
		return
	}
	if rest := s.unwrap(argv); rest != nil {
		s.run(rest, depth+1)
		return
	}
	s.Complete = true
}

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "dash", "ash", "zsh":
		return true
	}
	return false
}

// unwrap is what a program such as tini starts, nil where it is none or what it starts is not certain.
func (s *Start) unwrap(argv []string) []string {
	var words []shell.Field
	for _, word := range argv {
		words = append(words, shell.Field{Value: env.Of(word)})
	}
	switch base := path.Base(argv[0]); base {
	case "tini", "tini-static", "dumb-init", "catatonit", "env", "nice", "nohup", "stdbuf", "setsid":
		words[0] = shell.Field{Value: env.Of(strings.TrimSuffix(base, "-static"))}
	default: // those that change the user or the environment say more than can be followed
		return nil
	}
	names, assigns, rest, _ := shell.Unwrap(words)
	if len(names) != 1 || len(assigns) > 0 || len(rest) == 0 || len(rest) == len(argv) {
		return nil
	}
	return argv[len(argv)-len(rest):]
}

// script is a file with a first line that names its interpreter.
func (s *Start) script(found string, file *imagefs.File, argv []string, depth int) {
	line, _, _ := strings.Cut(file.Head, "\n")
	if strings.HasSuffix(line, "\r") {
		s.fault(CarriageRet, found, found+" has CRLF line ends: the kernel looks for an interpreter whose name ends with a carriage return")
		return
	}
	words := strings.Fields(strings.TrimPrefix(line, "#!"))
	if len(words) == 0 {
		return
	}
	interpreter := words[0]
	if _, err := s.system.Image.Stat(interpreter); err != nil {
		s.missingInterpreter(found, interpreter)
		return
	}
	next := append(append([]string{}, words...), found)
	if path.Base(interpreter) == "env" && len(words) > 1 {
		if strings.HasPrefix(words[1], "-") || strings.Contains(words[1], "=") {
			return // env -S and the like
		}
		next = next[1:]
		if _, ok := s.system.LookPath(s.Identity, words[1], "/"); !ok {
			s.fault(NoInterpreter, found, "the first line of "+found+" asks for "+words[1]+", which is not on PATH")
			return
		}
	} else if len(words) > 2 {
		next = []string{words[0], strings.Join(words[1:], " "), found} // Linux passes the rest of the line as one word
	}
	note := path.Base(words[len(words)-1]) + " script"
	s.link(found, note)
	s.run(append(next, argv[1:]...), depth+1)
}

// missingInterpreter says what is missing, and whether it is a virtual environment that has lost its Python.
func (s *Start) missingInterpreter(script, interpreter string) {
	if e := s.system.EnvironmentOf(interpreter); e != nil && e.Broken != "" {
		s.fault(BrokenVenv, interpreter, script+" runs with "+interpreter+": "+e.Broken)
		return
	}
	s.fault(NoInterpreter, script, "the first line of "+script+" names "+interpreter+", which is not there")
}

// shell follows `sh -c CODE` where the code is one plain command, and a script that ends by executing its arguments.
func (s *Start) shell(argv []string, depth int) {
	for i := 1; i < len(argv); i++ {
		word := argv[i]
		switch {
		case (word == "-c" || strings.HasPrefix(word, "-") && strings.HasSuffix(word, "c") && !strings.HasPrefix(word, "--")) && i+1 < len(argv):
			if strings.Contains(word, "l") {
				return // a login shell sets PATH anew
			}
			s.code(argv[i+1], depth)
			return
		case strings.HasPrefix(word, "-"):
			continue
		default:
			s.shellScript(word, argv[i+1:], depth)
			return
		}
	}
	s.Complete = true // an interactive shell
}

// code follows shell code whose first command is certain to run and to be found on the same PATH.
func (s *Start) code(text string, depth int) {
	script, err := shell.Parse([]byte(text), 0, shell.POSIX)
	if err != nil || len(script.Commands) == 0 {
		return
	}
	command := script.Commands[0]
	for _, c := range script.Commands[1:] {
		if len(c.Words) == 0 {
			return
		}
		if name, _ := c.Words[0].Literal(); name != "exit" { // "|| exit 1" changes nothing
			return
		}
	}
	if !command.Certain || len(command.Words) == 0 || len(command.Assigns) > 0 {
		return
	}
	lookup := func(name string) env.Value {
		if value, ok := s.system.Env[name]; ok {
			return env.Of(value)
		}
		return env.Doubtful()
	}
	fields := shell.Fields(command.Words, lookup)
	var words []string
	for _, f := range fields {
		if !f.Value.IsKnown() {
			break // options that the environment decides
		}
		words = append(words, f.Text())
	}
	if len(words) > 1 && words[0] == "exec" && !strings.HasPrefix(words[1], "-") {
		words = words[1:]
	}
	if len(words) == 0 || builtins[words[0]] {
		return
	}
	s.run(words, depth+1)
}

// builtins are commands that a shell runs itself.
var builtins = map[string]bool{
	"cd": true, "exec": true, "export": true, "set": true, "source": true, ".": true, "eval": true, "echo": true, "test": true, "[": true, "true": true,
	"false": true, ":": true, "printf": true, "wait": true, "read": true, "exit": true, "trap": true, "ulimit": true, "umask": true, "while": true, "command": true,
	"kill": true, "pwd": true, "type": true, "unset": true, "shift": true, "return": true, "sleep": true,
}

// shellScript is a script that the shell reads, which needs no mode.
func (s *Start) shellScript(name string, args []string, depth int) {
	full := absolute(s.system.Image.Config.WorkingDir, name)
	file, err := s.system.Image.Stat(full)
	if err != nil {
		s.fault(NotFound, full, full+" is not there")
		return
	}
	if dir := s.system.Barred(s.Identity, full); dir != nil {
		s.fault(Barred, full, s.who()+" can't enter "+dir.Path()+" (mode "+mode(dir)+"), where "+full+" is")
		return
	}
	if !s.Identity.Can(file, Read) {
		s.fault(NotExecutable, full, s.who()+" may not read "+full+" (mode "+mode(file)+")")
		return
	}
	if !file.Kept || file.Cut {
		return
	}
	lines := strings.Split(strings.TrimSpace(file.Content), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last == `exec "$@"` && len(args) > 0 {
		s.run(args, depth+1)
	}
}

// python follows what an interpreter runs.
func (s *Start) python(e *Environment, argv []string) {
	note := "Python " + e.Version
	s.link(e.Program, note)
	if e.Broken != "" {
		s.fault(BrokenVenv, e.Program, e.Program+": "+e.Broken)
		return
	}
	if s.Environment == nil {
		s.Environment = e
	}
	s.Complete = true
	for i := 1; i < len(argv); i++ {
		word := argv[i]
		switch {
		case word == "-m" && i+1 < len(argv):
			s.module(e, argv[i+1], nil)
			return
		case word == "-c":
			return
		case word == "-W" || word == "-X" || word == "--check-hash-based-pycs":
			i++
		case strings.HasPrefix(word, "-m") && len(word) > 2:
			s.module(e, word[2:], nil)
			return
		case strings.HasPrefix(word, "-"):
			if strings.ContainsAny(word, "IsSEP") && !strings.HasPrefix(word, "--") {
				return // other directories are searched
			}
		default:
			s.pythonScript(e, word)
			return
		}
	}
}

var importLine = regexp.MustCompile(`(?m)^from ([A-Za-z_][A-Za-z0-9_.]*) import `)

// pythonScript is a file that Python runs: the application's own, or a console script.
func (s *Start) pythonScript(e *Environment, name string) {
	full := absolute(s.system.Image.Config.WorkingDir, name)
	file, err := s.system.Image.Stat(full)
	switch {
	case err != nil:
		s.fault(NotFound, full, full+", which Python is to run, is not there")
		return
	case s.system.Barred(s.Identity, full) != nil:
		dir := s.system.Barred(s.Identity, full)
		s.fault(Barred, full, s.who()+" can't enter "+dir.Path()+" (mode "+mode(dir)+"), where "+full+" is")
		return
	case file.Mode.IsRegular() && !s.Identity.Can(file, Read):
		s.fault(NotExecutable, full, s.who()+" may not read "+full+" (mode "+mode(file)+")")
		return
	case file.IsDir():
		return // a package with __main__.py
	}
	if file.Head == "" || !strings.HasPrefix(file.Head, "#!") || path.Base(path.Dir(full)) != "bin" {
		s.link(full, "")
		return
	}
	m := importLine.FindAllStringSubmatch(file.Head, -1)
	if len(m) == 1 { // pip, setuptools, uv and distlib write one such line
		s.module(e, m[0][1], file)
	}
}

// module is what `python -m` or a console script imports.
func (s *Start) module(e *Environment, name string, script *imagefs.File) {
	top, _, _ := strings.Cut(name, ".")
	dirs := s.system.SearchOf(e, s.Identity)
	own := []string{absolute(s.system.Image.Config.WorkingDir, ".")}
	if script != nil {
		own = []string{script.Parent().Path()}
	}
	if s.system.Imports(append(own, dirs...), top) {
		s.describe(dirs, top)
		return
	}
	if e.Opaque || e.Library == "" || len(dirs) == 0 || builtin[top] {
		return
	}
	where := "none of the directories that " + e.Program + " searches has it"
	fault := Fault{NoModule, top, "the module " + top + " is started, and " + where, top}
	if script != nil {
		fault = Fault{NoModule, script.Path(), script.Path() + " imports " + top + ", and " + where, top}
	}
	s.Faults = append(s.Faults, fault)
}

// builtin are modules that are compiled into the interpreter and that somebody may start.
var builtin = map[string]bool{"sys": true, "builtins": true, "time": true, "zipimport": true}

// describe adds the distribution that brings a module.
func (s *Start) describe(dirs []string, module string) {
	for _, d := range s.system.Distributions(dirs) {
		for _, m := range d.Modules {
			if m == module {
				s.link(path.Join(d.Dir, module), d.Name+" "+d.Version)
				return
			}
		}
	}
}
