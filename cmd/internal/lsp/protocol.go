package lsp

import "encoding/json"

// The structures of the Language Server Protocol 3.17 that are used, under their names there.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

// Position is a place in a document; Character counts in the negotiated encoding.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// Range is half-open.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Location is a range of a document.
type Location struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// TextEdit replaces a range.
type TextEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

// Diagnostic is a finding.
type Diagnostic struct {
	Range              Range                `json:"range"`
	Severity           int                  `json:"severity"`
	Code               string               `json:"code,omitempty"`
	CodeDescription    *CodeDescription     `json:"codeDescription,omitempty"`
	Source             string               `json:"source"`
	Message            string               `json:"message"`
	Tags               []int                `json:"tags,omitempty"`
	RelatedInformation []RelatedInformation `json:"relatedInformation,omitempty"`
}

// CodeDescription says where a code is explained.
type CodeDescription struct {
	Href string `json:"href"`
}

// RelatedInformation is another place of a finding.
type RelatedInformation struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

const (
	severityError = iota + 1
	severityWarning
	severityInformation
)

const (
	tagUnnecessary = iota + 1
	tagDeprecated
)

// WorkspaceEdit has either Changes or DocumentChanges.
type WorkspaceEdit struct {
	Changes         map[string][]TextEdit `json:"changes,omitempty"`
	DocumentChanges []any                 `json:"documentChanges,omitempty"`
}

// TextDocumentEdit edits one version of a document.
type TextDocumentEdit struct {
	TextDocument VersionedDocument `json:"textDocument"`
	Edits        []TextEdit        `json:"edits"`
}

// VersionedDocument names a document; Version is nil for one that is not open.
type VersionedDocument struct {
	URI     string `json:"uri"`
	Version *int   `json:"version"`
}

// CreateFile makes an empty file.
type CreateFile struct {
	Kind    string         `json:"kind"`
	URI     string         `json:"uri"`
	Options map[string]any `json:"options,omitempty"`
}

// CodeAction is a change that the user may choose.
type CodeAction struct {
	Title       string         `json:"title"`
	Kind        string         `json:"kind"`
	Diagnostics []Diagnostic   `json:"diagnostics,omitempty"`
	IsPreferred bool           `json:"isPreferred,omitempty"`
	Edit        *WorkspaceEdit `json:"edit"`
}

// MarkupContent is text of a kind, "markdown" or "plaintext".
type MarkupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Hover is what is shown at a position.
type Hover struct {
	Contents MarkupContent `json:"contents"`
	Range    *Range        `json:"range,omitempty"`
}

// DocumentSymbol is a node of the outline.
type DocumentSymbol struct {
	Name           string           `json:"name"`
	Detail         string           `json:"detail,omitempty"`
	Kind           int              `json:"kind"`
	Range          Range            `json:"range"`
	SelectionRange Range            `json:"selectionRange"`
	Children       []DocumentSymbol `json:"children,omitempty"`
}

// SymbolInformation is a symbol for clients that know no tree.
type SymbolInformation struct {
	Name          string   `json:"name"`
	Kind          int      `json:"kind"`
	Location      Location `json:"location"`
	ContainerName string   `json:"containerName,omitempty"`
}

const (
	symbolModule   = 2
	symbolFunction = 12
	symbolVariable = 13
	symbolConstant = 14
)

// FoldingRange is a block of lines.
type FoldingRange struct {
	StartLine int    `json:"startLine"`
	EndLine   int    `json:"endLine"`
	Kind      string `json:"kind,omitempty"`
}

// DocumentLink is a range that leads elsewhere.
type DocumentLink struct {
	Range   Range  `json:"range"`
	Target  string `json:"target"`
	Tooltip string `json:"tooltip,omitempty"`
}

// CompletionItem is a proposal.
type CompletionItem struct {
	Label         string         `json:"label"`
	Kind          int            `json:"kind"`
	Detail        string         `json:"detail,omitempty"`
	Documentation *MarkupContent `json:"documentation,omitempty"`
	FilterText    string         `json:"filterText,omitempty"`
	SortText      string         `json:"sortText,omitempty"`
	TextEdit      TextEdit       `json:"textEdit"`
}

const (
	completionVariable = 6
	completionModule   = 9
	completionKeyword  = 14
	completionFile     = 17
	completionFolder   = 19
	completionConstant = 21
)

type contentChange struct {
	Range *Range `json:"range"`
	Text  string `json:"text"`
}

type documentID struct {
	URI     string `json:"uri"`
	Version int    `json:"version"`
}

// documentParams are the parameters of the requests about a document, taken together.
type documentParams struct {
	TextDocument documentID        `json:"textDocument"`
	Position     Position          `json:"position"`
	Range        Range             `json:"range"`
	Item         CallHierarchyItem `json:"item"`
	NewName      string            `json:"newName"`
	Positions    []Position        `json:"positions"`
	Options      formattingOptions `json:"options"`
	Context      struct {
		Only               []string `json:"only"`
		IncludeDeclaration bool     `json:"includeDeclaration"`
	} `json:"context"`
}

type initializeParams struct {
	RootURI               string            `json:"rootUri"`
	RootPath              string            `json:"rootPath"`
	WorkspaceFolders      []workspaceFolder `json:"workspaceFolders"`
	InitializationOptions json.RawMessage   `json:"initializationOptions"`
	Capabilities          json.RawMessage   `json:"capabilities"`
}

type workspaceFolder struct {
	URI  string `json:"uri"`
	Name string `json:"name"`
}
