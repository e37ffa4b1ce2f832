import * as os from 'node:os';
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import { type Binary, findBinary } from './binary';
import { section, serverSettings } from './settings';

/** Dockerfiles; and files that findings depend on, so that they count as they are in the editor. */
const documents: NonNullable<LanguageClientOptions['documentSelector']> = [
  { language: 'dockerfile', scheme: 'file' },
  { language: 'dockerfile', scheme: 'untitled' },
  { scheme: 'file', pattern: '**/{*requirements*.txt,*constraints*.txt,requirements/*.txt,pyproject.toml,setup.cfg,Pipfile,.dockerignore,*.dockerignore}' },
  // Dockerfiles are written into these, too.
  { scheme: 'file', pattern: '**/{compose,compose.*,compose-*,docker-compose,docker-compose.*,docker-compose-*}.{yml,yaml}' },
  { scheme: 'file', pattern: '**/{bake,bake.*,bake-*,docker-bake,docker-bake.*,docker-bake-*}.{hcl,json}' },
];

/** Server starts and stops the language server, and says in the corner of the window which one runs. */
export class Server implements vscode.Disposable {
  client: LanguageClient | undefined;
  binary: Binary | undefined;
  private readonly status = vscode.languages.createLanguageStatusItem(section, { language: 'dockerfile' });
  /** Starts and stops come one after the other. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly output: vscode.LogOutputChannel,
  ) {
    this.status.name = 'pylint-docker';
    this.status.command = { command: `${section}.showLogs`, title: 'Show the logs' };
  }

  restart(): Promise<void> {
    this.queue = this.queue.then(() => this.stop()).then(() => this.start());
    return this.queue;
  }

  dispose(): void {
    this.status.dispose();
    void this.queue.then(() => this.stop());
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.output.warn(`The server did not stop well: ${error}`);
    }
  }

  private async start(): Promise<void> {
    const config = vscode.workspace.getConfiguration(section);
    if (!config.get<boolean>('enable', true)) {
      this.say('switched off', vscode.LanguageStatusSeverity.Information);
      return;
    }
    this.binary = await findBinary({
      paths: config.get<string[]>('path') ?? [],
      importStrategy: config.get('importStrategy') ?? 'fromEnvironment',
      interpreters: await interpreters(config.get<string[]>('interpreter') ?? []),
      folders: (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === 'file').map((f) => f.uri.fsPath),
      extension: this.context.extensionPath,
      trusted: vscode.workspace.isTrusted,
      env: process.env,
      platform: process.platform,
      home: os.homedir(),
    });
    if (!this.binary) {
      this.say('the program was not found', vscode.LanguageStatusSeverity.Error);
      const answer = await vscode.window.showErrorMessage(
        'The program pylint-docker was not found. Install it with "pip install pylint-docker", or say in the settings where it is.', 'Open Settings');
      if (answer) {
        await vscode.commands.executeCommand('workbench.action.openSettings', `${section}.path`);
      }
      return;
    }
    this.output.info(`Starting ${this.binary.path} (${this.binary.origin})`);
    const executable = { command: this.binary.path, args: ['lsp'] };
    const client = new LanguageClient(section, 'pylint-docker', executable, {
      documentSelector: documents,
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: serverSettings(),
    });
    client.onDidChangeState((e) => {
      if (e.newState === State.Stopped && this.client === client) {
        this.say('stopped', vscode.LanguageStatusSeverity.Error);
      }
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.say('could not be started', vscode.LanguageStatusSeverity.Error);
      this.output.error(`${this.binary.path} could not be started: ${error}`);
      return;
    }
    const version = client.initializeResult?.serverInfo?.version ?? '';
    this.say(`${version}, ${origins[this.binary.origin]}`, vscode.LanguageStatusSeverity.Information);
  }

  private say(text: string, severity: vscode.LanguageStatusSeverity): void {
    this.status.text = `pylint-docker: ${text}`;
    this.status.detail = this.binary?.path ?? '';
    this.status.severity = severity;
  }
}

const origins: Record<Binary['origin'], string> = {
  setting: 'from the settings',
  environment: "from the workspace's environment",
  PATH: 'from the PATH',
  bundled: 'of the extension',
};

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
