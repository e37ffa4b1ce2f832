package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// Concern is what a command of a RUN is about, which decides in which stage it belongs. What it does to the image file by file is in its
// Effects.
type Concern uint8

// The concerns.
const (
	// Unclear is a program that nothing is known of.
	Unclear Concern = iota
	// ShellState only changes the shell for the commands behind it in the same RUN: cd, export, set, an assignment.
	ShellState
	// Nothing leaves no trace: true, test, echo to the terminal.
	Nothing
	// SystemPackages is a call of the operating system's package manager.
	SystemPackages
	// IndexCleanup removes what the package manager has downloaded.
	IndexCleanup
	// Packaging is a call of pip, poetry, uv and their like, whether it installs or not.
	Packaging
	// PipCleanup removes what pip has downloaded.
	PipCleanup
	// Accounts makes users and groups.
	Accounts
	// Files makes, moves, changes and removes files with the usual tools.
	Files
	// Fetches brings files from elsewhere: curl, wget, git.
	Fetches
	// Compiles builds something from source: make, gcc, npm.
	Compiles
	// Runs is a Python program, or a script that Python packages may have brought.
	Runs
	// Script is shell code in a file, of which nothing can be read here.
	Script
)

// concerns are those of the programs of a kind. Programs of other languages, and shells that are given code, are as unclear as unknown ones.
var concerns = map[program.Kind]Concern{
	program.Shell: ShellState, program.Quiet: Nothing, program.Accounts: Accounts, program.Files: Files, program.Fetch: Fetches,
	program.Compile: Compiles, program.Run: Runs,
}

var (
	packageIndex = pattern.New(`/var/(?:lib/apt/lists|cache/(?:apt|apk|yum|dnf|debconf)|lib/(?:dnf|yum))`)
	pipDownloads = pattern.New(`\.cache(?:/|\s|$|\*)|/pip(?:/|-|\s|$)|/tmp/pip`)
)

// Concern tells what the command is about. Wrappers such as sudo and env are seen through.
func (c *Command) Concern() Concern {
	switch {
	case c.OS != nil:
		return SystemPackages
	case c.Installer != nil && c.Installer.Tool == installer.SetupPy && c.Installer.Verb == "build_ext":
		return Compiles // with --inplace the extension lies among the sources
	case c.Installer != nil && c.Installer.Tool != installer.Venv || c.Installer != nil && c.Installer.Opaque == "":
		return Packaging
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return ShellState
	}
	name := shell.Program(argv[0])
	switch {
	case (name == "." || name == "source") && len(argv) > 1 && path.Base(argv[1].Text()) == "activate":
		return ShellState
	case c.runsScript():
		return Script
	}
	facts, _ := program.Lookup(name)
	concern, known := concerns[facts.Kind]
	switch {
	case !known && strings.HasPrefix(argv[0].Text(), "."), !known && path.IsAbs(argv[0].Text()) && path.Ext(name) != "":
		return Script
	case !known, name == "eval":
		return Unclear
	case name == "rm" || name == "find":
		return c.cleans(argv)
	case concern == Nothing && c.writes():
		return Files
	}
	return concern
}

// cleans is the concern of an rm or a find.
func (c *Command) cleans(argv []shell.Field) Concern {
	var text strings.Builder
	for _, f := range argv[1:] {
		if !strings.HasPrefix(f.Text(), "-") {
			text.WriteString(f.Text() + " ")
		}
	}
	switch t := text.String(); {
	case packageIndex.MatchString(t) && !pipDownloads.MatchString(t):
		return IndexCleanup
	case pipDownloads.MatchString(t) && !strings.Contains(t, "requirements"):
		return PipCleanup
	}
	return Files
}

// writes tells whether the command's output goes to a file.
func (c *Command) writes() bool {
	for _, r := range c.Shell.Redirects {
		if strings.HasPrefix(r.Op, ">") || r.Op == "&>" {
			if r.Target == nil || r.Op != ">&" && !r.Target.Value(c.State.Lookup).Is("/dev/null") {
				return true
			}
		}
	}
	return false
}

// runsScript tells whether the command runs shell code from a file or a pipe.
func (c *Command) runsScript() bool {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	program := shell.Program(argv[0])
	switch program {
	case "":
		return true
	case "sh", "bash", "ash", "dash", "zsh", "source", ".":
		return len(argv) < 2 || !strings.Contains(argv[1].Text(), "c") || !strings.HasPrefix(argv[1].Text(), "-")
	}
	return strings.HasSuffix(program, ".sh")
}
