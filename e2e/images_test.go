package e2e

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

func TestPlanted(t *testing.T) {
	list, err := ReadPlanted(plantedFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if healthy := strings.HasPrefix(p.Name, "healthy-"); healthy == (len(p.Finds) > 0) || healthy && !p.Starts {
			t.Errorf("%s: finds %q, starts: %v", p.Name, p.Finds, p.Starts)
		}
	}
}

func TestWriteLooks(t *testing.T) {
	dir := t.TempDir()
	for _, l := range []Look{
		{Image: "a", Writer: "docker", Layers: 3, Files: 9, Size: 2_000_000, Starts: true},
		{Image: "a/d", Wrong: "no network"},
		{Image: "b/c", Layers: 2, Found: Codes([]inspect.Finding{{Codes: []string{"PLD1"}, Layer: 0}, {Codes: []string{"PLD2"}, Layer: -1}, {Codes: []string{"PLD2"}, Layer: 1}}, 1), Broken: "x", Wrong: "why"},
	} {
		if err := l.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Looks(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WriteLooks(&b, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| a | docker | 3 | 9 | 2 |  | starts | starts |  |\n", "| PLD2 | fails | fails | why |\n", "2 images: 1 start, 1 fail; of 1 the tool and the container say otherwise; 1 more could"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
