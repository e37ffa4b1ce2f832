//go:build js && wasm

// Playground is the analyzer for editors/playground, a page that runs it in a browser. It gives the page two functions of
// JSON texts, pylintDocker.check and pylintDocker.fix, and then waits for calls.
package main

import (
	"syscall/js"

	"github.com/pylint-docker/pylint-docker/cmd/internal/playground"
)

func main() {
	js.Global().Set("pylintDocker", map[string]any{
		"check": function(playground.Check),
		"fix":   function(playground.Repair),
	})
	select {} // the functions live as long as the program
}

func function(answer func(request []byte) []byte) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) == 0 {
			return string(answer(nil))
		}
		return string(answer([]byte(args[0].String())))
	})
}
