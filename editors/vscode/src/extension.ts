// The extension of VS Code: it finds the program, runs it as a language server, and adds commands to what the server does.
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { codeActions, editOf, fixAllKind } from './actions';
import { Preview } from './convert';
import { Graphs } from './graph';
import { showImage } from './image';
import { Server } from './server';
import { restarting, section } from './settings';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('pylint-docker', { log: true });
  const server = new Server(context, output);
  const preview = new Preview();
  const graphs = new Graphs(() => server.binary?.path);

  // command makes one that is about the Dockerfile in front.
  const command = (name: string, run: (client: LanguageClient, document: vscode.TextDocument) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`${section}.${name}`, async () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== 'dockerfile') {
        void vscode.window.showInformationMessage('Open a Dockerfile first.');
      } else if (!server.client?.isRunning()) {
        void vscode.window.showWarningMessage('The server of pylint-docker does not run; its logs say why.');
      } else {
        await run(server.client, document);
      }
    });

  context.subscriptions.push(
    output, server, preview, graphs,
    command('fixAll', fixAll),
    command('convertToMultiStage', (client, document) => preview.convertToMultiStage(client, document)),
    command('showStageGraph', (_, document) => graphs.show(document)),
    vscode.commands.registerCommand(`${section}.showImage`, () => showImage(server.binary?.path)),
    vscode.commands.registerCommand(`${section}.restart`, () => server.restart()),
    vscode.commands.registerCommand(`${section}.showLogs`, () => output.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (restarting.some((key) => e.affectsConfiguration(key))) {
        void server.restart();
      }
    }),
    vscode.workspace.onWillSaveTextDocument((e) => {
      const client = server.client;
      const wanted = vscode.workspace.getConfiguration(section, e.document).get<boolean>('fixAllOnSave');
      if (wanted && e.document.languageId === 'dockerfile' && e.reason === vscode.TextDocumentSaveReason.Manual && client?.isRunning()) {
        e.waitUntil(fixesOnSave(client, e.document));
      }
    }),
  );
  await server.restart();
}

async function fixAll(client: LanguageClient, document: vscode.TextDocument): Promise<void> {
  const [action] = await codeActions(client, document, fixAllKind);
  const edit = await editOf(client, action);
  if (!edit) {
    void vscode.window.showInformationMessage('There is nothing that can be fixed safely.');
    return;
  }
  await vscode.workspace.applyEdit(edit);
}

/** What is saved can be changed on the way; other files, such as a .dockerignore, are left to the command. */
async function fixesOnSave(client: LanguageClient, document: vscode.TextDocument): Promise<vscode.TextEdit[]> {
  const [action] = await codeActions(client, document, fixAllKind);
  return (await editOf(client, action))?.get(document.uri) ?? [];
}
