// The program as a process of this machine.
import { execFile } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { type Binary, findBinary } from './binary';
import type { Launch } from './server';
import { section } from './settings';

export class Program {
  binary: Binary | undefined;

  constructor(private readonly extension: string) {}

  async find(): Promise<Launch | undefined> {
    const config = vscode.workspace.getConfiguration(section);
    const binary = await findBinary({
      paths: config.get<string[]>('path') ?? [],
      importStrategy: config.get('importStrategy') ?? 'fromEnvironment',
      interpreters: await interpreters(config.get<string[]>('interpreter') ?? []),
      folders: (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === 'file').map((f) => f.uri.fsPath),
      extension: this.extension,
      trusted: vscode.workspace.isTrusted,
      env: process.env,
      platform: process.platform,
      home: os.homedir(),
    });
    this.binary = binary;
    if (!binary) {
      void complain();
      return undefined;
    }
    return {
      origin: origins[binary.origin],
      detail: binary.path,
      schemes: ['file'],
      client: (options) => new LanguageClient(section, 'pylint-docker', { command: binary.path, args: ['lsp'] }, options),
    };
  }

  /** Runs the program with a Dockerfile as its input. */
  run(args: string[], document: vscode.TextDocument): Promise<string> {
    const program = this.binary?.path;
    if (!program) {
      return Promise.reject(new Error('The program pylint-docker was not found.'));
    }
    const file = document.uri.scheme === 'file' ? document.uri.fsPath : '';
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? (file ? path.dirname(file) : undefined);
    const all = [...args, ...(file ? ['--stdin-filename', folder ? path.relative(folder, file) : file] : []), '-'];
    const options = { maxBuffer: 64 << 20, timeout: 20_000, ...(folder ? { cwd: folder } : {}) };
    return new Promise((done, failed) => {
      const child = execFile(program, all, options, (error, stdout, stderr) => (error ? failed(new Error(stderr.trim() || String(error))) : done(stdout)));
      child.stdin?.on('error', () => undefined); // it may end before it has read all
      child.stdin?.end(document.getText());
    });
  }
}

const origins: Record<Binary['origin'], string> = {
  setting: 'from the settings',
  environment: "from the workspace's environment",
  PATH: 'from the PATH',
  bundled: 'of the extension',
};

async function complain(): Promise<void> {
  const answer = await vscode.window.showErrorMessage(
    'The program pylint-docker was not found. Install it with "pip install pylint-docker", or say in the settings where it is.', 'Open Settings');
  if (answer) {
    await vscode.commands.executeCommand('workbench.action.openSettings', `${section}.path`);
  }
}

/** The interpreters of the setting, or the one that is chosen in the Python extension, when that is there. */
async function interpreters(setting: string[]): Promise<string[]> {
  if (setting.length > 0) {
    return setting;
  }
  try {
    const python = vscode.extensions.getExtension('ms-python.python');
    const api = await python?.activate();
    const found: unknown = api?.environments?.getActiveEnvironmentPath?.(vscode.workspace.workspaceFolders?.[0]?.uri)?.path;
    return typeof found === 'string' && found !== 'python' ? [found] : [];
  } catch {
    return []; // what another extension does must not keep ours from starting
  }
}
