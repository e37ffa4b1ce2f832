// Package engine builds Dockerfiles and runs the images with whatever the user has for that: Docker,
// Podman, Buildah or BuildKit. It calls their command lines, as the user would.
package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Engine is a tool that builds and runs images, found by [Find] or described by [New].
type Engine struct {
	commands Commands
}

// Commands describe an engine: the words of its commands, in which the following are replaced.
//
//	{context}     the folder that the build may read
//	{file}        the Dockerfile; {folder} and {base} are its two parts
//	{tag}         the image's name
//	{options}     build arguments, secrets and the like, as docker build spells them
//	{bk-options}  the same, as buildctl build spells them
//	{archive}     a temporary file that Build writes an image to and Load reads it from
//	{entrypoint}  --entrypoint=PROGRAM where a program is asked for, else nothing
//
// What runs in the container follows the words of Run.
type Commands struct {
	Name    string   // what messages call the engine
	Build   []string // builds an image; its output is shown as progress
	Load    []string // reads {archive} for Run and Inspect; nil where Build has done that
	Run     []string // runs an image in the foreground and removes the container
	Inspect []string // prints what `docker image inspect` prints
	Remove  []string // removes an image; nil where images are nobody's burden
	Save    []string // writes an image to {archive}; nil where that can't be done
	Archive []string // builds an image into {archive} and leaves it nowhere else; nil where Build and Save do that
}

// New makes an engine of commands that the user has described. Build, Run and Inspect are needed.
func New(commands Commands) (*Engine, error) {
	for _, need := range []struct {
		name  string
		words []string
	}{{"build", commands.Build}, {"run", commands.Run}, {"inspect", commands.Inspect}} {
		if len(need.words) == 0 {
			return nil, fmt.Errorf("%s has no command to %s images", commands.Name, need.name)
		}
	}
	return &Engine{commands}, nil
}

// Name is what messages call the engine.
func (e *Engine) Name() string { return e.commands.Name }

// Image says what to build.
type Image struct {
	Context string // folder
	File    string // path of the Dockerfile
	Tag     string
	Args    []string // NAME=VALUE
	Secrets []string // id=ID,src=PATH or id=ID,env=NAME
	Target  string   // stage; the last one if empty
	NoCache bool
	Pull    bool // ask the registry for newer base images
}

// BuildError is why an image was not built: an *exec.ExitError where the engine says so itself.
type BuildError struct {
	Engine, File string
	Output       string // its last lines
	Err          error
}

// Error ends with the last lines of the output.
func (b *BuildError) Error() string {
	return fmt.Sprintf("%s could not build %s: %v\n%s", b.Engine, b.File, b.Err, b.Output)
}

// Unwrap gives the reason.
func (b *BuildError) Unwrap() error { return b.Err }

// Build builds an image and shows the engine's progress. The error of a build that failed is a *[BuildError].
func (e *Engine) Build(ctx context.Context, image Image, progress io.Writer) error {
	values, err := e.values(image)
	if err != nil {
		return err
	}
	if values.archive != "" {
		defer func() { _ = os.Remove(values.archive) }() // the next build has a name of its own
	}
	last := &tail{max: 40}
	out := io.MultiWriter(progress, last)
	for _, words := range [][]string{e.commands.Build, e.commands.Load} {
		if len(words) == 0 {
			continue
		}
		cmd := command(ctx, values.fill(words))
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Run(); err != nil {
			return &BuildError{Engine: e.Name(), File: image.File, Output: last.String(), Err: reason(ctx, err)}
		}
	}
	return nil
}

// ErrNoArchive is what Save and Archive give when the engine was described without a command for them.
var ErrNoArchive = errors.New("there is no command to write an image to a file")

// Save writes an image that the engine has to a file that does not exist yet: a docker-archive, or an OCI layout as tar.
func (e *Engine) Save(ctx context.Context, tag, file string) error {
	return e.archive(ctx, e.commands.Save, tag, values{"{tag}": {tag}, "{archive}": {file}}, io.Discard)
}

