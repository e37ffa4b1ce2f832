package graph_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/graph"
)

var update = flag.Bool("update", false, "rewrite the pictures")

func of(t *testing.T, name, text string, settings analyzer.Settings) *graph.Graph {
	t.Helper()
	doc, err := dockerfile.Parse(source.New(name, []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return graph.Of(analyzer.Analyze(doc, settings))
}

func written(t *testing.T, format string, g *graph.Graph) string {
	t.Helper()
	var b strings.Builder
	if err := graph.Write(&b, format, g, graph.Style{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pictures are those of the documentation, with the project that each shows.
var pictures = map[string]string{
	"graph.svg":              "pattern-user-base",
	"graph-venv.svg":         "pattern-venv",
	"graph-single-stage.svg": "flask-single-stage",
	"graph-2018.svg":         "origin-2018",
}

// TestPictures keeps the pictures in the documentation true.
func TestPictures(t *testing.T) {
	for name, folder := range pictures {
		t.Run(name, func(t *testing.T) { samePicture(t, name, folder) })
	}
}

func samePicture(t *testing.T, name, folder string) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "testdata", "projects", folder)
	golden := filepath.Join("..", "..", "..", "docs", "images", name)
	text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	settings := analyzer.Settings{Context: project.Open(os.DirFS(dir), "Dockerfile")}
	got := written(t, "svg", of(t, "Dockerfile", string(text), settings))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the picture has changed (-want +got); look at it, then use -update:\n%s", diff)
	}
}

// hostile are Dockerfiles that try to break out of a format, or that are at the border of what can be drawn.
var hostile = map[string]string{
	"no stage":        "ARG A=1\n",
	"nothing":         "FROM scratch\n",
	"markup":          "FROM a AS b\nFROM b\nCOPY --from=b \"/<script>\\\"&]]>{}|[]\" /x\nRUN pip install '<b>' '\"];x[\"' a#b\n",
	"escapes":         "FROM a\x1b[31m\nCOPY \x1b]0;title\x07 \u202e/x\nRUN pip install a\u009b\n",
	"bad utf-8":       "FROM a\nCOPY \xff\xfe /x\n",
	"unknown":         "ARG V\nFROM $V AS b\nRUN apt-get install $P && pip install $Q -r $R\nFROM x\nCOPY --from=$B / /\nRUN --mount=type=bind,from=$C true\n",
	"itself":          "FROM a AS a\nFROM a AS b\nCOPY --from=b /x /x\n",
	"number":          "FROM a\nFROM b\nCOPY --from=0 /x /x\nCOPY --from=7 /y /y\n",
	"heredoc":         "FROM a\nCOPY <<EOF /x\nhi\nEOF\n",
	"same names":      "FROM a AS x\nFROM b AS x\nFROM x\nCOPY --from=x /a /a\n",
	"long names":      "FROM " + strings.Repeat("registry/", 30) + "x AS " + strings.Repeat("y", 200) + "\nCOPY " + strings.Repeat("z", 300) + " /\n",
	"many that merge": "FROM a AS b\nFROM c\n" + strings.Repeat("COPY --from=b /x /y\n", 30),
}

func TestAnythingCanBeDrawn(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			g := of(t, "Dockerfile", text, analyzer.Settings{})
			for _, format := range graph.Formats {
				out := written(t, format, g)
				if at := strings.IndexFunc(out, func(r rune) bool { return r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' }); at >= 0 {
					t.Errorf("%s holds a control character: %q", format, out[at:min(at+20, len(out))])
				}
			}
			wellFormed(t, written(t, "svg", g))
			var back graph.Graph
			if err := json.Unmarshal([]byte(written(t, "json", g)), &back); err != nil {
				t.Error(err)
			}
			for line := range strings.Lines(written(t, "mermaid", g)) {
				if quotes := strings.Count(line, `"`); quotes != 0 && quotes != 2 {
					t.Errorf("mermaid: %d quotes in %s", quotes, line)
				}
			}
		})
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the SVG is not well-formed: %v\n%s", err, text)
		}
	}
}

// chain is a Dockerfile with so many stages that stand behind each other.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("FROM python:3.12-slim AS s0\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "FROM s%d AS s%d\nCOPY --from=s0 /x /y\n", i-1, i)
	}
	return b.String()
}

