import { execFile } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { buildArguments } from './settings';

/** Graphs shows the stage graph of Dockerfiles beside them, and draws it anew when the text changes. */
export class Graphs implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly listener = vscode.workspace.onDidChangeTextDocument((e) => this.changed(e.document));

  constructor(private readonly program: () => string | undefined) {}

  dispose(): void {
    this.listener.dispose();
    for (const panel of this.panels.values()) {
      panel.dispose();
    }
  }

  async show(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    let panel = this.panels.get(key);
    if (panel) {
      panel.reveal(undefined, true);
    } else {
      const title = `Stages of ${vscode.workspace.asRelativePath(document.uri)}`;
      const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.One;
      panel = vscode.window.createWebviewPanel('pylint-docker.graph', title, { viewColumn: column, preserveFocus: true });
      panel.onDidDispose(() => this.panels.delete(key));
      this.panels.set(key, panel);
      // The picture is wide. The API knows columns only, the command also rows.
      await vscode.commands.executeCommand('workbench.action.moveEditorToBelowGroup');
      await vscode.window.showTextDocument(document, { viewColumn: column });
    }
    this.draw(document);
  }

  private changed(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (this.panels.has(key)) {
      clearTimeout(this.timers.get(key));
      this.timers.set(key, setTimeout(() => this.draw(document), 300));
    }
  }

  private draw(document: vscode.TextDocument): void {
    const program = this.program();
    const panel = this.panels.get(document.uri.toString());
    if (!program || !panel) {
      return;
    }
    const file = document.uri.scheme === 'file' ? document.uri.fsPath : '';
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? (file ? path.dirname(file) : undefined);
    const args = ['graph', '--format', 'svg', ...(file ? ['--stdin-filename', folder ? path.relative(folder, file) : file] : []), ...buildArguments(), '-'];
    const options = { maxBuffer: 64 << 20, timeout: 20_000, ...(folder ? { cwd: folder } : {}) };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      panel.webview.html = error ? page(`<p>${escape(stderr.trim() || String(error))}</p>`) : page(picture(stdout));
    });
    child.stdin?.on('error', () => undefined); // it may end before it has read all
    child.stdin?.end(document.getText());
  }
}

/** An image runs no scripts, whatever is in it. */
function picture(svg: string): string {
  return `<img alt="the stages and what flows between them" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;
}

function page(body: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>body { padding: 1em } img { max-width: 100%; min-width: 60em; height: auto }</style></head><body>${body}</body></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
