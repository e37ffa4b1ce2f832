//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// TestModel builds every stage of every project, of its conversion and of what init writes, and asks the model and the image
// the same questions, see the package's documentation.
func TestModel(t *testing.T) {
	h := newHarness(t)
	results := resultsFolder(t, "model")
	m := &modelProof{harness: h, results: results, bases: map[string]int{}}
	m.each(t, *otherProjects, beforeAndAfter)
	if *otherProjects == projectsDir {
		m.each(t, initDir, layouts)
	}
	proofs, err := Proofs(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteProof(os.Stdout, proofs); err != nil {
		t.Fatal(err)
	}
}

// variant is what is done to a project before it is built: nothing, or a command of the program.
type variant struct {
	name    string
	command []string
}

var (
	beforeAndAfter = []variant{{"original", nil}, {"converted", []string{"check", "--isolated", "--exit-zero", "--fix", "--unsafe-fixes"}}}
	layouts        = []variant{{"user-base", []string{"init", "--isolated", "--layout", "user-base"}}, {"venv", []string{"init", "--isolated", "--layout", "venv"}}}
)

// apply does it to the project in a folder, of which file is the Dockerfile.
func (v variant) apply(t *testing.T, program, dir, file string) error {
	if v.command == nil {
		return nil
	}
	what := file
	if v.command[0] == "init" {
		what = dir
	}
	if out, err := exec.CommandContext(t.Context(), program, append(slices.Clone(v.command), what)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", v.command[0], err, out)
	}
	return nil
}

type modelProof struct {
	*harness
	results string
	bases   map[string]int // number of layers, by reference of a base image
}

func (m *modelProof) each(t *testing.T, dir string, variants []variant) {
	projects, err := Projects(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, project := range projects {
		for _, image := range project.Images {
			if image.NoBuild != "" {
				continue
			}
			for _, v := range variants {
				name := strings.Join([]string{project.Name, image.Dockerfile, v.name}, "/")
				t.Run(name, func(t *testing.T) {
					if err := m.prove(t, project, image, v, name); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// prove builds the stages of one Dockerfile one after the other.
func (m *modelProof) prove(t *testing.T, from Project, image Image, v variant, name string) error {
	dir := t.TempDir()
	if err := copyProject(from.Dir, dir); err != nil {
		return err
	}
	file := filepath.Join(dir, filepath.FromSlash(image.Dockerfile))
	before, err := os.ReadFile(file)
	if err != nil && image.Expect != Write {
		return err
	}
	if err := v.apply(t, m.program, dir, file); err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if v.command != nil && string(text) == string(before) {
		t.Skip("nothing is changed")
	}
	build, err := analyzeFile(dir, image.Dockerfile, text, image.Args)
	if err != nil {
		return err
	}
	for i, stage := range build.Stages {
		end := len(text)
		if i+1 < len(build.Stages) {
			end = build.Stages[i+1].From.Span.Start
		}
		label := fmt.Sprintf("%s/%d", name, i)
		if _, err := os.Stat(filepath.Join(m.results, strings.ReplaceAll(label, "/", "+")+".proof")); err == nil && *resultsDir != "" {
			continue // asked in an earlier run
		}
		whole := build
		if stage != build.Target {
			whole = nil
		}
		if err := m.proveStage(t, label, dir, image, text[:end], stage, whole); err != nil {
			return fmt.Errorf("stage %s: %w", stage.Label(), err)
		}
	}
	return nil
}

func (m *modelProof) proveStage(t *testing.T, label, dir string, image Image, text []byte, stage *analyzer.Stage, target *analyzer.Build) error {
	base, err := m.baseLayers(t, stage.Chain()[0].BaseText.Text)
	if err != nil {
		return err
	}
	built, err := m.read(t, dir, image, text)
	if err != nil {
		return err
	}
	proof := Prove(label, stage, string(text), built, base, target)
	for _, e := range proof.Errors {
		t.Error(e)
	}
	return proof.Save(m.results)
}

// baseLayers is how many layers a base image has.
func (m *modelProof) baseLayers(t *testing.T, reference string) (int, error) {
	if reference == "scratch" {
		return 0, nil
	}
	if n, ok := m.bases[reference]; ok {
		return n, nil
	}
	built, err := m.read(t, t.TempDir(), Image{Dockerfile: "Dockerfile"}, []byte("FROM "+reference+"\n"))
	if err != nil {
		return 0, err
	}
	m.bases[reference] = len(built.Layers)
	return len(built.Layers), nil
}

// read builds a Dockerfile and reads the image.
func (m *modelProof) read(t *testing.T, dir string, image Image, text []byte) (*imagefs.Image, error) {
	out := t.TempDir()
	file := filepath.Join(out, "Dockerfile")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	if ignore, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(image.Dockerfile)) + ".dockerignore"); err == nil {
		if err := os.WriteFile(file+".dockerignore", ignore, 0o644); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tag := "pylint-docker-model:stage"
	defer m.engine.Remove(context.WithoutCancel(t.Context()), tag)
	request := engine.Image{
		Context: dir, File: file, Tag: tag, Args: append(strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_BUILD_ARGS")), image.Args...),
	}
	for _, secret := range image.Secrets {
		request.Secrets = append(request.Secrets, strings.ReplaceAll(secret, "src=", "src="+dir+string(filepath.Separator)))
	}
	archive := filepath.Join(out, "image.tar")
	if err := m.engine.Archive(ctx, request, archive, io.Discard); err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(archive) }() // a gigabyte that the next stage needs
	return imagefs.Open(ctx, archive, imagefs.Options{})
}

var argument = regexp.MustCompile(`^([^=]+)=(.*)$`)

// analyzeFile is the model of a Dockerfile in its context.
func analyzeFile(dir, name string, text []byte, args []string) (*analyzer.Build, error) {
	doc, err := dockerfile.Parse(source.New(name, text))
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	settings := analyzer.Settings{Context: project.Open(root.FS(), name), Today: time.Now(), BuildArgs: map[string]string{}}
	for _, arg := range args {
		if m := argument.FindStringSubmatch(arg); m != nil {
			settings.BuildArgs[m[1]] = m[2]
		}
	}
	build := analyzer.Analyze(doc, settings)
	if len(build.Stages) == 0 {
		return nil, errors.New("the Dockerfile has no stage")
	}
	return build, nil
}