// Archive builds an image and writes it to a file that does not exist yet. The image's tag may be there afterwards.
// The error of a build that failed is a *[BuildError].
func (e *Engine) Archive(ctx context.Context, image Image, file string, progress io.Writer) error {
	if e.commands.Archive == nil {
		if err := e.Build(ctx, image, progress); err != nil {
			return err
		}
		return e.Save(ctx, image.Tag, file)
	}
	values := image.values()
	values["{archive}"] = []string{file}
	last := &tail{max: 40}
	if err := e.archive(ctx, e.commands.Archive, image.Tag, values, io.MultiWriter(progress, last)); err != nil {
		return &BuildError{Engine: e.Name(), File: image.File, Output: last.String(), Err: err}
	}
	return nil
}

func (e *Engine) archive(ctx context.Context, words []string, tag string, values values, progress io.Writer) error {
	if len(words) == 0 {
		return fmt.Errorf("%s: %w", e.Name(), ErrNoArchive)
	}
	said := &tail{max: 10}
	cmd := command(ctx, values.fill(words))
	cmd.Stdout, cmd.Stderr = progress, io.MultiWriter(progress, said)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s could not save %s: %w\n%s", e.Name(), tag, reason(ctx, err), said.String())
	}
	return nil
}

// Process says what to run in a container.
type Process struct {
	Tag        string
	Entrypoint string   // a program instead of the image's entry point, if not empty
	Args       []string // instead of the image's command, if not empty
}

// Result is what a process left.
type Result struct {
	Stdout, Stderr string
	Code           int // exit code
}

// Run runs a process in a new container and waits for its end. A process that failed is no error: its
// exit code tells. Engines end with 125 where the container could not be made.
func (e *Engine) Run(ctx context.Context, process Process) (*Result, error) {
	values := values{"{tag}": {process.Tag}, "{entrypoint}": nil}
	if process.Entrypoint != "" {
		if !contains(e.commands.Run, "{entrypoint}") {
			return nil, fmt.Errorf("%s can't run %s in %s: its command to run images has no {entrypoint}", e.Name(), process.Entrypoint, process.Tag)
		}
		values["{entrypoint}"] = []string{"--entrypoint=" + process.Entrypoint}
	}
	var stdout, stderr bytes.Buffer
	cmd := command(ctx, append(values.fill(e.commands.Run), process.Args...))
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	result := &Result{Stdout: stdout.String(), Stderr: stderr.String(), Code: cmd.ProcessState.ExitCode()}
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		return nil, fmt.Errorf("%s could not run %s: %w\n%s", e.Name(), process.Tag, reason(ctx, err), stderr.String())
	}
	return result, nil
}

// Info is what an engine knows of an image.
type Info struct {
	Size   int64 // bytes of the unpacked layers
	Config Config
}

// Config is the part of an image that says how it runs, see
// https://github.com/opencontainers/image-spec/blob/main/config.md.
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
type Healthcheck struct {
	Test                           []string
	Interval, Timeout, StartPeriod time.Duration
	Retries                        int
}

// Inspect asks for an image that Build has made.
func (e *Engine) Inspect(ctx context.Context, tag string) (*Info, error) {
	var stdout, stderr bytes.Buffer
	cmd := command(ctx, values{"{tag}": {tag}}.fill(e.commands.Inspect))
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s could not inspect %s: %w\n%s", e.Name(), tag, reason(ctx, err), stderr.String())
	}
	// Podman writes the health check beside the configuration, Docker into it.
	var images []struct {
		Info
		Healthcheck *Healthcheck
	}
	if err := json.Unmarshal(stdout.Bytes(), &images); err != nil {
		return nil, fmt.Errorf("%s describes %s in an unknown format: %w", e.Name(), tag, err)
	}
	if len(images) != 1 {
		return nil, fmt.Errorf("%s describes %d images called %s", e.Name(), len(images), tag)
	}
	info := images[0].Info
	if info.Config.Healthcheck == nil {
		info.Config.Healthcheck = images[0].Healthcheck
	}
	return &info, nil
}

