package analyzer

import (
	"slices"
)

// Clutter is a kind of thing that lies in build contexts and does not belong into an image.
type Clutter uint8

// The kinds.
const (
	ByteCode Clutter = iota
	Environments
	Secrets
	Repository
	Tests
	BuildOutput
)

// clutterLines is the one table of what an ignore file should hold against each kind. Patterns are anchored at the context
// root, so those for any depth begin with "**/". https://docs.docker.com/build/concepts/context/#syntax
var clutterLines = map[Clutter][]string{
	ByteCode:     {"**/__pycache__", "**/*.py[cod]"},
	Environments: {"**/.venv"},
	Secrets:      {"**/.env", "**/.env.*"},
	Repository:   {".git"},
	BuildOutput:  {"build", "dist", "**/*.egg-info"},
}

// ClutterLines are the lines of an ignore file that keep things of the kind out.
func ClutterLines(kind Clutter) []string { return slices.Clone(clutterLines[kind]) }
