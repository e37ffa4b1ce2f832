//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// weighed are installations whose real size is compared with that of the table.
var weighed = []string{
	"gcc", "build-essential", "--install-recommends gcc", "git", "--install-recommends git", "libpq-dev gcc", "default-libmysqlclient-dev", "python3-dev", "cmake",
	"libxml2-dev libxslt1-dev", "ffmpeg", "g++ libffi-dev libssl-dev",
}

// TestWeights installs packages and compares what the layer has with what is said without a build.
func TestWeights(t *testing.T) {
	h := newHarness(t)
	good := 0
	for i, words := range weighed {
		names, recommends := strings.CutPrefix(words, "--install-recommends ")
		var packages []weight.Package
		for _, name := range strings.Fields(names) {
			packages = append(packages, weight.Package{Name: name, Recommends: recommends})
		}
		said := weight.System("bookworm", false, packages)
		flag := "--no-install-recommends "
		if recommends {
			flag = ""
		}
		size, err := h.grown(t, fmt.Sprintf("pylint-docker-weights:%d", i), "RUN apt-get update && apt-get install -y "+flag+names+" && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/*\n")
		if err != nil {
			t.Error(err)
			continue
		}
		off := 100 * (said - size) / max(size, 1)
		if off >= -25 && off <= 25 {
			good++
		}
		t.Logf("%4d MB said, %4d MB are there, %+3d %%: %s", said/1e6, size/1e6, off, words)
	}
	if 10*good < 9*len(weighed) {
		t.Errorf("%d of %d are right within 25 %%", good, len(weighed))
	}
}

// grown is what an instruction adds to the base image, in bytes.
func (h *harness) grown(t *testing.T, tag, instruction string) (int64, error) {
	var sizes [2]int64
	for i, more := range []string{"", instruction} {
		dir := t.TempDir()
		file := filepath.Join(dir, "Dockerfile")
		if err := os.WriteFile(file, []byte("FROM python:3.11-slim-bookworm\n"+more), 0o644); err != nil {
			return 0, err
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		defer h.engine.Remove(context.WithoutCancel(t.Context()), tag)
		if err := h.engine.Build(ctx, engine.Image{Context: dir, File: file, Tag: tag}, io.Discard); err != nil {
			return 0, err
		}
		info, err := h.engine.Inspect(ctx, tag)
		if err != nil {
			return 0, err
		}
		sizes[i] = info.Size
	}
	return sizes[1] - sizes[0], nil
}
