package lsp

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type requestHandler func(context.Context, *view) (any, error)

// requests are those about a document. Each handler is in the file of its feature. One that is free does not wait for the analysis, and takes care
// of asking alone itself.
var requests = []struct {
	method string
	handle requestHandler
	free   bool
}{
	{"textDocument/diagnostic", pullDiagnostics, true},
	{"textDocument/codeAction", codeActions, false},
	{"textDocument/codeLens", codeLenses, false},
	{"textDocument/hover", hover, false},
	{"textDocument/definition", definition, false},
	{"textDocument/references", references, false},
	{"textDocument/prepareRename", prepareRename, false},
	{"textDocument/rename", rename, false},
	{"textDocument/documentSymbol", documentSymbols, false},
	{"textDocument/foldingRange", foldingRanges, false},
	{"textDocument/documentLink", documentLinks, false},
	{"textDocument/completion", completion, true},
	{"textDocument/inlayHint", inlayHints, false},
	{"textDocument/documentHighlight", documentHighlight, false},
	{"textDocument/linkedEditingRange", linkedEditing, false},
	{"textDocument/selectionRange", selectionRanges, false},
	{"textDocument/semanticTokens/full", semanticTokens, true},
	{"textDocument/signatureHelp", signatureHelp, true},
	{"textDocument/formatting", formatWhole, true},
	{"textDocument/rangeFormatting", formatRange, true},
	{"textDocument/onTypeFormatting", formatTyped, true},
	{"textDocument/prepareCallHierarchy", prepareCalls, false},
	{"callHierarchy/incomingCalls", incomingCalls, false},
	{"callHierarchy/outgoingCalls", outgoingCalls, false},
}

// emptyResults are the answers about documents that are not open or no Dockerfiles; for all others it is null.
var emptyResults = map[string]any{
	"textDocument/diagnostic": map[string]any{"kind": "full", "items": []Diagnostic{}},
}

var notifications = map[string]func(*Server, json.RawMessage) error{
	"initialized":                         (*Server).initialized,
	"textDocument/didOpen":                (*Server).didOpen,
	"textDocument/didChange":              (*Server).didChange,
	"textDocument/didSave":                (*Server).didSave,
	"textDocument/didClose":               (*Server).didClose,
	"workspace/didChangeConfiguration":    (*Server).didChangeConfiguration,
	"workspace/didChangeWatchedFiles":     (*Server).didChangeWatchedFiles,
	"workspace/didChangeWorkspaceFolders": (*Server).didChangeWorkspaceFolders,
}

// client is what the client can do.
type client struct {
	encoding         encoding
	pulls            bool // it asks for diagnostics, so that none are pushed
	relatedDocuments bool
	refreshes        bool // pulled diagnostics
	relatedInfo      bool
	codeDescription  bool
	tags             bool
	documentChanges  bool
	createsFiles     bool
	symbolTree       bool
	markdown         bool
	refreshesInlays  bool
	refreshesLenses  bool
	configuration    bool // it can be asked for settings
	tellsSettings    bool // it says when they change if it is asked to
	watchesFiles     bool
	picksFormatters  bool // it can be told which documents are formatted
}

func (s *Server) initialize(raw json.RawMessage) (any, error) {
	p, err := parse[initializeParams](raw)
	if err != nil {
		return nil, err
	}
	s.client = readClient(p.Capabilities)
	for _, f := range p.WorkspaceFolders {
		s.addFolder(f.URI)
	}
	if len(s.folders) == 0 {
		s.addFolder(p.RootURI)
	}
	if len(s.folders) == 0 && filepath.IsAbs(p.RootPath) {
		s.folders = append(s.folders, filepath.Clean(p.RootPath))
	}
	s.settings = s.readSettings(p.InitializationOptions)
	s.phase = running
	return map[string]any{
		"capabilities": s.capabilities(),
		"serverInfo":   map[string]string{"name": "pylint-docker", "version": s.options.Version},
	}, nil
}

