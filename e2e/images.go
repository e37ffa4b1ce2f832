package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// plantedFile holds images with one fault each.
const plantedFile = "../testdata/images/planted.txtar"

// Planted is an image with a fault, or without.
type Planted struct {
	Name       string
	Dockerfile []byte
	Finds      []string // codes
	Starts     bool
}

// ReadPlanted reads the images of a file.
func ReadPlanted(name string) ([]Planted, error) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		return nil, err
	}
	var list []Planted
	for _, file := range archive.Files {
		p := Planted{Name: file.Name, Dockerfile: file.Data}
		for line := range strings.Lines(string(file.Data)) {
			if codes, ok := strings.CutPrefix(line, "# finds:"); ok {
				p.Finds = strings.Fields(codes)
			}
			if end, ok := strings.CutPrefix(line, "# ends:"); ok {
				p.Starts = strings.TrimSpace(end) == "starts"
			}
		}
		list = append(list, p)
	}
	return list, nil
}

// Codes are those of what is found in the layers from base on and in the configuration, each once.
func Codes(findings []inspect.Finding, base int) []string {
	var codes []string
	for _, f := range findings {
		if f.Layer < 0 || f.Layer >= base {
			codes = append(codes, f.Codes[0])
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Look is what became of one image: what its files say, and what its container did.
type Look struct {
	Image         string
	Writer        string // who wrote the archives that were read
	Layers, Files int
	Entries       int64 // of all layers
	Size, Engine  int64 // bytes, by the archive and by the engine
	Found         []string
	Broken        string // the first thing that is proved to fail; "" if nothing is
	Starts        bool
	Wrong         string // why that does not go together
}

// Save writes the row to a folder.
func (l *Look) Save(dir string) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(l.Image, "/", "+")+".look"), text, 0o644)
}

// Looks reads what Save has written, in the order of the names.
func Looks(dir string) ([]Look, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.look"))
	if err != nil {
		return nil, err
	}
	list := make([]Look, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &list[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return list, nil
}

// WriteLooks writes the rows as a table of Markdown, and below it what they come to.
func WriteLooks(w io.Writer, list []Look) error {
	var b strings.Builder
	b.WriteString("| image | written by | layers | files | MB | found | files say | container | |\n|---|---|--:|--:|--:|---|---|---|---|\n")
	healthy, broken, wrong, unbuilt := 0, 0, 0, 0
	for _, l := range list {
		verdict, container, result := "starts", "starts", l.Wrong
		if l.Broken != "" {
			verdict = "fails"
		}
		switch {
		case l.Layers == 0:
			verdict, container = "", "not built"
			unbuilt++
		case l.Starts:
			healthy++
		default:
			container = "fails"
			broken++
		}
		if result != "" && l.Layers > 0 {
			wrong++
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %s | %s | %s | %s | %s |\n", l.Image, l.Writer, l.Layers, l.Files, megabytes(l.Size), strings.Join(l.Found, " "), verdict, container, result)
	}
	fmt.Fprintf(&b, "\n%d images: %d start, %d fail; of %d the tool and the container say otherwise; %d more could not be built\n", healthy+broken, healthy, broken, wrong, unbuilt)
	_, err := io.WriteString(w, b.String())
	return err
}
