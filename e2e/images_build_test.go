//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/internal/engine"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// TestImages looks into images and starts them, see the package's documentation.
func TestImages(t *testing.T) {
	planted, err := ReadPlanted(plantedFile)
	if err != nil {
		t.Fatal(err)
	}
	results := resultsFolder(t, "images")
	h := newHarness(t)
	m := &modelProof{harness: h, bases: map[string]int{}}
	for _, p := range planted {
		t.Run("planted/"+p.Name, func(t *testing.T) {
			look := &Look{Image: "planted/" + p.Name}
			if err := m.lookPlanted(t, p, look); err != nil {
				look.Wrong = firstLine(err)
				t.Error(err)
			}
			if err := look.Save(results); err != nil {
				t.Error(err)
			}
		})
	}
	m.lookProjects(t, *otherProjects, results, beforeAndAfter)
	if *otherProjects == projectsDir {
		m.lookProjects(t, initDir, results, layouts)
	}
	looks, err := Looks(results)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteLooks(os.Stdout, looks); err != nil {
		t.Fatal(err)
	}
}

func (m *modelProof) lookPlanted(t *testing.T, p Planted, look *Look) error {
	dir := t.TempDir()
	file := filepath.Join(dir, "Dockerfile")
	if err := os.WriteFile(file, p.Dockerfile, 0o644); err != nil {
		return err
	}
	build, err := analyzeFile(dir, "Dockerfile", p.Dockerfile, nil)
	if err != nil {
		return err
	}
	base, err := m.baseLayers(t, build.Target.Chain()[0].BaseText.Text)
	if err != nil {
		return err
	}
	tag := "pylint-docker-images:" + p.Name
	defer m.engine.Remove(context.WithoutCancel(t.Context()), tag)
	system, err := m.look(t, engine.Image{Context: t.TempDir(), File: file, Tag: tag}, look)
	if err != nil {
		return err
	}
	look.Found = Codes(system.Findings(), base)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	result, err := m.engine.Run(ctx, engine.Process{Tag: tag})
	if err != nil {
		return err
	}
	look.Starts = result.Code == 0
	switch {
	case look.Starts != p.Starts:
		return fmt.Errorf("it starts: %v\n%s%s", look.Starts, result.Stdout, result.Stderr)
	case !slices.Equal(look.Found, p.Finds):
		return fmt.Errorf("found %q, not %q", look.Found, p.Finds)
	}
	return look.judge()
}

// judge compares what the files say with what the container did.
func (l *Look) judge() error {
	near := func(bytes int64) bool { return 100*max(bytes-l.Engine, l.Engine-bytes) <= l.Engine }
	switch {
	case l.Broken != "" && l.Starts:
		return errors.New("called broken, and it starts: " + l.Broken)
	case !near(l.Size) && !near(l.Size+768*l.Entries): // Podman counts the tar: a header for each entry, and what fills its last block
		return fmt.Errorf("%d bytes in %d entries, and the engine says %d", l.Size, l.Entries, l.Engine)
	}
	return nil
}

// look builds an image, reads it as one of those writes it that are here, in turns, and compares it with the files of a container.
func (m *modelProof) look(t *testing.T, request engine.Image, look *Look) (*inspect.System, error) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := m.engine.Build(ctx, request, io.Discard); err != nil {
		return nil, err
	}
	info, err := m.engine.Inspect(ctx, request.Tag)
	if err != nil {
		return nil, err
	}
	writers := []writer{{"save", func(file string) error { return m.engine.Save(ctx, request.Tag, file) }}}
	if m.engine.Name() == "buildctl" {
		writers = append(writers, writer{"docker exporter", func(file string) error { return m.engine.Archive(ctx, request, file, io.Discard) }},
			writer{"oci exporter", func(file string) error { return archiveOCI(ctx, request, file) }})
	}
	by := writers[len(look.Image)%len(writers)]
	look.Writer = by.name
	image, err := imagefs.OpenWritten(ctx, by.name, by.write, imagefs.Options{})
	if err != nil {
		return nil, err
	}
	system := inspect.New(image)
	look.Layers, look.Size, look.Engine = len(system.Image.Layers), system.Image.Size(), info.Size
	for _, layer := range system.Image.Layers {
		look.Entries += int64(layer.Files)
	}
	look.Found = Codes(system.Findings(), 0)
	if fails := system.Fails(); len(fails) > 0 {
		look.Broken = fails[0].Message
	}
	for range system.Image.Root().All() {
		look.Files++
	}
	return system, m.sameFiles(ctx, request.Tag, system.Image)
}

