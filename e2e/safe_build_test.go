//go:build e2e

package e2e

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// TestSafeFixes builds every case before and after its rule's safe fix, see the package's documentation.
func TestSafeFixes(t *testing.T) {
	cases, err := SafeCases(safeDir)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t)
	results := resultsFolder(t, "safe")
	for i := range cases {
		c := &cases[i]
		t.Run(c.Rule+"/"+c.Name, func(t *testing.T) {
			row := c.Row()
			var err error
			if row.Result, err = h.proveSafe(t, c); err != nil {
				row.Result = "FAILED: " + firstLine(err)
				t.Error(err)
			}
			if err := row.Save(results); err != nil {
				t.Error(err)
			}
		})
	}
	rows, err := SafeRows(results, cases)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteSafeTable(os.Stdout, rows); err != nil {
		t.Fatal(err)
	}
}

// proveSafe does all that is to be done for one case and says what was shown.
func (h *harness) proveSafe(t *testing.T, c *SafeCase) (string, error) {
	original, fixed := t.TempDir(), t.TempDir()
	for _, dir := range []string{original, fixed} {
		if err := c.Write(dir); err != nil {
			return "", err
		}
	}
	if err := h.fix(t, c, fixed); err != nil {
		return "", err
	}
	if c.NotBuilt != "" {
		return "not built: " + c.NotBuilt, nil
	}
	tag := "pylint-docker-safe-" + strings.ToLower(c.Rule+"-"+strings.ReplaceAll(c.Name, "_", "-"))
	defer h.engine.Remove(context.WithoutCancel(t.Context()), tag+":before", tag+":again", tag+":after")
	before, err := h.contents(t, original, tag+":before", false)
	if c.BuildFails != "" {
		if err == nil || !strings.Contains(err.Error(), c.BuildFails) {
			return "", fmt.Errorf("the original builds, or fails without %q: %w", c.BuildFails, err)
		}
		after, err := h.contents(t, fixed, tag+":after", false)
		if err == nil {
			_, err = h.answers(t, c, after, tag+":after")
		}
		return NowBuilds, err
	}
	if err != nil {
		return "", fmt.Errorf("the original: %w", err)
	}
	after, err := h.contents(t, fixed, tag+":after", false)
	if err != nil {
		return "", fmt.Errorf("the fixed one: %w", err)
	}
	if err := sameDockerfile(after, original, fixed); err != nil {
		return "", err
	}
	differences := slices.DeleteFunc(before.Differences(after), func(line string) bool { return !c.Lists(line) && after.Incidental(line) })
	if c.Judge(differences) != "" {
		// What differs between two builds of the same file is not the fix's doing.
		again, err := h.contents(t, original, tag+":again", true)
		if err != nil {
			return "", fmt.Errorf("the original, once more: %w", err)
		}
		noise := before.Differences(again)
		differences = slices.DeleteFunc(differences, func(line string) bool { return slices.Contains(noise, line) })
		t.Logf("two builds of the original differ by\n%s", strings.Join(noise, "\n"))
	}
	t.Logf("differences:\n%s", strings.Join(differences, "\n"))
	if problem := c.Judge(differences); problem != "" {
		return "", errors.New(strings.TrimSuffix(problem, "\n"))
	}
	return h.compareAnswers(t, c, before, after, tag, len(differences) == 0)
}

// sameDockerfile makes the fixed Dockerfile the original one where a COPY has taken it into the image.
func sameDockerfile(image *Contents, original, fixed string) error {
	var sums [2]string
	for i, dir := range []string{original, fixed} {
		text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
		if err != nil {
			return err
		}
		sums[i] = fmt.Sprintf("%x", sha256.Sum256(text))
	}
	for name, file := range image.Files {
		if file.Content == sums[1] {
			file.Content = sums[0]
			image.Files[name] = file
		}
	}
	return nil
}

// compareAnswers runs the checks in both images.
func (h *harness) compareAnswers(t *testing.T, c *SafeCase, before, after *Contents, tag string, same bool) (string, error) {
	old, problem := h.answers(t, c, before, tag+":before")
	now, err := h.answers(t, c, after, tag+":after")
	switch {
	case err != nil:
		return "", fmt.Errorf("after the fix: %w", err)
	case c.RunFails != "" && (problem == nil || !strings.Contains(problem.Error(), c.RunFails)):
		return "", fmt.Errorf("the original runs, or fails without %q: %w", c.RunFails, problem)
	case c.RunFails != "":
		return NowRuns, nil
	case problem != nil:
		return "", fmt.Errorf("before the fix: %w", problem)
	case !slices.Equal(old, now):
		return "", fmt.Errorf("it answers %q instead of %q", now, old)
	case same:
		return SameImage, nil
	}
	return Documented, nil
}

// fix applies the rule's safe fixes, and no other's. There must be one, and a second run must find none.
func (h *harness) fix(t *testing.T, c *SafeCase, dir string) error {
	check := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), h.program, append([]string{"check", "--isolated", "--exit-zero", "--select", c.Rule}, append(args, "Dockerfile")...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	said, err := check("--fix", "--show-fixes")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, said)
	}
	if diff, err := check("--diff"); err != nil || strings.Contains(diff, "@@") {
		return fmt.Errorf("a second run would fix more: %w\n%s", err, diff)
	}
	for name, text := range c.Files {
		if !unchanged(filepath.Join(dir, filepath.FromSlash(name)), text) {
			t.Logf("%s", said)
			return nil
		}
	}
	if _, err := os.Stat(filepath.Join(dir, ".dockerignore")); err == nil && c.Files[".dockerignore"] == nil {
		t.Logf("%s", said)
		return nil
	}
	return errors.New("there is no safe fix\n" + said)
}

// contents builds an image and looks at what is in it.
func (h *harness) contents(t *testing.T, dir, tag string, anew bool) (*Contents, error) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	request := engine.Image{
		Context: dir, File: filepath.Join(dir, "Dockerfile"), Tag: tag, NoCache: anew,
		Args: strings.Fields(os.Getenv("PYLINT_DOCKER_E2E_BUILD_ARGS")),
	}
	if err := h.engine.Build(ctx, request, io.Discard); err != nil {
		return nil, err
	}
	info, err := h.engine.Inspect(ctx, tag)
	if err != nil {
		return nil, err
	}
	result, err := h.engine.Run(ctx, engine.Process{Tag: tag, Entrypoint: "sh", Args: []string{"-c", listing}})
	if err != nil {
		return nil, err
	}
	if result.Code != 0 {
		return nil, fmt.Errorf("the files of %s can't be listed: %s", tag, result.Stderr)
	}
	files, err := ParseListing(result.Stdout)
	if err != nil {
		return nil, err
	}
	return &Contents{info.Config, files}, nil
}

func (h *harness) answers(t *testing.T, c *SafeCase, image *Contents, tag string) ([]string, error) {
	var answers []string
	for _, check := range c.Checks {
		answer, err := h.answer(t, image.Config, tag, check)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", check.Kind, check.Text, err)
		}
		answers = append(answers, answer)
	}
	return answers, nil
}
