package lsp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/cmd/internal/built"
	"github.com/pylint-docker/pylint-docker/cmd/internal/imageview"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// imageReads are the built images that settings name, by path.
type imageReads struct {
	mu   sync.Mutex
	read map[string]*measured
}

// measured is what a built image shows in hovers and code lenses.
type measured struct {
	stamp string // of the file
	mu    sync.Mutex
	image *imagefs.Image
	found []inspect.Finding
	start []string // what the start command comes to
	// fits are the Dockerfiles of the image, by URI, as they were when they last were its own.
	fits map[string]fit
}

// fit says which layer is of which instruction, by its text: one that nobody has changed since still is the one that made the layer.
type fit struct {
	layers map[string]int
	base   int64 // bytes of the base image
}

// What stands for a layer where it is not one.
const (
	baseLayers    = -1 - iota // all of the base image
	startCommand              // CMD and ENTRYPOINT
	severalLayers             // of instructions with the same text
)

// measured gives what was read of an image. One that is new or has changed is read beside, and lenses are asked for again when that is done.
func (s *Server) measured(path string) *measured {
	info, err := os.Stat(filepath.Join(path, "index.json")) // of an OCI layout
	if err != nil {
		if info, err = os.Stat(path); err != nil {
			s.do(func() { s.complain(err) })
			return nil
		}
	}
	stamp := fmt.Sprint(info.Size(), info.ModTime())
	s.images.mu.Lock()
	defer s.images.mu.Unlock()
	known := s.images.read[path]
	if known != nil && known.stamp == stamp {
		return known
	}
	fresh := &measured{stamp: stamp, fits: map[string]fit{}}
	if s.images.read == nil {
		s.images.read = map[string]*measured{}
	}
	s.images.read[path] = fresh
	go func() {
		defer func() {
			if p := recover(); p != nil {
				s.logf("internal error: %s: %v", path, p)
			}
		}()
		image, err := imagefs.Open(context.Background(), path, imagefs.Options{})
		if err != nil {
			s.do(func() { s.complain(err) })
			return
		}
		system := inspect.New(image)
		found, start := system.Findings(), imageview.Links(system.Start())
		fresh.mu.Lock()
		// The tree of its files is let go.
		fresh.image, fresh.found, fresh.start = &imagefs.Image{Layers: image.Layers, History: image.History}, found, start
		fresh.mu.Unlock()
		s.do(func() {
			if s.client.refreshesLenses {
				s.ask("workspace/codeLens/refresh", nil, nil)
			}
		})
	}()
	return fresh
}

// weights are what a built image shows of one Dockerfile; nothing without an image.
type weights struct {
	*measured
	fit
	build *analyzer.Build
}

func (v *view) weights(b *analyzer.Build) (w weights) {
	if v.measures == nil || b.Target == nil {
		return w
	}
	m := v.measures()
	if m == nil {
		return w
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.image == nil {
		return w
	}
	if places := built.Places(m.image, b); places != nil {
		base := m.image.Size()
		layers := map[string]int{b.File.Text(b.Target.RootFrom().Span): baseLayers}
		for _, step := range b.Target.ChainSteps() {
			layers[b.File.Text(step.Instruction.Span)] = startCommand
		}
		for layer, span := range places {
			base -= m.image.Layers[layer].Size
			if text := b.File.Text(span); layers[text] == startCommand {
				layers[text] = layer
			} else {
				layers[text] = severalLayers
			}
		}
		m.fits[v.uri] = fit{layers, base}
	}
	return weights{m, m.fits[v.uri], b}
}

// ofInstruction says what an instruction of the final image is in the built one.
func (w weights) ofInstruction(in *dockerfile.Instruction) string {
	if in == nil || w.measured == nil {
		return ""
	}
	chain := w.build.Target.Chain()
	if in != chain[0].From && !slices.ContainsFunc(w.build.Target.ChainSteps(), func(s *analyzer.Step) bool { return s.Instruction == in }) {
		return ""
	}
	layer, known := w.layers[w.build.File.Text(in.Span)]
	lines, start := []string{"**In the built image**: "}, w.build.Target.Start()
	switch {
	case !known, layer == severalLayers:
		return ""
	case layer == baseLayers:
		return lines[0] + inspect.Megabytes(w.base)
	case layer >= 0:
		lines[0] += inspect.Megabytes(w.image.Layers[layer].Size)
	case in != start.Cmd && in != start.Entrypoint:
		return ""
	default:
		layer = -1
		lines[0] += inspect.Megabytes(w.image.Size())
		for _, link := range w.start {
			lines = append(lines, "- it comes to "+code(link))
		}
	}
	for _, f := range w.found {
		if f.Layer == layer {
			lines = append(lines, "- "+f.Message)
		}
	}
	return strings.Join(lines, "\n")
}

// ofStage says what the instructions of a stage weigh, of the whole image for the last; nothing where one has changed since.
func (w weights) ofStage(s *analyzer.Stage) string {
	if w.measured == nil || !slices.Contains(w.build.Target.Chain(), s) {
		return ""
	}
	size := int64(0)
	for _, step := range s.Steps {
		switch layer, known := w.layers[w.build.File.Text(step.Instruction.Span)]; {
		case !known, layer == severalLayers:
			return ""
		case layer >= 0:
			size += w.image.Layers[layer].Size
		}
	}
	text := ", " + inspect.Megabytes(size)
	if s == w.build.Target {
		text += " of " + inspect.Megabytes(w.image.Size())
	}
	return text
}
