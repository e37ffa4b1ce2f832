// Package compose reads the image builds that compose and bake files describe, with their variables, and guesses from them
// which folder is the build context of a Dockerfile.
package compose

import (
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Build is an image build that a compose or bake file describes.
type Build struct {
	File         string // the compose or bake file, slash path relative to the searched root
	Line, Column int    // where in that file, one-based
	Service      string // service or target name
	Context      string // slash path relative to the searched root; "" when it is remote or outside
	Dockerfile   string // slash path relative to the searched root; "" when inline
	Inline       string // dockerfile_inline, as BuildKit gets it
	// InlineAt is where the text of Inline stands. It is nil without one.
	InlineAt *InlinePlace
	Target   string
	Targets  []string          // those of several builds of one Dockerfile, where they differ
	Args     map[string]string // only those whose value is written out
	// Starts is what containers start instead of the image's own ENTRYPOINT and CMD, as shell code; the words of a list are joined by blanks.
	Starts []string
	// Services are the services of compose files that run what is built, with what they mount.
	Services []Volumes
}

// Volumes are what a service mounts, and what else it says about the container.
type Volumes struct {
	Service string
	Hosts   []HostMount // directories of the host
	Kept    []string    // the targets of all other volumes, absolute
	Says    string      // the words of command, entrypoint and environment
	Unclear bool        // where one of them is mounted can't be told
}

// HostMount is a directory of the host that a service mounts.
type HostMount struct {
	Target string // absolute and clean
	File   string // the compose file, slash path relative to the searched root
	Line   int    // from 1
}

// InlinePlace is where a Dockerfile stands that is written into a compose or bake file. Anchors, merge keys, extends and inherits
// give several builds the same one.
type InlinePlace struct {
	File string // slash path relative to the searched root
	// Value is the whole value in File.
	Value source.Span
	// Offsets has for each byte of the text the offset in File of the character that makes it, and at last that of the end of the
	// text. It is nil where text and file can't be brought together, as when the text is computed.
	Offsets []int
}

// IsBuildFile tells whether a base name is one of a compose or bake file that Builds reads.
func IsBuildFile(name string) bool {
	return composeName.MatchString(name) || bakeName.MatchString(name)
}

var (
	composeName = pattern.New(`^(docker-)?compose([.-][^/]*)?\.ya?ml$`)
	bakeName    = pattern.New(`^(docker-)?bake([.-][^/]*)?\.(hcl|json)$`)
)
