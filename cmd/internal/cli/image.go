package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/imageview"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
	"github.com/pylint-docker/pylint-docker/rules"
)

// imageFlags are the flags of image. Those of check mean what they mean there.
type imageFlags struct {
	checkFlags
	dockerfile, platform, name, budget string

	limit int64 // of --budget in bytes; 0 without one
}

func (p *program) imageCommand() *cobra.Command {
	var f imageFlags
	cmd := &cobra.Command{
		Use:   "image REF|FILE",
		Short: "Tell what is wrong with a built image, and what it carries for nothing",
		Long: `Read a built image and tell, without running anything, whether its Python application can start, and what it carries
that it does not need. FILE is what docker save, podman save or a build wrote: an archive, compressed or not, or an OCI
layout as a folder; - is standard input. REF is an image that Docker or Podman has on this machine.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 an error.`,
		Example: `  pylint-docker image app:latest
  pylint-docker image --dockerfile Dockerfile app.tar
  docker save app:latest | pylint-docker image -
  pylint-docker image --budget 300MB --output-format sarif --output-file image.sarif app.tar`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one image or archive, such as app:latest or app.tar")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.image(cmd, args[0], f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.dockerfile, "dockerfile", "", "the Dockerfile `FILE` that the image was built of: findings stand at its instructions")
	flags.StringVar(&f.budget, "budget", "", "fail when the unpacked layers are larger than `SIZE`: 300MB, 1.5GB")
	flags.StringVar(&f.platform, "platform", "", "which of several images: `OS/ARCHITECTURE` (default: linux and that of this machine)")
	flags.StringVar(&f.name, "name", "", "which of several images in an archive: `REPOSITORY:TAG`")
	flags.StringSliceVar(&f.selected, "select", nil, "report only these `RULES`: codes, names or prefixes such as PLD1")
	flags.StringSliceVar(&f.extended, "extend-select", nil, "report these `RULES` too")
	flags.StringSliceVar(&f.ignored, "ignore", nil, "do not report these `RULES`")
	flags.StringVar(&f.format, "output-format", report.Formats[0], "`FORMAT` of the report: "+strings.Join(report.Formats, ", "))
	flags.StringVar(&f.outputFile, "output-file", "", "write the report to `FILE`")
	flags.StringArrayVar(&f.outputs, "output", nil, "write a report in this `FORMAT[=FILE]`, instead of --output-format and --output-file; may be repeated")
	flags.StringVar(&f.config, "config", "", "configuration `FILE`, instead of the nearest one")
	flags.BoolVar(&f.isolated, "isolated", false, "ignore configuration files")
	flags.StringVar(&f.target, "target", "", "with --dockerfile: the `STAGE` that was built")
	flags.StringArrayVar(&f.buildArgs, "build-arg", nil, "with --dockerfile: value of a build argument, `NAME=VALUE`")
	flags.StringVar(&f.failOn, "fail-on", "", "the least `SEVERITY` that makes the exit code 1: "+strings.Join(failLevels, ", ")+" (default warning)")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 even when something is found")
	flags.BoolVar(&f.statistics, "statistics", false, "show counts by rule instead of findings")
	flags.StringVar(&f.baseline, "baseline", "", "leave out the findings that are in `FILE`")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "write the findings to `FILE`, for --baseline, instead of reporting them")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always, never")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show findings only, no picture and no summary")
	oneOf(cmd, "output-format", report.Formats)
	oneOf(cmd, "output", report.Formats)
	oneOf(cmd, "fail-on", failLevels)
	oneOf(cmd, "color", colorModes)
	for _, flag := range []string{"select", "extend-select", "ignore"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, completeRules)
	}
	_ = cmd.MarkFlagFilename("dockerfile")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml", "toml")
	_ = cmd.MarkFlagFilename("baseline", "json")
	_ = cmd.MarkFlagFilename("write-baseline", "json")
	return cmd
}

func (p *program) image(cmd *cobra.Command, name string, f imageFlags) error {
	options, err := f.options(cmd, nil)
	if err != nil {
		return err
	}
	if f.limit, err = bytesOf(f.budget); err != nil {
		return err
	}
	if f.dockerfile == "" && (f.target != "" || len(f.buildArgs) > 0) {
		return errors.New("--target and --build-arg are about a Dockerfile: name it with --dockerfile")
	}
	linter, err := lint.New(options)
	if err != nil {
		return err
	}
	memory, err := openMemory(f.checkFlags, options.Dir)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	image, err := p.openImage(ctx, name, f)
	if err != nil {
		return err
	}
	system := inspect.New(image)
	s := &session{program: p, flags: f.checkFlags, linter: linter, memory: memory}
	l, err := s.judgeImage(name, options.Dir, system, f)
	if err != nil {
		return err
	}
	if f.shows() {
		imageview.Write(p.Out, name, system, imageview.Style{Color: colorFor(f.color, p.Out), Width: widthOf(p.Out)})
	}
	return s.finish([]*linted{l}, options)
}

// shows tells whether somebody reads the report who wants a picture, too.
func (f *imageFlags) shows() bool {
	if f.quiet || f.statistics || f.writeBaseline != "" {
		return false
	}
	for _, o := range f.reports() {
		if o.file == "" && o.format == "full" {
			return true
		}
	}
	return false
}