func (s *Server) addFolder(uri string) {
	if path, ok := pathOf(uri); ok && !slices.Contains(s.folders, path) {
		s.folders = append(s.folders, path)
	}
}

func (s *Server) didChangeWorkspaceFolders(raw json.RawMessage) error {
	p, err := parse[struct {
		Event struct {
			Added   []workspaceFolder `json:"added"`
			Removed []workspaceFolder `json:"removed"`
		} `json:"event"`
	}](raw)
	if err != nil {
		return err
	}
	for _, f := range p.Event.Removed {
		if path, ok := pathOf(f.URI); ok {
			s.folders = slices.DeleteFunc(s.folders, func(other string) bool { return other == path })
		}
	}
	for _, f := range p.Event.Added {
		s.addFolder(f.URI)
	}
	s.lintAgain()
	return nil
}

// capability looks a path of keys with dots between them up in the client's capabilities, which may hold anything.
type capability struct{ v any }

func (c capability) at(path string) capability {
	for key := range strings.SplitSeq(path, ".") {
		object, _ := c.v.(map[string]any)
		c.v = object[key]
	}
	return c
}

func (c capability) yes() bool { b, _ := c.v.(bool); return b }

func (c capability) exists() bool { _, ok := c.v.(map[string]any); return ok }

func (c capability) has(word string) bool {
	list, _ := c.v.([]any)
	return slices.Contains(list, any(word))
}

func readClient(raw json.RawMessage) client {
	var v any
	_ = json.Unmarshal(raw, &v)
	root := capability{v}
	text, space := root.at("textDocument"), root.at("workspace")
	c := client{
		encoding:         utf16Encoding,
		pulls:            text.at("diagnostic").exists(),
		relatedDocuments: text.at("diagnostic.relatedDocumentSupport").yes(),
		refreshes:        space.at("diagnostics.refreshSupport").yes(),
		relatedInfo:      text.at("publishDiagnostics.relatedInformation").yes() || text.at("diagnostic.relatedInformation").yes(),
		codeDescription:  text.at("publishDiagnostics.codeDescriptionSupport").yes() || text.at("diagnostic.codeDescriptionSupport").yes(),
		tags:             text.at("publishDiagnostics.tagSupport").exists() || text.at("diagnostic.tagSupport").exists(),
		documentChanges:  space.at("workspaceEdit.documentChanges").yes(),
		createsFiles:     space.at("workspaceEdit.resourceOperations").has("create"),
		symbolTree:       text.at("documentSymbol.hierarchicalDocumentSymbolSupport").yes(),
		markdown:         text.at("hover.contentFormat").has("markdown"),
		refreshesInlays:  space.at("inlayHint.refreshSupport").yes(),
		refreshesLenses:  space.at("codeLens.refreshSupport").yes(),
		configuration:    space.at("configuration").yes(),
		tellsSettings:    space.at("didChangeConfiguration.dynamicRegistration").yes(),
		watchesFiles:     space.at("didChangeWatchedFiles.dynamicRegistration").yes(),
		picksFormatters:  text.at("formatting.dynamicRegistration").yes() && text.at("rangeFormatting.dynamicRegistration").yes(),
	}
	if root.at("general.positionEncodings").has(string(utf8Encoding)) {
		c.encoding = utf8Encoding
	}
	return c
}

