package engine

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Names are the engines that [Find] knows, in the order in which it looks for them.
var Names = []string{"docker", "podman", "buildah", "buildctl"}

// Find finds an engine on PATH that answers: the one called name, or the first of [Names] if name is
// empty. The error is one sentence for the user: what was looked for, and why each is of no use.
// buildctl uses the daemon that BUILDKIT_HOST names; it and buildah leave it to docker or podman to
// run images.
func Find(ctx context.Context, name string) (*Engine, error) {
	names := Names
	if name != "" {
		names = []string{name}
	}
	var reasons []string
	for _, name := range names {
		commands, problem := find(ctx, name)
		if problem == "" {
			return New(commands)
		}
		reasons = append(reasons, name+": "+problem)
	}
	if name != "" {
		return nil, fmt.Errorf("%s can't build and run images: %s", name, strings.TrimPrefix(reasons[0], name+": "))
	}
	return nil, fmt.Errorf("found nothing to build and run images with (%s); install Docker or Podman, and see that `docker version` or `podman info` answers", strings.Join(reasons, "; "))
}

// find gives the commands of an engine, or why it can't be used.
func find(ctx context.Context, name string) (Commands, string) {
	switch name {
	case "docker":
		if problem := ask(ctx, "docker", "version", "--format", "{{.Server.Version}}"); problem != "" {
			return Commands{}, problem
		}
		return docker(ctx), ""
	case "podman":
		if problem := ask(ctx, "podman", "info", "--format", "{{.Version.Version}}"); problem != "" {
			return Commands{}, problem
		}
		return podman(), ""
	case "buildah":
		return buildah(ctx)
	case "buildctl":
		return buildctl(ctx)
	}
	return Commands{}, "it is none of " + strings.Join(Names, ", ")
}

func docker(ctx context.Context) Commands {
	c := Commands{
		Name:    "docker build",
		Build:   []string{"docker", "build", "--progress=plain", "{options}", "--tag={tag}", "--file={file}", "{context}"},
		Run:     []string{"docker", "run", "--rm", "{entrypoint}", "{tag}"},
		Inspect: []string{"docker", "image", "inspect", "{tag}"},
		Remove:  []string{"docker", "image", "rm", "--force", "{tag}"},
		Save:    []string{"docker", "image", "save", "--output={archive}", "{tag}"},
	}
	// Without buildx, docker build is the old builder, which knows no --mount and no --progress.
	if ask(ctx, "docker", "buildx", "version") == "" {
		c.Name = "docker buildx"
		// --load: a builder in a container of its own keeps what it built.
		c.Build = []string{"docker", "buildx", "build", "--load", "--progress=plain", "{options}", "--tag={tag}", "--file={file}", "{context}"}
	} else {
		c.Build = []string{"docker", "build", "{options}", "--tag={tag}", "--file={file}", "{context}"}
	}
	return c
}

func podman() Commands {
	return Commands{
		Name: "podman",
		// The format of OCI has no place for SHELL and HEALTHCHECK, which podman drops from it.
		// Without --layers=true nothing is cached when the user has switched that off.
		Build:   []string{"podman", "build", "--format=docker", "--layers=true", "{options}", "--tag={tag}", "--file={file}", "{context}"},
		Run:     []string{"podman", "run", "--rm", "{entrypoint}", "{tag}"},
		Inspect: []string{"podman", "image", "inspect", "{tag}"},
		Remove:  []string{"podman", "image", "rm", "--force", "{tag}"},
		Save:    []string{"podman", "image", "save", "--quiet", "--output={archive}", "{tag}"},
	}
}

func buildah(ctx context.Context) (Commands, string) {
	if problem := ask(ctx, "buildah", "version"); problem != "" {
		return Commands{}, problem
	}
	// Buildah and Podman share their images, and buildah run knows no entry points.
	if problem := ask(ctx, "podman", "version", "--format", "{{.Version}}"); problem != "" {
		return Commands{}, "podman is needed to run what buildah built, and " + problem
	}
	c := podman()
	c.Name = "buildah"
	c.Build[0] = "buildah"
	return c, ""
}

func buildctl(ctx context.Context) (Commands, string) {
	if problem := ask(ctx, "buildctl", "debug", "workers"); problem != "" {
		return Commands{}, problem
	}
	c := Commands{
		Name: "buildctl",
		Build: []string{"buildctl", "build", "--progress=plain", "--frontend=dockerfile.v0",
			"--local=context={context}", "--local=dockerfile={folder}", "--opt=filename={base}", "{bk-options}",
			"--output=type=docker,name={tag},dest={archive}"},
	}
	// Layers of the base are stored compressed; compressing what the build adds would take longer than reading it.
	c.Archive = append(slices.Clone(c.Build[:len(c.Build)-1]), "--output=type=docker,name={tag},compression=uncompressed,dest={archive}")
	var problems []string
	for _, runner := range []string{"docker", "podman"} {
		// Both spell these alike.
		runs := podman()
		problem := ask(ctx, runner, "info")
		if problem != "" {
			problems = append(problems, runner+": "+problem)
			continue
		}
		for _, words := range [][]string{runs.Run, runs.Inspect, runs.Remove, runs.Save} {
			words[0] = runner
		}
		c.Run, c.Inspect, c.Remove, c.Save = runs.Run, runs.Inspect, runs.Remove, runs.Save
		c.Load = []string{runner, "load", "--input={archive}"}
		if runner == "podman" {
			// Podman puts short names from an archive under localhost.
			c.Run[len(c.Run)-1] = "localhost/{tag}"
			c.Inspect[len(c.Inspect)-1] = "localhost/{tag}"
			c.Remove[len(c.Remove)-1] = "localhost/{tag}"
			c.Save[len(c.Save)-1] = "localhost/{tag}"
			c.Build[len(c.Build)-1] = "--output=type=docker,name=localhost/{tag},dest={archive}"
		}
		return c, ""
	}
	return Commands{}, "docker or podman is needed to run what buildctl built (" + strings.Join(problems, ", ") + ")"
}

// ask runs a command that only asks, and gives the reason why it did not answer. A daemon that hangs
// does not answer either.
func ask(ctx context.Context, words ...string) string {
	if _, err := exec.LookPath(words[0]); err != nil {
		return "not installed"
	}
	ctx, cancel := context.WithTimeoutCause(ctx, 20*time.Second, fmt.Errorf("no answer in 20 seconds"))
	defer cancel()
	out, err := command(ctx, words).CombinedOutput()
	if err == nil {
		return ""
	}
	if ctx.Err() != nil {
		return reason(ctx, err).Error()
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return err.Error()
}
