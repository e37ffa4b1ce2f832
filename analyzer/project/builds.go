package project

import "io/fs"

// Build is an image build that a compose or bake file describes.
type Build struct {
	File         string // the compose or bake file, slash path relative to the searched root
	Line, Column int    // where in that file, one-based
	Service      string // service or target name
	Context      string // slash path relative to the searched root; "" when it is remote or outside
	Dockerfile   string // slash path relative to the searched root; "" when inline
	Inline       string // dockerfile_inline
	Target       string
	Args         map[string]string // only those whose value is written out
}

// Builds finds the image builds that compose files (compose.yaml, docker-compose*.yml, ...) and
// bake files (docker-bake.hcl, docker-bake.json, ...) in the directory dir of fsys describe. Files that can't be read are
// skipped; variables without a default make the value that needs them unknown, and the build is left out where that is
// its context or Dockerfile.
func Builds(fsys fs.FS, dir string) []Build { return builds(fsys, dir) }
