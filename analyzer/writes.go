package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

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
		if step.Instruction.Keyword == "WORKDIR" && Under(p, step.afterWorkdir()) {
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

// blockRedirects are the words that name the files which a RUN writes the output of a whole block, a loop or a subshell to:
// `{ echo a; echo b; } > file`. Such a redirection belongs to none of its commands.
func (step *Step) blockRedirects() []string {
	text := step.Stage.build.File.Text(step.Instruction.Span)
	if !strings.Contains(text, ">") {
		return nil
	}
	var files []string
	for _, m := range blockRedirect.Regexp().FindAllStringSubmatch(text, -1) {
		files = append(files, m[1])
	}
	return files
}

var blockRedirect = pattern.New(`(?:[})]|\bdone|\bfi|\besac)\s*(?:\\\s*)*>>?\|?\s*([^\s;&|]+)`)