func (s *Server) capabilities() map[string]any {
	found := map[string]any{
		"positionEncoding": s.client.encoding,
		"textDocumentSync": map[string]any{
			"openClose": true, "change": 2, "save": map[string]any{"includeText": false},
		},
		"hoverProvider":                    true,
		"definitionProvider":               true,
		"referencesProvider":               true,
		"renameProvider":                   map[string]any{"prepareProvider": true},
		"documentSymbolProvider":           true,
		"foldingRangeProvider":             true,
		"documentLinkProvider":             map[string]any{"resolveProvider": false},
		"inlayHintProvider":                true,
		"completionProvider":               map[string]any{"triggerCharacters": []string{"=", "$", "{", "[", ",", "-", ":", "/"}, "resolveProvider": false},
		"documentOnTypeFormattingProvider": map[string]any{"firstTriggerCharacter": "\n"},
		"codeLensProvider":                 map[string]any{"resolveProvider": false},
		"documentHighlightProvider":        true,
		"linkedEditingRangeProvider":       true,
		"callHierarchyProvider":            true,
		"selectionRangeProvider":           true,
		"workspaceSymbolProvider":          true,
		"semanticTokensProvider": map[string]any{
			"legend": map[string]any{"tokenTypes": tokenTypes, "tokenModifiers": []string{}}, "full": true,
		},
		"signatureHelpProvider": map[string]any{"triggerCharacters": []string{" ", "=", "[", ",", "-"}},
		"codeActionProvider":    map[string]any{"codeActionKinds": actionKinds, "resolveProvider": false},
		"workspace": map[string]any{
			"workspaceFolders": map[string]any{"supported": true, "changeNotifications": true},
		},
	}
	if !s.client.picksFormatters {
		found["documentFormattingProvider"], found["documentRangeFormattingProvider"] = true, true
	}
	if s.client.pulls {
		found["diagnosticProvider"] = map[string]any{
			"identifier": "pylint-docker", "interFileDependencies": true, "workspaceDiagnostics": s.settings.WorkspaceDiagnostics,
		}
	}
	return found
}

// watched are the files that findings depend on besides the Dockerfile.
const watched = "**/{*requirements*.txt,*constraints*.txt,*requirements*.in,requirements/*.txt,pyproject.toml,setup.py,setup.cfg," +
	"Pipfile,Pipfile.lock,poetry.lock,uv.lock,pdm.lock,environment*.yml,environment*.yaml,.dockerignore,*.dockerignore," +
	".pylint-docker.yaml,.pylint-docker.yml,.hadolint.yaml,.hadolint.yml,.env,compose*.yml,compose*.yaml,docker-compose*.yml,docker-compose*.yaml,docker-bake*.hcl,docker-bake*.json}"

// watchedToo are watched when findings in files that are not open are shown.
const watchedToo = "**/{Dockerfile,dockerfile,Dockerfile.*,Dockerfile-*,Dockerfile_*,*.Dockerfile,*.dockerfile,Containerfile*}"

func (s *Server) initialized(json.RawMessage) error {
	registrations := []any{}
	register := func(method string, options any) {
		registrations = append(registrations, map[string]any{"id": section + " " + method, "method": method, "registerOptions": options})
	}
	if s.client.watchesFiles {
		watchers := []any{map[string]any{"globPattern": watched}}
		if s.settings.WorkspaceDiagnostics {
			watchers = append(watchers, map[string]any{"globPattern": watchedToo})
		}
		register("workspace/didChangeWatchedFiles", map[string]any{"watchers": watchers})
	}
	if s.client.picksFormatters {
		// For Dockerfiles only: VS Code asks which of two formatters is wanted for all files that it shows us, pyproject.toml among them.
		selector := map[string]any{"documentSelector": []any{map[string]any{"language": "dockerfile"}}}
		register("textDocument/formatting", selector)
		register("textDocument/rangeFormatting", selector)
	}
	if s.client.tellsSettings {
		register("workspace/didChangeConfiguration", map[string]any{"section": section})
	}
	if len(registrations) > 0 {
		s.ask("client/registerCapability", map[string]any{"registrations": registrations}, nil)
	}
	s.pullSettings()
	s.disturb()
	return nil
}

// workingDir is where a file without a folder of the workspace is thought to stand.
func (s *Server) workingDir() string {
	if s.options.Dir != "" {
		return s.options.Dir
	}
	dir, err := os.Getwd()
	if err != nil {
		return os.TempDir()
	}
	return dir
}
