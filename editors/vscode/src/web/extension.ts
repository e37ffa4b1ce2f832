// The extension in a browser, as in vscode.dev: the program is WebAssembly, and reads what VS Code can read.
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { start } from '../commands';
import type { Launch } from '../server';
import { section } from '../settings';
import { converters, pathOf } from './files';
import { Program } from './program';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const program = new Program(context.extensionUri);
  await start(context, () => find(program), (args, document) => run(program, args, document), () => vscode.window.showInformationMessage(
    'A browser has no images: this needs VS Code on the desktop, or `pylint-docker image` in a terminal.'));
}

let running: Worker | undefined;

async function find(program: Program): Promise<Launch> {
  running?.terminate(); // the one before, after a restart
  const { streams, worker } = await program.start(['lsp'], folderOf(undefined));
  running = worker;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    origin: 'of the extension, as WebAssembly',
    detail: 'pylint-docker.wasm',
    schemes: [...new Set(folders.map((folder) => folder.uri.scheme))],
    // The client only ever sends messages and hears them, which a port does as well.
    client: (options) => new LanguageClient(section, 'pylint-docker', { ...options, uriConverters: converters }, streams as unknown as Worker),
  };
}

async function run(program: Program, args: string[], document: vscode.TextDocument): Promise<string> {
  const folder = folderOf(document.uri);
  const path = pathOf(document.uri);
  const name = document.uri.scheme === 'untitled' ? [] : ['--stdin-filename', path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path];
  const { code, output, errors } = await program.run([...args, ...name, '-'], folder, document.getText());
  if (code !== 0) {
    throw new Error(errors.trim() || `exit code ${code}`);
  }
  return output;
}

/** The path of the workspace folder of a document, else of the first. */
function folderOf(uri: vscode.Uri | undefined): string {
  const folder = (uri && vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder ? pathOf(folder.uri) : '/';
}
