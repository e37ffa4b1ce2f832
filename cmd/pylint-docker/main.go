// Command pylint-docker lints, analyzes and repairs Dockerfiles of Python applications.
package main

import (
	"os"
	"runtime/debug"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
)

func main() {
	// What is known of a Dockerfile is a few MB that are soon forgotten. At the default the collector would run after each
	// file, for a fifth of the time; so it does after each five or so, and a run still takes less than 50 MB.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
