package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/graph"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// graphFlags are the flags of graph. Those that say how the image is built mean what they mean for check.
type graphFlags struct {
	checkFlags
	format string
}

func (p *program) graphCommand() *cobra.Command {
	var f graphFlags
	cmd := &cobra.Command{
		Use:   "graph [PATH]",
		Short: "Show the stages, what flows between them and what ends in the final image",
		Long: `Show the stages of a Dockerfile, what flows between them and what ends in the final image.
PATH is a Dockerfile, a folder that holds one, or - for standard input; without it, this folder.`,
		Example: `  pylint-docker graph
  pylint-docker graph --target test docker/Dockerfile
  pylint-docker graph --format svg --output-file stages.svg
  pylint-docker graph --image app:latest`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.checkFlags.format, f.jobs = "full", 1
			if err := checkWord("format", f.format, graph.Formats); err != nil {
				return err
			}
			options, err := f.options(cmd, args)
			if err != nil {
				return err
			}
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			return p.graph(path, f, options)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.format, "format", graph.Formats[0], "`FORMAT` of the graph: "+strings.Join(graph.Formats, ", "))
	flags.StringVar(&f.outputFile, "output-file", "", "write the graph to `FILE`")
	flags.StringVar(&f.config, "config", "", "configuration `FILE`, instead of the nearest one")
	flags.BoolVar(&f.isolated, "isolated", false, "ignore configuration files")
	flags.StringVar(&f.context, "context", "", "build context `DIR`")
	flags.StringVar(&f.target, "target", "", "the `STAGE` that is built")
	flags.StringVar(&f.image, "image", "", "the image, a `FILE` or a name, that was built of the Dockerfile: its megabytes stand on the picture")
	flags.StringArrayVar(&f.buildArgs, "build-arg", nil, "value of a build argument, `NAME=VALUE`")
	flags.StringVar(&f.stdinFilename, "stdin-filename", "", "what standard input is called: `FILE`")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always, never")
	oneOf(cmd, "format", graph.Formats)
	oneOf(cmd, "color", colorModes)
	_ = cmd.MarkFlagDirname("context")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml", "toml")
	return cmd
}

func (p *program) graph(path string, f graphFlags, options lint.Options) error {
	linter, err := lint.New(options)
	if err != nil {
		return err
	}
	in, err := p.graphInput(path, f.stdinFilename, linter)
	if err != nil {
		return err
	}
	build, err := model(linter, in)
	if err != nil {
		return err
	}
	if f.target != "" && !isStage(build, f.target) {
		return fmt.Errorf("--target %s: there is no such stage in %s", f.target, in.Path)
	}
	style := graph.Style{Color: colorFor(f.color, p.Out), Width: widthOf(p.Out)}
	g := graph.Of(build)
	if f.image != "" {
		_, places, err := p.imageOf(build, imageFlags{checkFlags: f.checkFlags})
		if err != nil {
			return err
		}
		weigh(g, build, places)
	}
	if filepath.IsAbs(g.File) {
		g.File = linter.Display(g.File) // where somebody's folders lie is nothing for a picture
	}
	if f.outputFile == "" {
		return outputError(graph.Write(p.Out, f.format, g, style))
	}
	style = graph.Style{Color: f.color == "always"}
	return writeFile(f.outputFile, func(w io.Writer) error { return graph.Write(w, f.format, g, style) })
}

// weigh puts the sizes of the image on the graph of the Dockerfile that it was built of.
func weigh(g *graph.Graph, build *analyzer.Build, places *imagePlaces) {
	base := int64(0)
	var weights []graph.Weight
	for i, layer := range places.image.Layers {
		span, ours := places.byLayer[i]
		if !ours {
			base += layer.Size
			continue
		}
		weights = append(weights, graph.Weight{First: build.File.LineOf(span.Start), Last: build.File.LineOf(span.End), Bytes: layer.Size})
	}
	g.Weigh(base, weights)
}

// graphInput reads the one Dockerfile that path means: of a folder, the file Dockerfile, or the only one that it holds.
func (p *program) graphInput(path, stdinName string, linter *lint.Linter) (lint.Input, error) {
	if path == stdinArg {
		in := lint.Input{Path: stdinName, Detached: true}
		if in.Path == "" {
			in.Path, in.Nameless = stdinArg, true
		}
		in.Content, in.Err = lint.Read(p.In)
		return in, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		own := filepath.Join(path, "Dockerfile")
		if _, err := os.Stat(own); err != nil {
			files, errs := discover.Files([]string{path}, linter.Excluded)
			switch {
			case len(errs) > 0:
				return lint.Input{}, errors.Join(errs...)
			case len(files) == 0:
				return lint.Input{}, errors.New("no Dockerfile found")
			case len(files) > 1:
				return lint.Input{}, fmt.Errorf("%s holds %d Dockerfiles: name one, such as %s", path, len(files), files[0].Path)
			}
			own = files[0].Path
		}
		path = own
	}
	in := lint.Input{Path: path}
	in.Content, in.Err = lint.ReadFile(path)
	return in, nil
}

// model analyzes a Dockerfile and runs no rules on it. The error says where it can't be read.
func model(linter *lint.Linter, in lint.Input) (*analyzer.Build, error) {
	unit, err := linter.Open(in)
	if err != nil {
		return nil, err
	}
	defer unit.Close()
	unit.Selection = rules.Selection{}.With(rules.SyntaxError)
	result := unit.Run()
	if len(result.Errors) > 0 {
		return nil, errors.Join(result.Errors...)
	}
	if result.Build != nil {
		return result.Build, nil
	}
	for _, d := range result.Diagnostics {
		at := result.File.Position(d.Span.Start)
		return nil, fmt.Errorf("%s:%d:%d: %s", in.Path, at.Line, at.Column, d.Message)
	}
	return nil, fmt.Errorf("%s: it can't be read", in.Path)
}

// isStage tells whether the build's target is what the user named: the analyzer takes the last stage for a name that is not there.
func isStage(b *analyzer.Build, target string) bool {
	return b.Target != nil && (strings.EqualFold(b.Target.Name, target) || fmt.Sprint(b.Target.Index) == target)
}

// writeFile writes a file as a whole or not at all.
func writeFile(path string, write func(io.Writer) error) error {
	var buffer bytes.Buffer
	if err := write(&buffer); err != nil {
		return err
	}
	// A pipe or /dev/stdout can't be replaced by renaming.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return outputError(os.WriteFile(path, buffer.Bytes(), 0o644))
	}
	return outputError(fixes.Write(filepath.Dir(path), path, buffer.Bytes()))
}
