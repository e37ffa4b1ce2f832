import type { Checked, Files, Fixed, FromWorker, Level, ToWorker } from './protocol';

/** How long a single answer may take, in milliseconds. */
export const limit = 5000;

/** What becomes of files that were given to the analyzer. */
export interface Listener {
  ready(): void;
  checked(answer: Checked): void;
  fixed(level: Level, answer: Fixed): void;
  /** The analyzer was ended, because of the time or by itself; it comes back with the next files. */
  ended(why: string): void;
}

/** The analyzer in its worker. Only the latest files count. */
export class Analyzer {
  private worker: Worker | undefined;
  private module: WebAssembly.Module | undefined;
  private ready = false;
  private id = 0;
  private files: Files | undefined;
  private timer = 0;

  constructor(
    private readonly script: string,
    private readonly program: { base64: string; properties: number; size: number },
    private readonly listener: Listener,
  ) {
    this.start();
  }

  /** Looks at files: answers come to the listener. */
  look(files: Files): void {
    this.files = files;
    this.id++;
    if (!this.worker) {
      this.start();
    } else if (this.ready) {
      this.send();
    }
  }

  private start(): void {
    const url = URL.createObjectURL(new Blob([this.script], { type: 'text/javascript' }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker = worker;
    this.ready = false;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker === this.worker) {
        this.hear(data);
      }
    };
    worker.onerror = (event) => {
      if (worker === this.worker) {
        this.end(`The analyzer stopped: ${event.message || 'the browser refused its worker'}.`);
      }
    };
    this.post({ kind: 'start', module: this.module ?? this.program });
  }

  private post(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  private send(): void {
    if (!this.files) {
      return;
    }
    this.post({ kind: 'files', id: this.id, files: this.files });
    // A newer text gives an older one no more time: who types on would never see the end.
    this.timer ||= window.setTimeout(() => this.late(), limit);
  }

  private late(): void {
    this.end(`The analysis was ended after ${limit / 1000} seconds: this input is too much for a browser. Change it to try again.`);
  }

  private end(why: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.files = undefined;
    this.quiet();
    this.listener.ended(why);
  }

  private quiet(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'ready') {
      this.module = message.module; // to start again at once
      this.ready = true;
      this.listener.ready();
      this.send();
      return;
    }
    if (message.kind === 'failed') {
      this.end(`The analyzer stopped: ${message.message}.`);
      return;
    }
    this.quiet();
    const current = message.id === this.id;
    if (!current || message.kind === 'checked' || message.level === 'safe') {
      this.timer = window.setTimeout(() => this.late(), limit); // more is to come
    }
    if (!current) {
      return;
    }
    if (message.kind === 'checked') {
      this.listener.checked(message.answer);
    } else {
      this.listener.fixed(message.level, message.answer);
    }
  }
}
