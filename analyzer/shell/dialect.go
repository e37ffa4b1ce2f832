package shell

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// Dialect is a shell language.
type Dialect uint8

const (
	// POSIX is the language of sh, dash and ash, with Bash's for code that POSIX refuses.
	POSIX Dialect = iota
	// Bash is the language of bash; zsh and ksh are read as it.
	Bash
)

// DialectOf is the language of the SHELL instruction's words, such as "/bin/bash", "-o", "pipefail",
// "-c". No words are Docker's default, /bin/sh. ok is false for cmd, powershell, python and every
// other program that is not known to be a shell. Wrappers are seen through, as in
// SHELL ["conda", "run", "-n", "app", "/bin/bash", "-c"].
func DialectOf(shellArgv []string) (dialect Dialect, ok bool) {
	if len(shellArgv) == 0 {
		return POSIX, true
	}
	argv := make([]Field, len(shellArgv))
	for i, arg := range shellArgv {
		argv[i] = Field{Value: env.Of(arg)}
	}
	_, _, rest, _ := Unwrap(argv)
	if len(rest) > 1 && Program(rest[0]) == "busybox" {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return POSIX, false
	}
	return dialectOfProgram(Program(rest[0]))
}

func dialectOfProgram(name string) (Dialect, bool) {
	switch name {
	case "sh", "ash", "dash":
		return POSIX, true
	case "bash", "rbash", "zsh", "ksh", "ksh93", "mksh":
		return Bash, true
	case "_dockerfile_shell.sh": // of mambaorg/micromamba images: activates the environment, then runs bash
		return Bash, true
	}
	return POSIX, false
}

// Program is the base name of the program that a field names: "pip3" of "/opt/venv/bin/pip3",
// "python" of "python.exe". It is "" when the field is not known.
func Program(f Field) string {
	text := f.Text()
	if text == "" {
		return ""
	}
	name := path.Base(text)
	if len(name) > 4 && strings.EqualFold(name[len(name)-4:], ".exe") {
		name = name[:len(name)-4]
	}
	return name
}
