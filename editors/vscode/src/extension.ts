// The extension of VS Code: it finds the program, runs it as a language server, and adds commands to what the server does.
import type * as vscode from 'vscode';
import { start } from './commands';
import { showImage } from './image';
import { Program } from './program';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const program = new Program(context.extensionPath);
  await start(context, () => program.find(), (args, document) => program.run(args, document), () => showImage(program.binary?.path));
}
