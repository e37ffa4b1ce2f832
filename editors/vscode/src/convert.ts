import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { codeActions, editOf, textAfter } from './actions';

const scheme = 'pylint-docker-preview';

/** Preview shows what a Dockerfile would become, and changes it when the user says so. */
export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  private count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.registration.dispose();
  }

  async convertToMultiStage(client: BaseLanguageClient, document: vscode.TextDocument): Promise<void> {
    const actions = await codeActions(client, document, 'refactor.rewrite');
    const action = actions.find((a) => a.title.startsWith('Convert to a multi-stage build'));
    const edit = await editOf(client, action);
    if (!edit) {
      void vscode.window.showInformationMessage(
        'There is nothing to convert: this Dockerfile has several stages already, or pylint-docker can\'t be sure of the result. The finding PLD101, if there is one, says why.');
      return;
    }
    const version = document.version;
    // A new address each time: VS Code keeps the text of an old one.
    this.count += 1;
    const preview = document.uri.with({ scheme, query: String(this.count) });
    this.texts.set(preview.toString(), textAfter(document, edit));
    try {
      await vscode.commands.executeCommand('vscode.diff', document.uri, preview, `${name(document.uri)}: as a multi-stage build`);
      const others = edit.entries().filter(([uri]) => uri.toString() !== document.uri.toString()).map(([uri]) => name(uri));
      const also = others.length > 0 ? ` It also changes ${others.join(', ')}.` : '';
      const answer = await vscode.window.showInformationMessage(
        `Convert ${name(document.uri)} to a multi-stage build?${also} Build and try the image afterwards: paths and layers change.`, 'Convert', 'Discard');
      if (answer === undefined) {
        return; // the comparison stays open to be read
      }
      await closeTab(preview);
      if (answer === 'Discard') {
        return;
      }
      if (document.version !== version) {
        void vscode.window.showWarningMessage('The Dockerfile has changed meanwhile, so that it was not converted. Ask for the conversion again.');
        return;
      }
      await vscode.workspace.applyEdit(edit);
      await vscode.window.showTextDocument(document);
    } finally {
      if (!findTab(preview)) {
        this.texts.delete(preview.toString());
      }
    }
  }
}

function name(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

function findTab(preview: vscode.Uri): vscode.Tab | undefined {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs)
    .find((tab) => tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === preview.toString());
}

async function closeTab(preview: vscode.Uri): Promise<void> {
  const tab = findTab(preview);
  if (tab) {
    await vscode.window.tabGroups.close(tab);
  }
}
