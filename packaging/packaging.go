// Package packaging is what a release is made of: the program for each platform, its bill of materials and the
// licences that it owes, and the packages for PyPI and npm that carry it.
//
// Everything comes from the files of one commit: the same commit, version and Go give the same bytes.
package packaging

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Platform is a system that a release is built for, with the names that Go and the registries give it.
type Platform struct {
	OS, Arch string // GOOS and GOARCH
	Wheel    string // the platform tags of its wheel
	NPM      string // process.platform and process.arch of Node.js, joined by "-"
}

// Platforms are all that a release is built for. goreleaser.yaml repeats the pairs of OS and Arch; a test compares.
//
// The program on Linux links no libc, so that its wheel carries the tags of glibc and of musl. Go 1.26 needs macOS 12:
// https://go.dev/wiki/MinimumRequirements
var Platforms = []Platform{
	{"linux", "amd64", "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64", "linux-x64"},
	{"linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64", "linux-arm64"},
	{"darwin", "amd64", "macosx_12_0_x86_64", "darwin-x64"},
	{"darwin", "arm64", "macosx_12_0_arm64", "darwin-arm64"},
	{"windows", "amd64", "win_amd64", "win32-x64"},
}

func (p Platform) String() string { return p.OS + "/" + p.Arch }

// Program is the file name of the program on the platform.
func (p Platform) Program() string {
	if p.OS == "windows" {
		return "pylint-docker.exe"
	}
	return "pylint-docker"
}

const (
	repository  = "https://github.com/pylint-docker/pylint-docker"
	description = "A linter, analyzer and autofixer for Dockerfiles of Python applications"
	// unreleased is the version of what is built from a commit without a tag; goreleaser.yaml repeats it for snapshots.
	unreleased = "0.0.0-dev"
	// releaseVariable is the variable of the program that holds the version of a release.
	releaseVariable = "github.com/pylint-docker/pylint-docker/cmd/internal/cli.release"
)

// Source is the commit that a release is made of.
type Source struct {
	Root    string    // the folder of go.mod
	Version string    // semantic, without "v"
	Date    time.Time // of the commit, or SOURCE_DATE_EPOCH; every file in a package bears it
	Ref     string    // where links of the README lead: the tag of a release, or main

	linked func() ([]goPackage, error) // asked once
}

// at is the repository in the folder, without a date.
func at(root string) Source {
	s := Source{Root: root, Version: unreleased, Ref: "main"}
	s.linked = sync.OnceValues(s.list)
	return s
}

// Open describes the repository in the folder. The version is that of the tag on its commit, the one and only place
// that a version is written down; without a tag, it is 0.0.0-dev.
func Open(root string) (Source, error) {
	s := at(root)
	seconds := os.Getenv("SOURCE_DATE_EPOCH") // https://reproducible-builds.org/specs/source-date-epoch/
	if seconds == "" {
		out, err := s.run(nil, "git", "log", "-1", "--format=%ct")
		if err != nil {
			return Source{}, err
		}
		seconds = strings.TrimSpace(out)
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return Source{}, fmt.Errorf("the date of the commit, or SOURCE_DATE_EPOCH: %w", err)
	}
	s.Date = time.Unix(n, 0).UTC()

	out, err := s.run(nil, "git", "tag", "--points-at", "HEAD", "--list", "v*")
	if err != nil {
		return Source{}, err
	}
	switch tags := strings.Fields(out); len(tags) {
	case 0:
		return s, nil
	case 1:
		s.Version, s.Ref = strings.TrimPrefix(tags[0], "v"), tags[0]
	default:
		return Source{}, fmt.Errorf("the commit has more than one tag: %s", strings.Join(tags, ", "))
	}
	_, err = pythonVersion(s.Version)
	return s, err
}

var semantic = regexp.MustCompile(`^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+)|-(dev))?$`)

// pythonVersion is the version as PyPI wants it (https://peps.python.org/pep-0440/). Only versions that keep their
// order there are accepted: 1.2.3, 1.2.3-alpha.1, 1.2.3-beta.1, 1.2.3-rc.1 and 1.2.3-dev.
func pythonVersion(version string) (string, error) {
	m := semantic.FindStringSubmatch(version)
	switch {
	case m == nil:
		return "", fmt.Errorf("version %q: not like 1.2.3, 1.2.3-alpha.1, 1.2.3-beta.1 or 1.2.3-rc.1", version)
	case m[4] != "":
		return m[1] + ".dev0", nil
	}
	return m[1] + map[string]string{"": "", "alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + m[3], nil
}

// Environment is what a release's `go build` finds in the environment, whatever the platform.
var Environment = []string{"CGO_ENABLED=0"}

// Arguments are those of the `go build` of a release, without the file that is written. goreleaser.yaml repeats them;
// a test compares. Functions on every 16th byte, not on every 32nd, make the program 100 kB smaller and no slower.
func Arguments(version string) []string {
	return []string{"build", "-trimpath", "-ldflags", "-s -w -funcalign=16 -X " + releaseVariable + "=" + version, program}
}

const program = "./cmd/pylint-docker"

// Build writes the program for a platform to a file.
func (s Source) Build(p Platform, file string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	arguments := append([]string{"build", "-o", file}, Arguments(s.Version)[1:]...)
	_, err = s.run(append([]string{"GOOS=" + p.OS, "GOARCH=" + p.Arch}, Environment...), "go", arguments...)
	return err
}

// run runs a command in the root folder and gives what it prints.
func (s Source) run(env []string, name string, arguments ...string) (string, error) {
	cmd := exec.Command(name, arguments...)
	cmd.Dir = s.Root
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, stderr.String())
	}
	return stdout.String(), nil
}
