// Package editors_test drives real editors with the language server. An editor that is not installed is skipped; the
// comments at the top of neovim.lua, emacs.el, helix.sh and kakoune.sh say how to run them by hand.
package editors_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	one = "FROM python:3.12-slim\nRUN pip install flask==3.1.0\nUSER 1000\nCMD [\"flask\", \"run\"]\n"
	// Emoji before the place of the fix: an editor and a server that count differently would spoil the line.
	two = "FROM python:3.12-slim\nRUN echo '😀' && pip install flask==3.1.0\nRUN pip install attrs==25.1.0\nUSER 1000\nCMD [\"flask\", \"run\"]\n"
)

const (
	loose = "FROM python:3.12 as base\nrun echo a && \\\n        echo b\nFROM base\nCOPY --from=base /x /y\nCMD [ \"a\",\"b\" ]\n"
	// formatted, and with another name of the stage
	tidy = "FROM python:3.12 AS runtime\nRUN echo a && \\\n    echo b\nFROM runtime\nCOPY --from=runtime /x /y\nCMD [\"a\", \"b\"]\n"
)

// fix is what all of them do to a file.
func fix(text string) string {
	return strings.ReplaceAll(text, "pip install", "pip install --no-cache-dir")
}

func TestEditors(t *testing.T) {
	program := build(t)
	for _, c := range []struct {
		name    string // of the program
		command []string
		needs   []string
	}{
		// The second command ends Neovim when the script failed.
		{"nvim", []string{"nvim", "--headless", "--clean", "-u", "NONE", "-c", "luafile neovim.lua", "-c", "cquit 1"}, nil},
		{"emacs", []string{"emacs", "--batch", "-l", "emacs.el"}, nil},
		{"hx", []string{"bash", "helix.sh"}, []string{"bash", "tmux"}},
		{"kak", []string{"bash", "kakoune.sh"}, []string{"bash", "tmux", "kak-lsp"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, needed := range slices.Concat([]string{c.name}, c.needs) {
				if _, err := exec.LookPath(needed); err != nil {
					t.Skipf("%s is not installed", needed)
				}
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "Dockerfile"), one)
			write(t, filepath.Join(dir, "fixall", "Dockerfile"), two)
			write(t, filepath.Join(dir, "onsave", "Dockerfile"), two)
			write(t, filepath.Join(dir, "format", "Dockerfile"), loose)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
			cmd.Env = append(os.Environ(), "PYLINT_DOCKER="+program, "WORKDIR="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "ok") {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(fix(one), read(t, filepath.Join(dir, "Dockerfile"))); diff != "" {
				t.Errorf("after the quick fix (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(fix(two), read(t, filepath.Join(dir, "fixall", "Dockerfile"))); diff != "" {
				t.Errorf("after fix all (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tidy, read(t, filepath.Join(dir, "format", "Dockerfile"))); diff != "" {
				t.Errorf("after formatting and renaming (-want +got)\n%s", diff)
			}
			if c.name != "nvim" {
				return
			}
			if diff := cmp.Diff(fix(two)+"# the last line\n", read(t, filepath.Join(dir, "onsave", "Dockerfile"))); diff != "" {
				t.Errorf("after fix all on save (-want +got)\n%s", diff)
			}
		})
	}
}

// TestNeovimPage tells that the script runs what the page says.
func TestNeovimPage(t *testing.T) {
	script := strings.ReplaceAll(read(t, "neovim.lua"), `vim.env.PYLINT_DOCKER, "lsp"`, `"pylint-docker", "lsp"`)
	blocks := strings.Split(read(t, "../neovim/README.md"), "```lua\n")
	for i, block := range blocks[2:] { // the first block is for newer ones
		if code, _, _ := strings.Cut(block, "```"); !strings.Contains(script, code) {
			t.Errorf("block %d of the page is not in the script:\n%s", i+2, code)
		}
	}
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "pylint-docker")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/pylint-docker")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
