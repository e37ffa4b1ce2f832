// Package imagefs reads a container image that was built anywhere: an archive that `docker save`, `podman save` or BuildKit
// wrote, or an OCI layout as a folder or tar. Its layers become one tree that says of each file from which layer it is, its
// size, mode, owner and link target, and of each file that a later layer hides what became of it.
//
// Nothing is unpacked to disk and nothing of the image is executed. What is kept in memory grows with the number of files:
// of their contents only the few that say what is installed (see [Keeps]), the first line of programs, and what the dynamic
// linker reads of ELF files. An archive is not trusted: its digests are compared, no path leaves the tree, and numbers and
// sizes have limits; whatever is wrong with it is one error.
//
// Formats: https://github.com/opencontainers/image-spec (image-layout.md, manifest.md, config.md, layer.md) and
// https://github.com/moby/docker-image-spec (v1.2, "Combined Image JSON + Filesystem Changeset Format").
package imagefs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Image is an image that was read.
type Image struct {
	Names    []string // REPOSITORY:TAG as the archive calls it; may be empty
	Platform string   // linux/amd64, linux/arm64/v8
	Config   Config
	Layers   []Layer // from the base up
	History  []Step  // what the builder wrote down, oldest first; empty where it does not tell the layers apart
	Lost     []Lost  // what a layer brought and a later one hides, in the order of the layers that hide it

	root *File
}

// Config is the part of an image that says how it runs.
type Config struct {
	User         string
	WorkingDir   string
	StopSignal   string
	Entrypoint   []string
	Cmd          []string
	Env          []string // NAME=VALUE
	Shell        []string
	ExposedPorts map[string]struct{}
	Volumes      map[string]struct{}
	Labels       map[string]string
	Healthcheck  *Healthcheck
}

// Healthcheck is how a container is asked whether it is well.
type Healthcheck struct{ Test []string }

// Layer is one change of the file system.
type Layer struct {
	Digest     string // of what is unpacked, sha256:...
	CreatedBy  string // what the builder wrote down of the instruction; empty if nothing
	Created    time.Time
	Compressed int64 // bytes as stored in the archive
	Size       int64 // bytes of its regular files
	Files      int   // number of entries, without whiteouts
}

// Step is an instruction of the build, as the builder wrote it down.
type Step struct {
	CreatedBy string
	Layer     int // index of the layer that it made, -1 for none
}

// Lost is a file that ships in a layer and that no container sees.
type Lost struct {
	Path  string // absolute
	Size  int64  // bytes
	Layer int    // index of the layer that has it
	By    int    // index of the layer that hides it
	// With is what took its place; nil where it was deleted.
	With *File
	// Same tells that what took its place has the same content: only its owner, mode or time differ.
	Same bool
}

// Options say how to read an image.
type Options struct {
	// Name chooses the image where an archive holds several: REPOSITORY:TAG.
	Name string
	// Platform chooses the manifest where an index has several: OS/ARCHITECTURE[/VARIANT]; linux and the machine's own
	// architecture if empty, else the first.
	Platform string
	// Keep asks for the content of more files than [Keeps] does; path is absolute. Nil asks for none.
	Keep func(path string) bool
	// Limits replaces those in force where it is not the zero value.
	Limits Limits
}

// Limits protect the reader from an archive that was made to hurt it.
type Limits struct {
	Files  int   // entries of all layers
	Bytes  int64 // unpacked bytes of all layers
	Ratio  int64 // unpacked bytes for each stored one, counted from the first gigabyte of a layer on
	Layers int
	Kept   int64 // bytes of all contents that are kept
}

var defaultLimits = Limits{Files: 5_000_000, Bytes: 256 << 30, Ratio: 200, Layers: 1000, Kept: 512 << 20}

// keptBytes is how much is kept of one file.
const keptBytes = 8 << 20

// Open reads the image in a file or folder: a tar archive, compressed or not, or a folder with an OCI layout. The error names it
// and says in one line what is wrong.
func Open(ctx context.Context, name string, options Options) (*Image, error) {
	if options.Limits == (Limits{}) {
		options.Limits = defaultLimits
	}
	if options.Platform == "" {
		options.Platform = "linux/" + runtime.GOARCH
	}
	store, err := openStore(ctx, name, options.Limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer store.Close()
	image, err := read(ctx, store, options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return image, nil
}

// OpenWritten reads the image that write puts into a file, which does not exist yet and is removed afterwards. Errors of the reader call the file called.
func OpenWritten(ctx context.Context, called string, write func(file string) error, options Options) (*Image, error) {
	dir, err := os.MkdirTemp("", "pylint-docker-image-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary file that stays is no reason to fail
	file := filepath.Join(dir, "image.tar")
	if err := write(file); err != nil {
		return nil, err
	}
	image, err := Open(ctx, file, options)
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), file, called))
	}
	return image, nil
}

func read(ctx context.Context, store store, options Options) (*Image, error) {
	source, err := choose(store, options)
	if err != nil {
		return nil, err
	}
	image := &Image{Names: source.names, Platform: source.platform(), Config: source.config.Config, root: newRoot()}
	steps := source.config.steps()
	image.History = source.config.record()
	if len(source.layers) > options.Limits.Layers {
		return nil, fmt.Errorf("the image has %d layers, more than %d", len(source.layers), options.Limits.Layers)
	}
	reader := &layerReader{ctx: ctx, image: image, options: options, wanted: image.Config.startWords()}
	defer reader.Close()
	for i, blob := range source.layers {
		layer := Layer{Digest: source.config.RootFS.DiffIDs[i], CreatedBy: steps[i].CreatedBy, Created: steps[i].Created}
		image.Layers = append(image.Layers, layer)
		if err := reader.read(store, blob, i); err != nil {
			return nil, fmt.Errorf("layer %d (%s): %w", i+1, short(layer.Digest), err)
		}
	}
	return image, nil
}

// startWords are the words of the start command that may be files: what they hold is kept.
func (c *Config) startWords() map[string]bool {
	names := map[string]bool{}
	for _, list := range [][]string{c.Entrypoint, c.Cmd} {
		for _, word := range list {
			for _, part := range words(word) {
				names[path.Base(part)] = true
			}
		}
	}
	return names
}

// Size is the number of bytes of all files in all layers, as engines count it.
func (im *Image) Size() int64 {
	var sum int64
	for _, layer := range im.Layers {
		sum += layer.Size
	}
	return sum
}

// Root is the root directory.
func (im *Image) Root() *File { return im.root }

// permissions are the bits of a mode that are no type.
const permissions = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
