// What the extension adds to what the server does, on every platform.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { codeActions, editOf, fixAllKind } from './actions';
import { Preview } from './convert';
import { Graphs, type Run } from './graph';
import { type Launch, Server } from './server';
import { restarting, section } from './settings';

/** Registers all commands, and starts the server that is found. Run runs the program, showImage is the command of that name. */
export async function start(context: vscode.ExtensionContext, find: () => Promise<Launch | undefined>, run: Run, showImage: () => unknown): Promise<void> {
  const output = vscode.window.createOutputChannel('pylint-docker', { log: true });
  const server = new Server(output, find);
  const preview = new Preview();
  const graphs = new Graphs(run);

  // command makes one that is about the Dockerfile in front.
  const command = (name: string, run: (client: BaseLanguageClient, document: vscode.TextDocument) => unknown): vscode.Disposable =>
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
    vscode.commands.registerCommand(`${section}.showImage`, showImage),
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

async function fixAll(client: BaseLanguageClient, document: vscode.TextDocument): Promise<void> {
  const [action] = await codeActions(client, document, fixAllKind);
  const edit = await editOf(client, action);
  if (!edit) {
    void vscode.window.showInformationMessage('There is nothing that can be fixed safely.');
    return;
  }
  await vscode.workspace.applyEdit(edit);
}

/** What is saved can be changed on the way; other files, such as a .dockerignore, are left to the command. */
async function fixesOnSave(client: BaseLanguageClient, document: vscode.TextDocument): Promise<vscode.TextEdit[]> {
  const [action] = await codeActions(client, document, fixAllKind);
  return (await editOf(client, action))?.get(document.uri) ?? [];
}
