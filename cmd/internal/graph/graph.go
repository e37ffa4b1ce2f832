// Package graph draws the stages of a Dockerfile and what flows between them: as a tree for the terminal, as a picture,
// and for programs. It asks the analyzer and judges nothing.
package graph

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Graph is what is drawn of one Dockerfile. Its JSON form is a public format: names do not change their meaning.
type Graph struct {
	File   string  `json:"file"`
	Target string  `json:"target"` // the label of the stage that becomes the image
	Stages []Stage `json:"stages"` // in the order of the file
	Flows  []Flow  `json:"flows"`  // in the order of the file
	Final  Final   `json:"final"`

	weights []Weight // of a built image; nil without one
}

// Stage is one stage.
type Stage struct {
	ID     string `json:"id"` // unique in the graph: "stage-0"
	Name   string `json:"name"`
	Label  string `json:"label"` // the name, or "stage 0"
	Line   int    `json:"line"`  // of its FROM
	Base   End    `json:"base"`
	Distro string `json:"distro,omitempty"` // "debian 12", as far as it is known
	Python string `json:"python,omitempty"` // the version of the interpreter at the end of the stage
	// Final marks the stage that becomes the image. Ships tells that the layers are part of the image, Feeds that something
	// of the stage can reach it.
	Final    bool        `json:"final"`
	Ships    bool        `json:"ships"`
	Feeds    bool        `json:"feeds"`
	Packages []OSPackage `json:"os_packages"`
	Installs []Install   `json:"python_installs"`
	Bytes    int64       `json:"bytes,omitempty"` // what its layers have in the built image, when there is one

	imagePython string // the version of the interpreter that the base image brings
}

// Kinds of an End.
const (
	kindStage   = "stage"
	kindImage   = "image"
	kindContext = "context"
	kindUnknown = "unknown"
)

// End is where something comes from.
type End struct {
	Kind string `json:"kind"` // "stage", "image", "context" or "unknown"
	// ID is that of the stage; Name is the label of the stage, the image's reference, or what is written where that is not known.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// OSPackage is a package of the operating system.
type OSPackage struct {
	Name    string `json:"name"`
	Manager string `json:"manager"`
	Build   bool   `json:"build_only"` // a compiler, a build tool or headers
	Line    int    `json:"line"`
}

// Install is an installation of Python packages.
type Install struct {
	Tool     string   `json:"tool"`     // "pip", "uv pip", "poetry"
	Verb     string   `json:"verb"`     // "install", "sync"
	Packages []string `json:"packages"` // as the command names them
	Files    []File   `json:"files"`    // requirements files
	Place    string   `json:"place"`    // "system", "user base", "venv", ...
	Dir      string   `json:"dir"`      // "" when it is not known
	Line     int      `json:"line"`
	// Reaches tells that the packages are in the final image.
	Reaches bool `json:"reaches_final"`
}

// File is a requirements file.
type File struct {
	Path string `json:"path"`
	// Count is how many packages the file and those that it includes list; nil when they can't be read.
	Count *int `json:"packages"`
}

// Flow is a way by which files come into a stage.
type Flow struct {
	Kind    string   `json:"kind"` // "base", "copy" or "mount"
	From    End      `json:"from"`
	To      string   `json:"to"` // the ID of the stage
	Sources []string `json:"sources"`
	Dest    string   `json:"dest"` // "" when it is not known, and for a base
	Line    int      `json:"line"`
	// Brings are the installations of the other stage whose files come along, such as "packages and scripts of /opt/venv".
	Brings []string `json:"brings"`
}

// Final is what the image holds in the end, beside its base image.
type Final struct {
	Base     End       `json:"base"`
	User     string    `json:"user"`  // "" when it is not known
	Start    string    `json:"start"` // the first start command as far as it can be read
	Packages int       `json:"os_packages"`
	Python   []Content `json:"python"`
	Left     []Left    `json:"left_behind"`
	// Bytes is what the built image has, BaseBytes what of it is the base image's; 0 without an image.
	Bytes     int64 `json:"bytes,omitempty"`
	BaseBytes int64 `json:"base_bytes,omitempty"`
}

// Content is an installation that the image holds.
type Content struct {
	Dir   string `json:"dir"`
	Place string `json:"place"`
	What  string `json:"what"`
	// Part is "packages and scripts", "packages", "scripts" or "script NAME".
	Part string `json:"part"`
	From string `json:"from"` // the label of the stage that it was copied from; "" when it was installed there
}

// Left is what a stage keeps for itself.
type Left struct {
	Stage    string   `json:"stage"`
	Packages []string `json:"os_packages"`
	Python   []string `json:"python"`
}

// Formats are the names that Write knows, the default first.
var Formats = []string{"tree", "dot", "mermaid", "svg", "json"}

// Style says how the tree looks.
type Style struct {
	Color bool
	Width int // columns of the terminal; 0 means 100
}

// Write writes the graph in the named format.
func Write(w io.Writer, format string, g *Graph, style Style) error {
	if write := writers[format]; write != nil {
		return write(w, g, style)
	}
	return fmt.Errorf("unknown format %q", format)
}

// scrub takes characters out of all texts below v that would command a terminal, or that XML refuses: the texts are a
// stranger's file.
func scrub(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scrub(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scrub(v.Index(i))
		}
	case reflect.String:
		v.SetString(strings.Map(func(r rune) rune {
			if r == '\n' || r == '\t' {
				return ' '
			}
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0xfffe && r <= 0xffff || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				return '\ufffd'
			}
			return r
		}, strings.ToValidUTF8(v.String(), "\ufffd")))
	}
}
