package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// mayWrite tells whether the command can put the file p there. Only programs that are known to
// write nowhere near an application are trusted.
func (c *Command) mayWrite(p string) bool {
	for _, r := range c.Shell.Redirects {
		if !strings.HasPrefix(r.Op, ">") && r.Op != "&>" || r.Target == nil {
			continue
		}
		target := c.State.Abs(r.Target.Value(c.State.Lookup))
		if !target.IsKnown() || target.Text == p {
			return true
		}
	}
	if c.OS != nil {
		return systemDir(p)
	}
	if c.Installer != nil {
		return c.installerMayWrite(p)
	}
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 {
		return false
	}
	switch program := shell.Program(argv[0]); program {
	case ".", "source":
		// A script may do anything; bin/activate sets variables.
		return len(argv) < 2 || path.Base(argv[1].Text()) != "activate"
	case "touch":
		return c.mayName(argv[1:], p)
	default:
		return !bystander[program]
	}
}

// mayName tells whether one of the arguments is the path, or may be.
func (c *Command) mayName(args []shell.Field, p string) bool {
	for _, f := range args {
		if at := c.State.Abs(f.Value); !at.IsKnown() || at.Text == p || f.Glob {
			return true
		}
	}
	return false
}

// systemDir tells whether p lies where packages of a distribution put their files.
func systemDir(p string) bool {
	for _, dir := range []string{"/usr", "/etc", "/opt", "/var", "/lib"} {
		if under(dir, p) {
			return true
		}
	}
	return false
}

// installerMayWrite is mayWrite for installers: packages can bring any file into their environment, `pip install -e
// git+...` checks sources out, and lock, export and compile write requirements.
func (c *Command) installerMayWrite(p string) bool {
	if c.Install == nil {
		return c.Installer.Opaque != "" || !c.Installer.Uninstalls() && c.Installer.Verb != "config" && !c.purges(c.Installer.Tool)
	}
	for _, r := range c.Install.Requirements {
		if r.Editable && r.Kind != installer.Local {
			return true
		}
	}
	return !c.Install.Dir.IsKnown() || under(c.Install.Dir.Text, p)
}

// bystander holds the programs that create no files of their own choosing.
var bystander = map[string]bool{
	":": true, "[": true, "[[": true, "true": true, "false": true, "echo": true, "printf": true, "set": true, "cd": true,
	"export": true, "unset": true, "test": true, "exit": true, "ls": true, "pwd": true, "whoami": true, "id": true,
	"chmod": true, "chown": true, "chgrp": true, "mkdir": true, "rm": true, "rmdir": true,
	"useradd": true, "groupadd": true, "adduser": true, "addgroup": true, "usermod": true, "passwd": true,
	"apt-key": true, "add-apt-repository": true, "locale-gen": true, "update-locale": true, "dpkg-reconfigure": true,
	"update-ca-certificates": true, "update-alternatives": true, "ldconfig": true, "sleep": true, "which": true,
	"command": true, "type": true, "hash": true, "uname": true, "sync": true,
	"umask": true, "ulimit": true, "date": true, "env": true, "locale": true,
}

// MayName tells whether a command or instruction of the stage or its bases names the path, or may do so,  or
// something below it, as `mkdir` would.
func (s *Stage) MayName(p string) bool {
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "WORKDIR" && under(p, step.afterWorkdir()) {
			return true
		}
		if step.Unreadable != "" {
			return true
		}
		for _, c := range step.Commands {
			for _, f := range c.Argv {
				if !f.Value.IsKnown() || strings.Contains(f.Text(), p) {
					return true
				}
			}
		}
	}
	return false
}

func (step *Step) afterWorkdir() string {
	if step.Index+1 < len(step.Stage.Steps) {
		return step.Stage.Steps[step.Index+1].Before.Workdir.Text
	}
	return step.Stage.After.Workdir.Text
}

// redirectsBlock tells whether a RUN writes the output of a whole block, a loop or a subshell to a file of that name or of one that is not written
// out: `{ echo a; echo b; } > file`. Such a redirection belongs to none of its commands.
func (step *Step) redirectsBlock(p string) bool {
	if step.blockFiles == nil {
		step.blockFiles = []string{}
		if text := step.Stage.build.File.Text(step.Instruction.Span); strings.Contains(text, ">") {
			for _, m := range blockRedirect.Regexp().FindAllStringSubmatch(text, -1) {
				step.blockFiles = append(step.blockFiles, m[1])
			}
		}
	}
	return slices.ContainsFunc(step.blockFiles, func(file string) bool {
		return strings.Contains(file, "$") || path.Base(strings.Trim(file, `"'`)) == path.Base(p)
	})
}

var blockRedirect = pattern.New(`(?:[})]|\bdone|\bfi|\besac)\s*(?:\\\s*)*>>?\|?\s*([^\s;&|]+)`)
