import * as vscode from 'vscode';

export const section = 'pylint-docker';

/** Settings that a running server can't take over. */
export const restarting = ['enable', 'path', 'importStrategy', 'interpreter', 'workspaceDiagnostics'].map((key) => `${section}.${key}`);

/** What the server is told at the start; later it asks. */
export function serverSettings(): Record<string, unknown> {
  const config = vscode.workspace.getConfiguration(section);
  const keys = ['configuration', 'select', 'extendSelect', 'ignore', 'context', 'target', 'buildArgs', 'image', 'inlayHints', 'codeLens', 'workspaceDiagnostics'];
  const settings = Object.fromEntries(keys.map((key) => [key, config.get(key)]));
  // VS Code's own objects can't be sent to a worker.
  return JSON.parse(JSON.stringify({ ...settings, codeLens: { ...(settings.codeLens as object), commands: true } }));
}

/** The arguments of `pylint-docker graph` that mean what the settings mean. */
export function buildArguments(): string[] {
  const config = vscode.workspace.getConfiguration(section);
  const list: string[] = [];
  for (const [flag, key] of [['--config', 'configuration'], ['--context', 'context'], ['--target', 'target']] as const) {
    const value = config.get<string | null>(key);
    if (value) {
      list.push(flag, value);
    }
  }
  for (const [name, value] of Object.entries(config.get<Record<string, string>>('buildArgs') ?? {})) {
    list.push('--build-arg', `${name}=${value}`);
  }
  return list;
}
