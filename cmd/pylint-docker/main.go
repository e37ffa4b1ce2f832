// Command pylint-docker lints, analyzes and repairs Dockerfiles of Python applications.
package main

import (
	"os"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