// writer writes an image to a file.
type writer struct {
	name  string
	write func(file string) error
}

// archiveOCI has BuildKit write an OCI layout.
func archiveOCI(ctx context.Context, request engine.Image, file string) error {
	words := []string{
		"build", "--progress=plain", "--frontend=dockerfile.v0", "--local=context=" + request.Context, "--local=dockerfile=" + filepath.Dir(request.File),
		"--opt=filename=" + filepath.Base(request.File), "--output=type=oci,dest=" + file,
	}
	for _, arg := range request.Args {
		words = append(words, "--opt=build-arg:"+arg)
	}
	for _, secret := range request.Secrets {
		words = append(words, "--secret="+secret)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, "buildctl", words...)
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, said.String())
	}
	return nil
}

// sameFiles compares the names in the tree with those that a container's own shell sees, where it has one.
func (m *modelProof) sameFiles(ctx context.Context, tag string, image *imagefs.Image) error {
	result, err := m.engine.Run(ctx, engine.Process{Tag: tag, Entrypoint: "/bin/sh", Args: []string{"-c", "find /bin/ /etc /home /opt /root /srv /usr /var /app 2>/dev/null"}})
	if err != nil || result.Stdout == "" {
		return err
	}
	made := []string{"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab"} // by engines
	there := map[string]bool{}
	for line := range strings.Lines(result.Stdout) {
		there[strings.TrimSuffix(line, "\n")] = true
	}
	for name := range there {
		if _, err := image.Lstat(name); err != nil && !slices.Contains(made, name) {
			return fmt.Errorf("the container has %s, and the image has not", name)
		}
	}
	for file := range image.Root().All() {
		name := file.Path()
		for _, dir := range []string{"/etc/", "/opt/", "/usr/", "/var/", "/app/"} {
			if strings.HasPrefix(name, dir) && !there[name] && open(file) {
				return fmt.Errorf("the image has %s, and the container has not", name)
			}
		}
	}
	return nil
}

// open tells whether everybody may list the folders above a file.
func open(file *imagefs.File) bool {
	for dir := file.Parent(); dir != nil; dir = dir.Parent() {
		if dir.Mode&0o005 != 0o005 {
			return false
		}
	}
	return true
}

// lookProjects looks into the images of projects in several variants: each must answer, and none may be called broken.
func (m *modelProof) lookProjects(t *testing.T, dir, results string, variants []variant) {
	projects, err := Projects(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, project := range projects {
		for _, image := range project.Images {
			for _, v := range variants {
				if image.NoBuild != "" || v.name == "converted" && image.Expect != Convert {
					continue
				}
				look := &Look{Image: strings.Join([]string{project.Name, image.Dockerfile, v.name}, "/")}
				t.Run(look.Image, func(t *testing.T) {
					if err := m.lookProject(t, project, image, v, look); err != nil {
						look.Wrong = firstLine(err)
						t.Error(err)
					}
					if err := look.Save(results); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

func (m *modelProof) lookProject(t *testing.T, from Project, image Image, v variant, look *Look) error {
	dir := t.TempDir()
	if err := copyProject(from.Dir, dir); err != nil {
		return err
	}
	request := engine.Image{
		Context: dir, File: filepath.Join(dir, filepath.FromSlash(image.Dockerfile)), Tag: "pylint-docker-images:project",
		Args: append(strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_BUILD_ARGS")), image.Args...),
	}
	for _, secret := range image.Secrets {
		request.Secrets = append(request.Secrets, strings.ReplaceAll(secret, "src=", "src="+dir+string(filepath.Separator)))
	}
	if err := v.apply(t, m.program, dir, request.File); err != nil {
		return err
	}
	defer m.engine.Remove(context.WithoutCancel(t.Context()), request.Tag)
	if _, err := m.look(t, request, look); err != nil {
		return err
	}
	info, err := m.engine.Inspect(t.Context(), request.Tag)
	if err != nil {
		return err
	}
	for _, check := range image.Checks {
		if _, err := m.answer(t, info.Config, request.Tag, check); err != nil {
			return fmt.Errorf("%s: %s: %w", check.Kind, check.Text, err)
		}
	}
	look.Starts = true
	return look.judge()
}
