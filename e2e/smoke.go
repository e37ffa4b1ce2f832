package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Expectation says what a conversion should do.
type Expectation string

// The three outcomes of a conversion, and what a project without a Dockerfile expects: that init writes it.
const (
	Convert Expectation = "convert"
	Refuse  Expectation = "refuse"
	Nothing Expectation = "nothing"
	Write   Expectation = "write"
)

// Project is a folder with one or more Dockerfiles and what is known of them.
type Project struct {
	Name   string // of the folder
	Dir    string
	Images []Image
}

// Image is one Dockerfile of a project.
type Image struct {
	Dockerfile string // relative to the folder, with slashes
	Expect     Expectation
	Reason     string // of a refusal
	NoBuild    string // why it can't be built everywhere; empty if it can
	Touch      string // source file to edit before the rebuild
	Args       []string
	Secrets    []string
	Checks     []Check
}

// Check runs an image.
type Check struct {
	Kind string // run, start or serve
	Text string // code, words or a URL
}

// Projects reads all projects below a folder, in the order of their names.
func Projects(dir string) ([]Project, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "smoke.txt"))
	if err != nil {
		return nil, err
	}
	var projects []Project
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		images, err := parseSmoke(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		dir := filepath.Dir(file)
		for _, image := range images {
			for _, name := range []string{image.Dockerfile, image.Touch} {
				if name == image.Dockerfile && image.Expect == Write {
					continue
				}
				if _, err := os.Stat(filepath.Join(dir, name)); name != "" && err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
			}
		}
		projects = append(projects, Project{filepath.Base(dir), dir, images})
	}
	return projects, nil
}

// parseSmoke reads a smoke.txt, see the package's documentation.
func parseSmoke(text string) ([]Image, error) {
	images := []Image{{Dockerfile: "Dockerfile"}}
	for number, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		image := &images[len(images)-1]
		if key == "dockerfile" && image.Expect != "" {
			images = append(images, Image{})
			image = &images[len(images)-1]
		}
		if !ok || value == "" && key != "start" || !image.set(key, value) {
			return nil, fmt.Errorf("line %d is nothing that smoke.txt knows: %s", number+1, line)
		}
	}
	for _, image := range images {
		if err := image.incomplete(); err != nil {
			return nil, fmt.Errorf("%s: %w", image.Dockerfile, err)
		}
	}
	return images, nil
}

func (i *Image) set(key, value string) bool {
	switch key {
	case "expect":
		word, reason, _ := strings.Cut(value, " ")
		i.Expect, i.Reason = Expectation(word), reason
		return (word == string(Refuse)) == (reason != "") && slices.Contains([]Expectation{Convert, Refuse, Nothing, Write}, i.Expect)
	case "dockerfile":
		i.Dockerfile = value
	case "no build":
		i.NoBuild = value
	case "touch":
		i.Touch = value
	case "arg":
		i.Args = append(i.Args, value)
	case "secret":
		i.Secrets = append(i.Secrets, value)
	case "run", "start", "serve":
		i.Checks = append(i.Checks, Check{key, value})
	default:
		return false
	}
	return true
}

// incomplete tells what is missing: an image that is built must prove something.
func (i *Image) incomplete() error {
	switch {
	case i.Expect == "":
		return fmt.Errorf("nothing is expected")
	case i.NoBuild != "" && len(i.Checks) > 0:
		return fmt.Errorf("checks of an image that is not built")
	case i.NoBuild == "" && len(i.Checks) == 0:
		return fmt.Errorf("no run, start or serve")
	case i.NoBuild == "" && i.Touch == "" && i.Expect != Write:
		return fmt.Errorf("no source file to touch")
	}
	return nil
}
