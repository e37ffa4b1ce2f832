// The program as WebAssembly, in workers of its own.
import * as vscode from 'vscode';
import { answer, type Answer, type Question } from './files';

/** What a worker is started with: the messages of its standard streams go through one port, those about files through the other. */
export interface Start {
  module: WebAssembly.Module;
  args: string[];
  folder: string;
  /** The standard input, whole; without it the port carries messages of the language server. */
  input?: string;
  streams: MessagePort;
  files: MessagePort;
}
/** How a run that was given its input has ended. */
export interface End {
  code: number;
  output: string;
  errors: string;
}

export class Program {
  private module: Promise<WebAssembly.Module> | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  /** Starts the program. The port is for its standard streams. */
  async start(args: string[], folder: string, input?: string): Promise<{ streams: MessagePort; worker: Worker }> {
    this.module ??= this.load();
    const module = await this.module;
    const worker = new Worker(vscode.Uri.joinPath(this.extension, 'dist/web/worker.js').toString(true));
    const streams = new MessageChannel();
    const files = new MessageChannel();
    files.port1.onmessage = async ({ data }: MessageEvent<Question>) => {
      files.port1.postMessage(await answer(data) satisfies Answer);
    };
    const start: Start = { module, args, folder, streams: streams.port2, files: files.port2, ...(input === undefined ? {} : { input }) };
    worker.postMessage(start, [streams.port2, files.port2]);
    return { streams: streams.port1, worker };
  }

  /** Runs the program to its end. */
  async run(args: string[], folder: string, input: string): Promise<End> {
    const { streams, worker } = await this.start(args, folder, input);
    try {
      return await new Promise<End>((done, failed) => {
        const timer = setTimeout(() => failed(new Error('it took too long')), 20_000);
        streams.onmessage = ({ data }: MessageEvent<End>) => { clearTimeout(timer); done(data); };
        worker.onerror = (event) => failed(new Error(event.message));
      });
    } finally {
      worker.terminate();
    }
  }

  private async load(): Promise<WebAssembly.Module> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extension, 'dist/web/pylint-docker.wasm'));
    return WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  }
}
