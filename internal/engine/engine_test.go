package engine_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// fakes makes executables of shell code the only ones on PATH. Each writes its words to the file
// that calls reads before it does what its code says.
func fakes(t *testing.T, programs map[string]string) (calls func() []string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fakes are shell scripts")
	}
	bin := t.TempDir()
	log := filepath.Join(t.TempDir(), "calls")
	for name, code := range programs {
		script := "#!/bin/sh\necho \"" + name + " $*\" >>'" + log + "'\n" + code + "\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
	return func() []string {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
}

const (
	down    = `echo some notes; echo "Cannot connect to the Docker daemon" >&2; exit 1`
	noBuild = `case $1 in buildx) echo "unknown command" >&2; exit 1;; esac`
)

func TestFind(t *testing.T) {
	for name, test := range map[string]struct {
		programs map[string]string
		asked    string
		want     string // name of the engine, or parts of the error after a !, one a line
	}{
		"docker with buildx":       {map[string]string{"docker": "", "podman": ""}, "", "docker buildx"},
		"docker without buildx":    {map[string]string{"docker": noBuild}, "", "docker build"},
		"docker is down":           {map[string]string{"docker": down, "podman": ""}, "", "podman"},
		"what was asked for":       {map[string]string{"docker": "", "podman": ""}, "podman", "podman"},
		"buildah runs with podman": {map[string]string{"buildah": "", "podman": ""}, "buildah", "buildah"},
		"buildah alone":            {map[string]string{"buildah": ""}, "", "!buildah: podman is needed to run what buildah built, and not installed"},
		"buildctl with podman":     {map[string]string{"buildctl": "", "podman": ""}, "buildctl", "buildctl"},
		"buildctl alone":           {map[string]string{"buildctl": ""}, "", "!buildctl: docker or podman is needed to run what buildctl built (docker: not installed, podman: not installed)"},
		"nothing":                  {nil, "", "!docker: not installed; podman: not installed; buildah: not installed; buildctl: not installed\ninstall Docker or Podman"},
		"asked for is down":        {map[string]string{"docker": down, "podman": ""}, "docker", "!docker can't build and run images: Cannot connect to the Docker daemon"},
		"unknown":                  {map[string]string{"docker": ""}, "kaniko", "!kaniko can't build and run images: it is none of docker, podman, buildah, buildctl"},
		"no reason at all":         {map[string]string{"docker": "exit 3"}, "docker", "!exit status 3"},
	} {
		t.Run(name, func(t *testing.T) {
			fakes(t, test.programs)
			e, err := engine.Find(t.Context(), test.asked)
			if message, fails := strings.CutPrefix(test.want, "!"); fails {
				if err == nil {
					t.Fatalf("found %s", e.Name())
				}
				for _, part := range strings.Split(message, "\n") {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("error %q has no %q", err, part)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if e.Name() != test.want {
				t.Errorf("found %s, want %s", e.Name(), test.want)
			}
		})
	}
}

// Every engine gets the options in its own spelling.
func TestCommandLines(t *testing.T) {
	for name, test := range map[string]struct {
		programs map[string]string
		want     []string
	}{
		"docker": {map[string]string{"docker": ""}, []string{
			"docker buildx build --load --progress=plain --build-arg=A=1 --secret=id=s,src=f --target=app --no-cache --pull --tag=img:1 --file=ctx/app.Dockerfile ctx",
			"docker run --rm img:1",
			"docker run --rm --entrypoint=sh img:1 -c true",
		}},
		"docker without buildx": {map[string]string{"docker": noBuild}, []string{
			"docker build --build-arg=A=1 --secret=id=s,src=f --target=app --no-cache --pull --tag=img:1 --file=ctx/app.Dockerfile ctx",
			"docker run --rm img:1",
			"docker run --rm --entrypoint=sh img:1 -c true",
		}},
		"podman": {map[string]string{"podman": ""}, []string{
			"podman build --format=docker --layers=true --build-arg=A=1 --secret=id=s,src=f --target=app --no-cache --pull --tag=img:1 --file=ctx/app.Dockerfile ctx",
			"podman run --rm img:1",
			"podman run --rm --entrypoint=sh img:1 -c true",
		}},
		"buildah": {map[string]string{"buildah": "", "podman": `[ "$1" != info ]`}, []string{
			"buildah build --format=docker --layers=true --build-arg=A=1 --secret=id=s,src=f --target=app --no-cache --pull --tag=img:1 --file=ctx/app.Dockerfile ctx",
			"podman run --rm img:1",
			"podman run --rm --entrypoint=sh img:1 -c true",
		}},
		"buildctl": {map[string]string{"buildctl": "", "docker": `[ "$1" != version ]`}, []string{
			"buildctl build --progress=plain --frontend=dockerfile.v0 --local=context=ctx --local=dockerfile=ctx --opt=filename=app.Dockerfile" +
				" --opt=build-arg:A=1 --secret=id=s,src=f --opt=target=app --no-cache --opt=image-resolve-mode=pull --output=type=docker,name=img:1,dest=ARCHIVE",
			"docker load --input=ARCHIVE",
			"docker run --rm img:1",
			"docker run --rm --entrypoint=sh img:1 -c true",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			calls := fakes(t, test.programs)
			archives := t.TempDir()
			t.Setenv("TMPDIR", archives)
			e, err := engine.Find(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			asked := len(calls())
			image := engine.Image{Context: "ctx", File: "ctx/app.Dockerfile", Tag: "img:1", Args: []string{"A=1"}, Secrets: []string{"id=s,src=f"}, Target: "app", NoCache: true, Pull: true}
			if err := e.Build(t.Context(), image, io.Discard); err != nil {
				t.Fatal(err)
			}
			for _, process := range []engine.Process{{Tag: "img:1"}, {Tag: "img:1", Entrypoint: "sh", Args: []string{"-c", "true"}}} {
				if _, err := e.Run(t.Context(), process); err != nil {
					t.Fatal(err)
				}
			}
			got := calls()[asked:]
			for i, call := range got {
				words := strings.Fields(call)
				for j, word := range words {
					if before, file, ok := strings.Cut(word, archives); ok && strings.HasSuffix(file, ".tar") {
						words[j] = before + "ARCHIVE"
					}
				}
				got[i] = strings.Join(words, " ")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if left, _ := os.ReadDir(archives); len(left) > 0 {
				t.Errorf("the archive is left behind: %v", left)
			}
		})
	}
}

func TestBuildShowsProgressAndTheEndOfAFailure(t *testing.T) {
	fakes(t, map[string]string{"docker": `case "$2" in build)
		i=0; while [ $i -lt 100 ]; do echo "line $i"; i=$((i+1)); done; printf 'no space left' >&2; exit 7;; esac`})
	e, err := engine.Find(t.Context(), "docker")
	if err != nil {
		t.Fatal(err)
	}
	var progress strings.Builder
	err = e.Build(t.Context(), engine.Image{Context: ".", File: "Dockerfile", Tag: "x"}, &progress)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"docker buildx could not build Dockerfile: exit status 7", "\nline 99\nno space left"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q has no %q", err, part)
		}
	}
	var failed *engine.BuildError
	if exit := new(exec.ExitError); !errors.As(err, &failed) || !strings.HasSuffix(failed.Output, "\nno space left") || !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Errorf("error %#v", err)
	}
	if strings.Contains(err.Error(), "line 59\n") {
		t.Errorf("the error repeats the whole output: %q", err)
	}
	if !strings.HasPrefix(progress.String(), "line 0\nline 1\n") {
		t.Errorf("progress is %q", progress.String())
	}
}

func TestRun(t *testing.T) {
	fakes(t, map[string]string{"podman": `case $1 in run) echo out; echo err >&2; exit 3;; esac`})
	e, err := engine.Find(t.Context(), "podman")
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.Run(t.Context(), engine.Process{Tag: "x", Args: []string{"app"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&engine.Result{Stdout: "out\n", Stderr: "err\n", Code: 3}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A container that never ends is stopped when the context says so, and that is what the error says.
func TestRunIsStopped(t *testing.T) {
	fakes(t, map[string]string{"podman": `case $1 in run) while :; do :; done;; esac`})
	e, err := engine.Find(t.Context(), "podman")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err = e.Run(ctx, engine.Process{Tag: "x"}); err == nil || !strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestInspect(t *testing.T) {
	health := &engine.Healthcheck{Test: []string{"CMD", "true"}, Interval: 30 * time.Second, Retries: 3}
	want := &engine.Info{Size: 123, Config: engine.Config{
		User: "app", Cmd: []string{"serve"}, Env: []string{"A=1"},
		ExposedPorts: map[string]struct{}{"80/tcp": {}}, Healthcheck: health,
	}}
	const config = `"User": "app", "Cmd": ["serve"], "Entrypoint": null, "Env": ["A=1"], "ExposedPorts": {"80/tcp": {}}`
	const check = `"Healthcheck": {"Test": ["CMD", "true"], "Interval": 30000000000, "Retries": 3}`
	for name, test := range map[string]struct {
		json, problem string
	}{
		"docker":     {`[{"Id": "sha256:1", "Size": 123, "Config": {` + config + `, ` + check + `}}]`, ""},
		"podman":     {`[{"Id": "1", "Size": 123, "Config": {` + config + `}, ` + check + `}]`, ""},
		"none":       {`[]`, "describes 0 images"},
		"not a list": {`Untagged: x`, "unknown format"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := engine.New(engine.Commands{
				Name: "mine", Build: []string{"false"}, Run: []string{"false"},
				Inspect: []string{"/bin/echo", strings.ReplaceAll(test.json, "{tag}", "")},
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Inspect(t.Context(), "x")
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("error %v has no %q", err, test.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNew(t *testing.T) {
	echo := []string{"/bin/echo"}
	if _, err := engine.New(engine.Commands{Name: "mine", Build: echo, Run: echo}); err == nil || err.Error() != "mine has no command to inspect images" {
		t.Errorf("error %v", err)
	}
	e, err := engine.New(engine.Commands{Name: "mine", Build: echo, Run: append(echo, "registry/{tag}"), Inspect: echo})
	if err != nil {
		t.Fatal(err)
	}
	result, err := e.Run(t.Context(), engine.Process{Tag: "x:1", Args: []string{"{tag}"}})
	if err != nil {
		t.Fatal(err)
	}
	if result.Stdout != "registry/x:1 {tag}\n" {
		t.Errorf("ran %q", result.Stdout)
	}
	if _, err := e.Run(t.Context(), engine.Process{Tag: "x:1", Entrypoint: "sh"}); err == nil || !strings.Contains(err.Error(), "has no {entrypoint}") {
		t.Errorf("error %v", err)
	}
}

// An image is written to a file by the engine's own command, or built right into it.
func TestArchive(t *testing.T) {
	calls := fakes(t, map[string]string{"docker": ""})
	e, err := engine.Find(t.Context(), "docker")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Archive(t.Context(), engine.Image{Context: "app", File: "app/Dockerfile", Tag: "app:1"}, "app.tar", io.Discard); err != nil {
		t.Fatal(err)
	}
	said := calls()
	want := []string{
		"docker buildx build --load --progress=plain --tag=app:1 --file=app/Dockerfile app", "docker image save --output=app.tar app:1",
	}
	if diff := cmp.Diff(want, said[len(said)-2:]); diff != "" {
		t.Error(diff)
	}
	described, err := engine.New(engine.Commands{Name: "mine", Build: []string{"true"}, Run: []string{"true"}, Inspect: []string{"true"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := described.Save(t.Context(), "app:1", "app.tar"); !errors.Is(err, engine.ErrNoArchive) {
		t.Error(err)
	}
}

// What the engine says when it can't is part of the error.
func TestSaveFails(t *testing.T) {
	fakes(t, map[string]string{"podman": `case $2 in save) echo "app:2: image not known" >&2; exit 125;; esac`})
	e, err := engine.Find(t.Context(), "podman")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Save(t.Context(), "app:2", "app.tar"); err == nil || !strings.Contains(err.Error(), "image not known") {
		t.Error(err)
	}
}
