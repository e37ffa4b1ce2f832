//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// TestInit writes, builds and runs, see the package's documentation.
func TestInit(t *testing.T) {
	projects, err := Projects(initDir)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t)
	var table strings.Builder
	table.WriteString("| project | layout | MB | result |\n|---|---|--:|---|\n")
	for _, project := range projects {
		for _, layout := range []string{"user-base", "venv"} {
			t.Run(project.Name+"/"+layout, func(t *testing.T) {
				size, err := h.initialize(t, project, layout)
				result := "built and ran"
				switch {
				case err != nil:
					result = "FAILED: " + firstLine(err)
					t.Error(err)
				case project.Images[0].NoBuild != "":
					result = "not built: " + project.Images[0].NoBuild
				}
				fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", project.Name, layout, megabytes(size), result)
			})
		}
	}
	if _, err := io.WriteString(os.Stdout, table.String()); err != nil {
		t.Fatal(err)
	}
}

// initialize has init write the files of one project and gives the size of the image.
func (h *harness) initialize(t *testing.T, project Project, layout string) (size int64, err error) {
	image := project.Images[0]
	dir := t.TempDir()
	if *keepDir != "" {
		dir = filepath.Join(*keepDir, project.Name+"-"+layout)
	}
	if err := copyProject(project.Dir, dir); err != nil {
		return 0, err
	}
	for _, args := range [][]string{{"init", "--isolated", "--layout", layout, dir}, {"check", "--isolated", "--fail-on", "info", dir}} {
		out, err := exec.CommandContext(t.Context(), h.program, args...).CombinedOutput()
		t.Logf("%s\n%s", strings.Join(args, " "), out)
		if err != nil {
			return 0, fmt.Errorf("%s: %w\n%s", args[0], err, out)
		}
	}
	file := filepath.Join(dir, "Dockerfile")
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	t.Logf("\n%s", text)
	if image.NoBuild != "" {
		return 0, nil
	}
	tag := "pylint-docker-e2e-init-" + project.Name + ":" + layout
	defer h.engine.Remove(context.WithoutCancel(t.Context()), tag)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	request := engine.Image{Context: dir, File: file, Tag: tag, Args: strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_BUILD_ARGS"))}
	if err := h.engine.Build(ctx, request, io.Discard); err != nil {
		return 0, err
	}
	info, err := h.engine.Inspect(t.Context(), tag)
	if err != nil {
		return 0, err
	}
	for _, check := range image.Checks {
		answer, err := h.answer(t, info.Config, tag, check)
		if err != nil {
			return 0, fmt.Errorf("%s: %s: %w", check.Kind, check.Text, err)
		}
		t.Logf("%s: %s: %s", check.Kind, check.Text, answer)
	}
	return info.Size, nil
}