// Remove removes images. Those that are not there don't matter.
func (e *Engine) Remove(ctx context.Context, tags ...string) {
	for _, tag := range tags {
		if len(e.commands.Remove) > 0 {
			_ = command(ctx, values{"{tag}": {tag}}.fill(e.commands.Remove)).Run()
		}
	}
}

// command makes a command that is interrupted, and later killed, when ctx ends: engines remove what
// they have begun when they are interrupted.
func command(ctx context.Context, words []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill() // Windows has no interrupt
		}
		return nil
	}
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// reason prefers why the work was stopped to how the process died of it.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// values are what the words in braces stand for. A word that is nothing but braces may stand for any
// number of words.
type values map[string][]string

func (v values) fill(words []string) []string {
	var filled []string
	for _, word := range words {
		if whole, ok := v[word]; ok {
			filled = append(filled, whole...)
			continue
		}
		for name, value := range v {
			if len(value) == 1 {
				word = strings.ReplaceAll(word, name, value[0])
			}
		}
		filled = append(filled, word)
	}
	return filled
}

type buildValues struct {
	values
	archive string
}

// values are what the words of a command that builds stand for.
func (i Image) values() values {
	return values{
		"{context}": {i.Context}, "{file}": {i.File}, "{tag}": {i.Tag},
		"{folder}": {filepath.Dir(i.File)}, "{base}": {filepath.Base(i.File)},
		"{options}": i.options(), "{bk-options}": i.buildctlOptions(),
	}
}

func (e *Engine) values(image Image) (buildValues, error) {
	v := buildValues{values: image.values()}
	if len(e.commands.Load) == 0 {
		return v, nil
	}
	archive, err := os.CreateTemp("", "image-*.tar")
	if err != nil {
		return v, err
	}
	v.archive = archive.Name()
	v.values["{archive}"] = []string{v.archive}
	return v, archive.Close()
}

// options spells the options as docker, podman and buildah do.
func (i Image) options() []string {
	var words []string
	for _, arg := range i.Args {
		words = append(words, "--build-arg="+arg)
	}
	for _, secret := range i.Secrets {
		words = append(words, "--secret="+secret)
	}
	if i.Target != "" {
		words = append(words, "--target="+i.Target)
	}
	if i.NoCache {
		words = append(words, "--no-cache")
	}
	if i.Pull {
		words = append(words, "--pull")
	}
	return words
}

func (i Image) buildctlOptions() []string {
	var words []string
	for _, arg := range i.Args {
		words = append(words, "--opt=build-arg:"+arg)
	}
	for _, secret := range i.Secrets {
		words = append(words, "--secret="+secret)
	}
	if i.Target != "" {
		words = append(words, "--opt=target="+i.Target)
	}
	if i.NoCache {
		words = append(words, "--no-cache")
	}
	if i.Pull {
		words = append(words, "--opt=image-resolve-mode=pull")
	}
	return words
}

func contains(words []string, part string) bool {
	for _, word := range words {
		if strings.Contains(word, part) {
			return true
		}
	}
	return false
}

// tail keeps the last lines that were written to it.
type tail struct {
	max   int
	lines []string
	open  bool // the last line has no end yet
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	for _, line := range strings.SplitAfter(string(p), "\n") {
		if line == "" {
			continue
		}
		if t.open {
			t.lines[len(t.lines)-1] += line
		} else {
			t.lines = append(t.lines, line)
		}
		t.open = !strings.HasSuffix(line, "\n")
	}
	if over := len(t.lines) - t.max; over > 0 {
		t.lines = t.lines[over:]
	}
	return len(p), nil
}

// String joins the lines without a last line end.
func (t *tail) String() string { return strings.TrimRight(strings.Join(t.lines, ""), "\n") }