// openImage reads a file, standard input, or an image that an engine saves.
func (p *program) openImage(ctx context.Context, name string, f imageFlags) (*imagefs.Image, error) {
	options := imagefs.Options{Platform: f.platform, Name: f.name}
	if name == stdinArg {
		return imagefs.OpenWritten(ctx, "standard input", func(file string) error {
			out, err := os.Create(file)
			if err != nil {
				return err
			}
			_, err = io.Copy(out, p.In)
			return errors.Join(err, out.Close())
		}, options)
	}
	if _, err := os.Stat(name); err == nil {
		if discover.IsName(filepath.Base(name)) {
			return nil, fmt.Errorf("%s: this is no image; to lint it: pylint-docker check %[1]s", name)
		}
		return imagefs.Open(ctx, name, options)
	}
	if looksLikeFile(name) {
		return nil, fmt.Errorf("%s: there is no such file", name)
	}
	e, err := engine.Find(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("there is no file %s, and no engine that could have an image of that name: %w", name, err)
	}
	options.Name = "" // it is the only one
	return imagefs.OpenWritten(ctx, name, func(file string) error { return e.Save(ctx, name, file) }, options)
}

// looksLikeFile tells whether a name that is no file was meant for one.
func looksLikeFile(name string) bool {
	return strings.HasPrefix(name, ".") || filepath.IsAbs(name) || strings.HasSuffix(name, ".tar") || strings.HasSuffix(name, ".tgz") || strings.Contains(name, ".tar.")
}

// units of --budget. Those without an i count in thousands, as Docker does.
var units = []struct {
	name  string
	bytes float64
}{
	{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"B", 1},
}

// bytesOf reads a size: 300MB, 1.5GB, 1GiB, or bytes.
func bytesOf(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	number, factor := strings.ToUpper(strings.ReplaceAll(text, " ", "")), 1.0
	for _, unit := range units {
		if rest, ok := strings.CutSuffix(number, unit.name); ok {
			number, factor = rest, unit.bytes
			break
		}
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || value <= 0 || value*factor >= 1<<62 {
		return 0, fmt.Errorf("--budget must be a size such as 300MB or 1.5GB, not %q", text)
	}
	return int64(value * factor), nil
}

// judgeImage makes findings of what is wrong with the image, at the instructions of its Dockerfile where that is given.
func (s *session) judgeImage(name, dir string, system *inspect.System, f imageFlags) (*linted, error) {
	var view strings.Builder
	imageview.Write(&view, name, system, imageview.Style{})
	l := &linted{target: report.Target{File: source.New(name, nil), Image: view.String()}}
	at := filepath.Join(dir, "image")
	places := &imagePlaces{image: system.Image, others: map[string]*source.File{}}
	if f.dockerfile != "" {
		build, err := s.imageBuild(f)
		if err != nil {
			return nil, err
		}
		l.target.File = build.File
		if places.follow(build); places.byLayer != nil {
			l.target.Picture = s.picture(build, places)
		}
		if at, err = filepath.Abs(f.dockerfile); err != nil {
			return nil, err
		}
	}
	config, err := s.linter.ConfigFor(at)
	if err != nil {
		return nil, err
	}
	selection := s.linter.Selection(config, at)
	for _, d := range s.imageDiagnostics(system, f, places, selection) {
		l.target.Diagnostics = append(l.target.Diagnostics, d.Diagnostic)
	}
	l.target.Open = func(path string) *source.File { return places.others[path] }
	l.target.NameOf = func(path string) string { return path }
	report.Sort(l.target.Diagnostics)
	l.least = s.leastOf(config.FailOn, config.Never)
	return l, nil
}

// imageDiagnostics are the findings about an image by the rules that are selected, in their places.
func (s *session) imageDiagnostics(system *inspect.System, f imageFlags, places *imagePlaces, selection rules.Selection) []shownByImage {
	var list []shownByImage
	for _, found := range s.imageFindings(system, f) {
		rule, ok := ruleOf(found)
		if !ok || !selection.Has(rule) {
			continue
		}
		d := analyzer.Diagnostic{Rule: rule, Severity: selection.SeverityOf(rule), Message: found.Message}
		if found.Advice && d.Severity > analyzer.Info {
			d.Severity--
		}
		places.put(&d, found)
		list = append(list, shownByImage{d, found.Bytes})
	}
	return list
}

func (s *session) imageFindings(system *inspect.System, f imageFlags) []inspect.Finding {
	list := system.Findings()
	if size := system.Image.Size(); f.limit > 0 && size > f.limit {
		list = append(list, inspect.Finding{
			Codes: []string{"PLD702"}, Layer: -1, Bytes: size - f.limit,
			Message: fmt.Sprintf("the image has %s, %s more than the budget of %s", inspect.Megabytes(size), inspect.Megabytes(size-f.limit), inspect.Megabytes(f.limit)),
		})
	}
	return list
}

// imageBuild analyzes the Dockerfile that the image was built of.
func (s *session) imageBuild(f imageFlags) (*analyzer.Build, error) {
	in := lint.Input{Path: f.dockerfile}
	in.Content, in.Err = lint.ReadFile(f.dockerfile)
	build, err := model(s.linter, in)
	if err != nil {
		return nil, err
	}
	if f.target != "" && !isStage(build, f.target) {
		return nil, fmt.Errorf("--target %s: there is no such stage in %s", f.target, f.dockerfile)
	}
	return build, nil
}
