package lsp_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

const hinted = `ARG VERSION=3.12
FROM python:${VERSION}-slim AS builder
ARG EXTRA
ENV APP=/app LONG=0123456789012345678901234567890123456789abc
RUN apt-get update && apt-get install -y gcc libpq-dev
WORKDIR $APP
RUN pip install --user flask==3.1.0 && echo "$LONG $EXTRA ${APP:-x}" '$APP'

FROM python:${VERSION}-slim
RUN apt-get update && apt-get install -y libpq5
COPY --from=builder /root/.local /root/.local
CMD ["python"]

FROM alpine:3.20 AS unused
`

// withHints is the text as an editor shows it: hints stand in square brackets.
func withHints(t *testing.T, text string, hints []lsp.InlayHint) string {
	t.Helper()
	var edits []lsp.TextEdit
	for _, h := range hints {
		label := h.Label
		if h.PaddingLeft {
			label = " " + label
		}
		edits = append(edits, lsp.TextEdit{Range: lsp.Range{Start: h.Position, End: h.Position}, NewText: "[" + label + "]"})
	}
	return applyEdits(t, text, edits)
}

func TestInlayHints(t *testing.T) {
	all := object{"start": object{"line": 0, "character": 0}, "end": object{"line": strings.Count(hinted, "\n"), "character": 0}}
	hints := func(settings, where object) []lsp.InlayHint {
		dir := project(t, "-- Dockerfile --\n"+hinted)
		e := connect(t)
		e.start(dir, object{}, object{"inlayHints": settings, "target": "1"})
		u := e.open(filepath.Join(dir, "Dockerfile"), hinted)
		return get[[]lsp.InlayHint](e, "textDocument/inlayHint", object{"textDocument": object{"uri": u}, "range": where})
	}
	if list := hints(object{}, all); len(list) != 0 {
		t.Errorf("there are hints that nobody asked for: %v", list)
	}
	variables := strings.NewReplacer("${VERSION}", "${VERSION}[=3.12]", "WORKDIR $APP", "WORKDIR $APP[=/app]",
		"$LONG", "$LONG[=0123456789012345678901234567890123456789…]")
	if diff := cmp.Diff(variables.Replace(hinted), withHints(t, hinted, hints(object{"variables": true}, all))); diff != "" {
		t.Errorf("variables (-want +got)\n%s", diff)
	}
	stages := strings.NewReplacer(
		"AS builder", "AS builder[ gives /root/.local, leaves 2 OS packages]",
		"-slim\nRUN apt-get update && apt-get install -y libpq5", "-slim[ final image: 1 OS package, /root/.local]\nRUN apt-get update && apt-get install -y libpq5",
		"AS unused", "AS unused[ not in the final image]",
	)
	list := hints(object{"stages": true}, all)
	if diff := cmp.Diff(stages.Replace(hinted), withHints(t, hinted, list)); diff != "" {
		t.Errorf("stages (-want +got)\n%s", diff)
	}
	// Only what is on the screen is asked for.
	part := hints(object{"stages": true, "variables": true}, object{"start": object{"line": 5, "character": 0}, "end": object{"line": 6, "character": 0}})
	if len(part) != 1 || part[0].Label != "=/app" {
		t.Errorf("got %v", part)
	}
	sorted := hints(object{"stages": true, "variables": true}, all)
	if !slices.IsSortedFunc(sorted, func(a, b lsp.InlayHint) int { return a.Position.Line - b.Position.Line }) {
		t.Errorf("got %v", sorted)
	}
}

// TestInlayHintsFollowTheSettings sees that an editor asks again when they are switched on or off.
func TestInlayHintsFollowTheSettings(t *testing.T) {
	e, _, _, u := begin(t, "-- Dockerfile --\n"+hinted, object{"workspace": object{"inlayHint": object{"refreshSupport": true}}})
	e.diagnostics(u, 1)
	for _, on := range []bool{true, false} {
		e.notify("workspace/didChangeConfiguration", object{"settings": object{"pylint-docker": object{"inlayHints": object{"variables": on}}}})
		e.wait("workspace/inlayHint/refresh")
		list := get[[]lsp.InlayHint](e, "textDocument/inlayHint", object{"textDocument": object{"uri": u}, "range": object{
			"start": object{"line": 1, "character": 0}, "end": object{"line": 2, "character": 0},
		}})
		if (len(list) == 1) != on {
			t.Errorf("%v: got %v", on, list)
		}
	}
}

func TestCodeLenses(t *testing.T) {
	dir := project(t, "-- Dockerfile --\nFROM python:3.12 AS builder\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install flask==3.1.0\nFROM python:3.12-slim\nCOPY --from=builder /opt/venv /opt/venv\nRUN apt-get update && apt-get install -y --no-install-recommends gcc\n")
	for settings, want := range map[string]string{
		`{}`:                           "",
		`{"codeLens":{"stages":true}}`: "0 gives /opt/venv|2 final image: 1 OS package (about 160 MB), /opt/venv",
		`{"codeLens":{"stages":true,"commands":true}}`: "0 gives /opt/venv|2 final image: 1 OS package (about 160 MB), /opt/venv|2 Show the stage graph pylint-docker.showStageGraph",
	} {
		e := connect(t)
		e.start(dir, object{}, json.RawMessage(settings))
		u := e.open(filepath.Join(dir, "Dockerfile"), content(t, dir, "Dockerfile"))
		var got []string
		for _, l := range get[[]lsp.CodeLens](e, "textDocument/codeLens", object{"textDocument": object{"uri": u}}) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s %s", l.Range.Start.Line, l.Command.Title, l.Command.Command)))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: got %v", settings, got)
		}
	}
}
