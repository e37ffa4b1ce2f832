import * as vscode from 'vscode';
import { type BaseLanguageClient, type CodeAction, CodeActionRequest } from 'vscode-languageclient';

export const fixAllKind = 'source.fixAll.pylint-docker';

/** The server's code actions of a kind for a whole document. */
export async function codeActions(client: BaseLanguageClient, document: vscode.TextDocument, kind: string, token?: vscode.CancellationToken): Promise<CodeAction[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const list = await client.sendRequest(CodeActionRequest.type, {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    range: client.code2ProtocolConverter.asRange(whole),
    context: { diagnostics: [], only: [kind] },
  }, token);
  return (list ?? []).filter((action): action is CodeAction => 'edit' in action);
}

/** The edit of an action as VS Code wants it. */
export async function editOf(client: BaseLanguageClient, action: CodeAction | undefined): Promise<vscode.WorkspaceEdit | undefined> {
  return action?.edit ? client.protocol2CodeConverter.asWorkspaceEdit(action.edit) : undefined;
}

/** The text of a document after the edit's changes to it. */
export function textAfter(document: vscode.TextDocument, edit: vscode.WorkspaceEdit): string {
  const edits = [...edit.get(document.uri)].sort((a, b) => document.offsetAt(a.range.start) - document.offsetAt(b.range.start));
  let text = '';
  let at = 0;
  for (const e of edits) {
    text += document.getText().slice(at, document.offsetAt(e.range.start)) + e.newText;
    at = document.offsetAt(e.range.end);
  }
  return text + document.getText().slice(at);
}
