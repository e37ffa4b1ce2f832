import * as vscode from 'vscode';
import { buildArguments } from './settings';

/** Runs the program with a Dockerfile as its input, and gives what it prints; or fails with what went wrong. */
export type Run = (args: string[], document: vscode.TextDocument) => Promise<string>;

/** Graphs shows the stage graph of Dockerfiles beside them, and draws it anew when the text changes. */
export class Graphs implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listener = vscode.workspace.onDidChangeTextDocument((e) => this.changed(e.document));

  constructor(private readonly run: Run) {}

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
    void this.draw(document);
  }

  private changed(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (this.panels.has(key)) {
      clearTimeout(this.timers.get(key));
      this.timers.set(key, setTimeout(() => void this.draw(document), 300));
    }
  }

  private async draw(document: vscode.TextDocument): Promise<void> {
    const panel = this.panels.get(document.uri.toString());
    if (!panel) {
      return;
    }
    try {
      panel.webview.html = page(picture(await this.run(['graph', '--format', 'svg', ...buildArguments()], document)));
    } catch (error) {
      panel.webview.html = page(`<p>${escape(error instanceof Error ? error.message : String(error))}</p>`);
    }
  }
}

/** An image runs no scripts, whatever is in it. */
function picture(svg: string): string {
  return `<img alt="the stages and what flows between them" src="data:image/svg+xml;base64,${base64(svg)}">`;
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function page(body: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>body { padding: 1em } img { max-width: 100%; min-width: 60em; height: auto }</style></head><body>${body}</body></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
