// What each message of the server must look like, in the types of the independent library vscode-languageserver-protocol.
// conformance.mjs makes JSON schemas of these.
import type {
  ApplyWorkspaceEditParams, CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, CodeAction, CodeLens, CompletionList, ConfigurationParams, DocumentDiagnosticReport, DocumentHighlight, DocumentLink, DocumentSymbol, FoldingRange, Hover,
  InitializeResult, InlayHint, LinkedEditingRanges, Location, PublishDiagnosticsParams, Range, RegistrationParams, SelectionRange, SemanticTokens,
  ShowMessageParams, SignatureHelp, SymbolInformation, TextEdit, WorkspaceDiagnosticReport,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';

export interface Results {
  'initialize': InitializeResult;
  'shutdown': null;
  'textDocument/diagnostic': DocumentDiagnosticReport;
  'workspace/diagnostic': WorkspaceDiagnosticReport;
  'textDocument/codeAction': CodeAction[] | null;
  'textDocument/codeLens': CodeLens[] | null;
  'textDocument/hover': Hover | null;
  'textDocument/definition': Location[] | null;
  'textDocument/references': Location[] | null;
  'textDocument/prepareRename': { range: Range; placeholder: string } | null;
  'textDocument/rename': WorkspaceEdit | null;
  'textDocument/documentSymbol': DocumentSymbol[] | SymbolInformation[] | null;
  'textDocument/foldingRange': FoldingRange[] | null;
  'textDocument/documentLink': DocumentLink[] | null;
  'textDocument/completion': CompletionList | null;
  'textDocument/inlayHint': InlayHint[] | null;
  'textDocument/signatureHelp': SignatureHelp | null;
  'textDocument/documentHighlight': DocumentHighlight[] | null;
  'textDocument/linkedEditingRange': LinkedEditingRanges | null;
  'textDocument/selectionRange': SelectionRange[] | null;
  'textDocument/semanticTokens/full': SemanticTokens | null;
  'textDocument/formatting': TextEdit[] | null;
  'textDocument/rangeFormatting': TextEdit[] | null;
  'textDocument/onTypeFormatting': TextEdit[] | null;
  'textDocument/prepareCallHierarchy': CallHierarchyItem[] | null;
  'callHierarchy/incomingCalls': CallHierarchyIncomingCall[] | null;
  'callHierarchy/outgoingCalls': CallHierarchyOutgoingCall[] | null;
  'workspace/symbol': SymbolInformation[] | null;
}

export interface Told {
  'textDocument/publishDiagnostics': PublishDiagnosticsParams;
  'window/showMessage': ShowMessageParams;
  'client/registerCapability': RegistrationParams;
  'workspace/configuration': ConfigurationParams;
  'workspace/applyEdit': ApplyWorkspaceEditParams;
}
