// The worker that holds the analyzer, so that typing never waits for it and the page can end it.
import 'wasm_exec'; // Go's own: defines globalThis.Go
import { unpack } from './lzma';
import { restoreReturns } from './returns';
import type { Checked, Files, Fixed, FromWorker, Level, ToWorker } from './protocol';

interface GoProgram {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
declare const Go: new () => GoProgram;
declare const pylintDocker: { check(request: string): string; fix(request: string): string };

const tell = (message: FromWorker): void => self.postMessage(message);

let latest = 0;
let started: Promise<void> | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'start') {
    started = start(data.module);
    started.catch((error: unknown) => tell({ kind: 'failed', message: String(error) }));
    return;
  }
  latest = data.id;
  void started?.then(() => answer(data.id, data.files)).catch((error: unknown) => tell({ kind: 'failed', message: String(error) }));
};

async function start(program: Extract<ToWorker, { kind: 'start' }>['module']): Promise<void> {
  const module = program instanceof WebAssembly.Module ? program : await compile(program);
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  // It ends only when it breaks: out of memory, or too deep a recursion.
  void go.run(instance).then(() => tell({ kind: 'failed', message: 'the analyzer has ended' }));
  tell({ kind: 'ready', module });
}

async function compile({ base64, properties, size }: { base64: string; properties: number; size: number }): Promise<WebAssembly.Module> {
  const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const program = unpack(packed, properties, size);
  restoreReturns(program);
  return WebAssembly.compile(program as Uint8Array<ArrayBuffer>);
}

async function answer(id: number, files: Files): Promise<void> {
  if (id !== latest) {
    return;
  }
  tell({ kind: 'checked', id, answer: JSON.parse(pylintDocker.check(JSON.stringify({ files }))) as Checked });
  for (const level of ['safe', 'unsafe'] as Level[]) {
    await new Promise((done) => setTimeout(done)); // newer files may be waiting
    if (id !== latest) {
      return;
    }
    tell({ kind: 'fixed', id, level, answer: JSON.parse(pylintDocker.fix(JSON.stringify({ files, level }))) as Fixed });
  }
}
