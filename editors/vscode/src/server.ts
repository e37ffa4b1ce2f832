import * as vscode from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State } from 'vscode-languageclient';
import { section, serverSettings } from './settings';

/** Dockerfiles; and files that findings depend on, so that they count as they are in the editor. */
function documents(schemes: string[]): NonNullable<LanguageClientOptions['documentSelector']> {
  return schemes.flatMap((scheme) => [
    { language: 'dockerfile', scheme },
    { scheme, pattern: '**/{*requirements*.txt,*constraints*.txt,requirements/*.txt,pyproject.toml,setup.cfg,Pipfile,.dockerignore,*.dockerignore}' },
    // Dockerfiles are written into these, too.
    { scheme, pattern: '**/{compose,compose.*,compose-*,docker-compose,docker-compose.*,docker-compose-*}.{yml,yaml}' },
    { scheme, pattern: '**/{bake,bake.*,bake-*,docker-bake,docker-bake.*,docker-bake-*}.{hcl,json}' },
  ]).concat([{ language: 'dockerfile', scheme: 'untitled' }]);
}

/** A language server that can be started, and what is said of it: where it is from, and its path. */
export interface Launch {
  origin: string;
  detail: string;
  /** The schemes of the files that it can read. */
  schemes: string[];
  client(options: LanguageClientOptions): BaseLanguageClient;
}

/** Server starts and stops the language server, and says in the corner of the window which one runs. */
export class Server implements vscode.Disposable {
  client: BaseLanguageClient | undefined;
  private launch: Launch | undefined;
  private readonly status = vscode.languages.createLanguageStatusItem(section, { language: 'dockerfile' });
  /** Starts and stops come one after the other. */
  private queue: Promise<void> = Promise.resolve();

  /** Find looks for the server, and tells the user when there is none. */
  constructor(
    readonly output: vscode.LogOutputChannel,
    private readonly find: () => Promise<Launch | undefined>,
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
    if (!vscode.workspace.getConfiguration(section).get<boolean>('enable', true)) {
      this.say('switched off', vscode.LanguageStatusSeverity.Information);
      return;
    }
    const launch = await this.find();
    this.launch = launch;
    if (!launch) {
      this.say('the program was not found', vscode.LanguageStatusSeverity.Error);
      return;
    }
    this.output.info(`Starting ${launch.detail} (${launch.origin})`);
    const client = launch.client({
      documentSelector: documents(launch.schemes),
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
      this.output.error(`${launch.detail} could not be started: ${error}`);
      return;
    }
    const version = client.initializeResult?.serverInfo?.version ?? '';
    this.say(`${version}, ${launch.origin}`, vscode.LanguageStatusSeverity.Information);
  }

  private say(text: string, severity: vscode.LanguageStatusSeverity): void {
    this.status.text = `pylint-docker: ${text}`;
    this.status.detail = this.launch?.detail ?? '';
    this.status.severity = severity;
  }
}
