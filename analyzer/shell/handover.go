package shell

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// HandsOver tells of a script that its last command is exec "$@", and that nothing in it may change which program that starts, or what it sees.
func HandsOver(script string) bool {
	body, found := strings.CutSuffix(strings.TrimSpace(script), `exec "$@"`)
	if !found || strings.Contains(body, "PATH") || strings.Contains(body, "set --") {
		return false
	}
	return !slices.ContainsFunc(strings.FieldsFunc(body, func(r rune) bool { return strings.ContainsRune(" \t\r\n;&|(){}", r) }), func(word string) bool {
		return changesStart[word] || strings.HasSuffix(word, "activate")
	})
}

// changesStart are words after which another program may start, or the same one may see something else.
var changesStart = map[string]bool{
	"cd": true, "pushd": true, "source": true, ".": true, "install": true, "sync": true, "alias": true, "eval": true, "exec": true,
}

// IsInit tells of a program's base name that it is an init for containers, which runs the program that its operands name.
func IsInit(name string) bool { return wrappers[name].init }

// AwaitsProgram tells of a command that it is an init for containers that is given nothing to run yet.
func AwaitsProgram(argv []Field) bool {
	if len(argv) == 0 || !IsInit(Program(argv[0])) {
		return false
	}
	_, _, rest, _ := Unwrap(append(slices.Clone(argv), Field{Value: env.Of("program")}))
	return len(rest) == 1
}
