package lsp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lsp"
)

// marked shows the places in the text.
func marked(text string, list []lsp.Location) string {
	var lines []string
	for _, l := range list {
		line := strings.Split(text, "\n")[l.Range.Start.Line]
		lines = append(lines, line[:l.Range.Start.Character]+"["+line[l.Range.Start.Character:l.Range.End.Character]+"]"+line[l.Range.End.Character:])
	}
	return strings.Join(lines, "\n")
}

func TestDefinitionAndReferences(t *testing.T) {
	e, dir, text, u := begin(t, sample, object{})
	for _, c := range []struct{ at, definition, references string }{
		{
			"--from=bu|ilder", "FROM python:${VERSION}-slim AS [builder]",
			"COPY --from=[builder] /root/.local /root/.local\nRUN --mount=type=bind,from=[builder],target=/b ls /b",
		},
		{"WORKDIR $APP|_DIR", "ENV [APP_DIR]=/app APP_LOG=/log", "WORKDIR $[APP_DIR]\nRUN pip install --user -r requirements.txt && echo \"${[APP_DIR]}\""},
		{"python:${VER|SION}-slim AS", "ARG [VERSION]=3.12", "FROM python:${[VERSION]}-slim AS builder\nFROM python:${[VERSION]}-slim"},
	} {
		if diff := cmp.Diff(c.definition, marked(text, get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, c.at)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
		if diff := cmp.Diff(c.references, marked(text, get[[]lsp.Location](e, "textDocument/references", at(t, u, text, c.at)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
	}
	// All places that name a file are its references, wherever one asks.
	for _, place := range []string{"-r requ|irements.txt", "COPY requ|irements.txt"} {
		const want = "COPY [requirements.txt] ./\nRUN pip install --user -r [requirements.txt] && echo \"${APP_DIR}\""
		if diff := cmp.Diff(want, marked(text, get[[]lsp.Location](e, "textDocument/references", at(t, u, text, place)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", place, diff)
		}
	}
	file := get[[]lsp.Location](e, "textDocument/definition", at(t, u, text, "-r requ|irements.txt"))
	if len(file) != 1 || file[0].URI != uri(dir+"/requirements.txt") {
		t.Errorf("got %+v", file)
	}
	if a := e.ask("textDocument/definition", at(t, u, text, "# a comm|ent")); string(a.Result) != "null" {
		t.Errorf("got %s", a.Result)
	}
}

func TestRename(t *testing.T) {
	e, _, text, u := begin(t, sample, object{})
	for _, c := range []struct{ at, old, fresh string }{
		{"--from=bu|ilder", "builder", "wheels"},
		{"WORKDIR $APP|_DIR", "APP_DIR", "HERE"},
		{"ARG VER|SION", "VERSION", "PY"},
	} {
		params := at(t, u, text, c.at)
		if a := e.ask("textDocument/prepareRename", params); a.Error != nil || !strings.Contains(string(a.Result), c.old) {
			t.Errorf("%s: %s", c.at, a.Result)
		}
		params["newName"] = c.fresh
		edit := get[lsp.WorkspaceEdit](e, "textDocument/rename", params)
		if diff := cmp.Diff(strings.ReplaceAll(text, c.old, c.fresh), applyEdits(t, text, edit.Changes[u])); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.at, diff)
		}
	}
	e, _, text, u = begin(t, strings.Replace(sample, "-slim\n# a comment", "-slim AS final\nCOPY --from=alpine /etc/passwd /x\n# a comment", 1), object{})
	for _, c := range []struct{ at, fresh string }{
		{"--from=bu|ilder", "no good"},
		{"--from=bu|ilder", "scratch"},
		{"--from=bu|ilder", "FINAL"},
		{"--from=bu|ilder", "alpine"}, // would take the image's place
		{"WORKDIR $APP|_DIR", "1x"},
		{"WORKDIR $APP|_DIR", "APP_LOG"}, // is there already
		{"local/bin:$PA|TH", "X"},        // programs read it
		{"# a com|ment", "X"},
	} {
		params := at(t, u, text, c.at)
		params["newName"] = c.fresh
		if a := e.ask("textDocument/rename", params); a.Error == nil {
			t.Errorf("%s to %s: got %s", c.at, c.fresh, a.Result)
		}
	}
}

func TestRenameRefusesWhatIsUncertain(t *testing.T) {
	for _, dockerfile := range []string{
		"FROM python:3.12\nENV NAME=x\nRUN NAME=y && echo $NAME\n",
		"FROM python:3.12\nENV NAME=x\nRUN python -c \"import os; os.environ['NAME']\"\n",
		"FROM python:3.12\nENV NAME=x\nRUN echo '$NAME'\n",
		"FROM python:3.12\nENV NAME=x\nCMD [\"sh\", \"-c\", \"echo $NAME\"]\n",
	} {
		e, _, text, u := begin(t, "-- Dockerfile --\n"+dockerfile, object{})
		params := at(t, u, text, "ENV NA|ME")
		params["newName"] = "FRESH"
		if a := e.ask("textDocument/rename", params); a.Error == nil {
			t.Errorf("%s: got %s", dockerfile, a.Result)
		}
	}
}

// A stage "calls" those that it is built from and takes files of.
func TestCallHierarchy(t *testing.T) {
	const text = "FROM python:3.12-slim AS base\nFROM base AS builder\nRUN pip wheel -w /w flask\nFROM base\nCOPY --from=builder /w /w\nRUN --mount=from=1,target=/b pip install --no-index -f /b/w flask\n"
	e, _, _, u := begin(t, "-- Dockerfile --\n"+text, object{})
	calls := func(where, method, as string) string {
		t.Helper()
		items := get[[]lsp.CallHierarchyItem](e, "textDocument/prepareCallHierarchy", at(t, u, text, where))
		if len(items) != 1 {
			t.Fatalf("%s: got %+v", where, items)
		}
		var list []string
		for _, call := range get[[]map[string]json.RawMessage](e, "callHierarchy/"+method, object{"item": items[0]}) {
			var item lsp.CallHierarchyItem
			var ranges []lsp.Range
			if json.Unmarshal(call[as], &item) != nil || json.Unmarshal(call["fromRanges"], &ranges) != nil || item.URI != u {
				t.Fatalf("got %s", call)
			}
			for _, r := range ranges {
				list = append(list, fmt.Sprintf("%s:%d:%d", item.Name, r.Start.Line+1, r.Start.Character+1))
			}
		}
		return items[0].Name + " " + strings.Join(list, " ")
	}
	for _, c := range []struct{ where, method, as, want string }{
		{"FROM ba|se AS", "incomingCalls", "from", "base builder:2:6 stage 2:4:6"},
		{"p|ip wheel", "outgoingCalls", "to", "builder base:2:6"},
		{"p|ip install", "outgoingCalls", "to", "stage 2 base:4:6 builder:5:13 builder:6:18"},
		{"from=|1", "incomingCalls", "from", "builder stage 2:5:13 stage 2:6:18"},
		{"AS ba|se", "outgoingCalls", "to", "base "},
	} {
		if got := calls(c.where, c.method, c.as); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.where, c.method, got, c.want)
		}
	}
}