// TestWideGoesDown: a picture for which a page is not wide enough goes from top to bottom.
func TestWideGoesDown(t *testing.T) {
	for n, down := range map[int]bool{2: false, 3: true, 6: true} {
		g := of(t, "Dockerfile", chain(n), analyzer.Settings{})
		svg := written(t, "svg", g)
		wellFormed(t, svg)
		var width, height float64
		if _, err := fmt.Sscanf(svg[strings.Index(svg, "viewBox="):], `viewBox="0 0 %f %f"`, &width, &height); err != nil {
			t.Fatal(err)
		}
		if (height > width) != down || width > 1500 {
			t.Errorf("%d stages: %v wide, %v high", n, width, height)
		}
		if got := strings.HasPrefix(written(t, "mermaid", g), "flowchart TB"); got != (n > 3) {
			t.Errorf("mermaid, %d stages: TB is %v", n, got)
		}
	}
}

// TestNothingIsCut: long names are broken into lines, in the order of their characters.
func TestNothingIsCut(t *testing.T) {
	image := "registry.example.com/" + strings.Repeat("team/", 20) + "python:3.12"
	start := "gunicorn " + strings.Repeat("--option value ", 12) + "app:app"
	g := of(t, "Dockerfile", "FROM "+image+"\nCMD "+start+"\n", analyzer.Settings{})
	for _, format := range []string{"tree", "svg", "mermaid", "dot"} {
		if out := written(t, format, g); strings.Contains(out, "…") {
			t.Errorf("%s is cut:\n%s", format, out)
		}
	}
	tree := strings.Join(strings.Fields(written(t, "tree", g)), " ")
	if !strings.Contains(tree, start) {
		t.Errorf("the start command is not whole:\n%s", tree)
	}
	for line := range strings.Lines(written(t, "tree", g)) {
		if n := len([]rune(line)); n > 101 && !strings.Contains(line, image) {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

// TestManyStages holds the layout to a time that a user waits.
func TestManyStages(t *testing.T) {
	var b strings.Builder
	b.WriteString("FROM a AS s0\n")
	for i := 1; i < 150; i++ {
		fmt.Fprintf(&b, "FROM s%d AS s%d\nCOPY --from=s%d /x /y\nCOPY x y\n", i/2, i, i*2/3)
	}
	g := of(t, "Dockerfile", b.String(), analyzer.Settings{})
	wellFormed(t, written(t, "svg", g))
}

func TestFacts(t *testing.T) {
	g := of(t, "Dockerfile", `FROM python:3.12-slim AS base
FROM base AS builder
RUN apt-get update && apt-get install -y gcc libpq-dev && pip install --prefix=/opt/app flask==3.0
RUN pip install build
FROM builder AS test
RUN pip install pytest
FROM base AS prod
COPY --from=builder /opt/app /opt/app
RUN --mount=type=bind,from=builder,source=/x,target=/y --mount=type=cache,target=/root/.cache true
USER app
CMD ["flask", "run"]
`, analyzer.Settings{})
	type brief struct {
		Label               string
		Final, Ships, Feeds bool
		Packages, Installs  int
	}
	var got []brief
	for _, s := range g.Stages {
		got = append(got, brief{s.Label, s.Final, s.Ships, s.Feeds, len(s.Packages), len(s.Installs)})
	}
	want := []brief{
		{"base", false, true, true, 0, 0},
		{"builder", false, false, true, 2, 2},
		{"test", false, false, false, 0, 1},
		{"prod", true, true, true, 0, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if in := g.Stages[1].Installs; !in[0].Reaches || in[1].Reaches {
		t.Errorf("only what was installed to /opt/app reaches the image: %+v", in)
	}
	var kinds []string
	for _, f := range g.Flows {
		if f.To == "stage-3" {
			kinds = append(kinds, f.Kind+" "+f.From.Name+" "+strings.Join(f.Sources, " ")+" "+f.Dest)
		}
	}
	if diff := cmp.Diff([]string{"base base  ", "copy builder /opt/app /opt/app", "mount builder /x /y"}, kinds); diff != "" {
		t.Error(diff)
	}
	final := graph.Final{
		Base: graph.End{Kind: "image", Name: "python:3.12-slim"}, User: "app", Start: "flask run",
		Python: []graph.Content{{Dir: "/opt/app", Place: "prefix", What: "flask==3.0", Part: "packages and scripts", From: "builder"}},
		Left:   []graph.Left{{Stage: "builder", Packages: []string{"gcc", "libpq-dev"}, Python: []string{"build"}}},
	}
	if diff := cmp.Diff(final, g.Final); diff != "" {
		t.Error(diff)
	}
}
