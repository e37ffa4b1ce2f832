// The worker that runs the program: it gives Go's system calls files that are asked of the extension, and standard streams.
import 'wasm_exec'; // Go's own: defines globalThis.Go
import type { Answer, Question } from './files';
import type { End, Start } from './program';
import { Messages, Pipe } from './streams';

interface GoProgram {
  argv: string[];
  env: Record<string, string>;
  exit: (code: number) => void;
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
declare const Go: new () => GoProgram;
type Done<T> = (error: Error | null, value?: T) => void;

const flags = { O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536 };
/** How long an answer about a file counts, in milliseconds. The server looks at the same files for each question of the editor. */
const fresh = 3000;

self.onmessage = async ({ data }: MessageEvent<Start>) => {
  self.onmessage = null;
  const input = new Pipe();
  const texts = ['', ''];
  const decoders = [new TextDecoder(), new TextDecoder()];
  const files = new Files(data.files);
  let write: (stream: number, bytes: Uint8Array) => void = (stream, bytes) => { texts[stream - 1] += decoders[stream - 1]!.decode(bytes, { stream: true }); };
  if (data.input === undefined) {
    const messages = new Messages((message) => data.streams.postMessage(message));
    write = (stream, bytes) => (stream === 1 ? messages.write(bytes) : console.error(new TextDecoder().decode(bytes)));
    data.streams.onmessage = (event: MessageEvent<{ method?: string }>) => {
      if (event.data.method === 'workspace/didChangeWatchedFiles') {
        files.forget();
      }
      input.put(Messages.frame(event.data));
    };
  } else {
    input.put(new TextEncoder().encode(data.input));
    input.end();
  }
  Object.assign(globalThis, {
    fs: system(files, input, write),
    process: { pid: 1, ppid: 0, getuid: () => 0, getgid: () => 0, geteuid: () => 0, getegid: () => 0, getgroups: () => [], umask: () => 0, cwd: () => data.folder, chdir: () => { throw failure('ENOSYS'); } },
  });
  const go = new Go();
  go.argv = ['pylint-docker', ...data.args];
  go.exit = (code) => {
    if (data.input !== undefined) {
      data.streams.postMessage({ code, output: texts[0]!, errors: texts[1]! } satisfies End);
    }
  };
  await go.run(await WebAssembly.instantiate(data.module, go.importObject));
};

/** Asks the extension, and keeps its answers for a while. */
class Files {
  private readonly kept = new Map<string, { until: number; answer: Promise<Answer> }>();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private next = 1;

  constructor(private readonly port: MessagePort) {
    port.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
  }

  forget(): void {
    this.kept.clear();
  }

  async ask(about: Question['about'], path: string): Promise<Answer> {
    const key = `${about} ${path}`;
    const now = Date.now();
    let kept = this.kept.get(key);
    if (!kept || kept.until < now) {
      const id = this.next++;
      kept = { until: now + fresh, answer: new Promise((done) => { this.waiting.set(id, done); }) };
      this.kept.set(key, kept);
      this.port.postMessage({ id, about, path } satisfies Question);
    }
    const answer = await kept.answer;
    if (answer.error) {
      throw failure(answer.error);
    }
    return answer;
  }
}

/** The part of Node's fs that Go's system calls use. Nothing is ever written. */
function system(files: Files, input: Pipe, write: (stream: number, bytes: Uint8Array) => void): Record<string, unknown> {
  const open = new Map<number, { path: string; content?: Uint8Array; at: number }>();
  const numbers = new Map<string, number>(); // of files, as an inode
  let next = 3;
  const reply = <T>(done: Done<T>, value: Promise<T>): void => void value.then((v) => done(null, v), (error: Error) => done(error));
  const clean = (path: string): string => `/${path.split('/').reduce<string[]>((all, part) => (part === '..' ? all.slice(0, -1) : part === '' || part === '.' ? all : [...all, part]), []).join('/')}`;
  const stat = async (path: string): Promise<unknown> => {
    const { stat } = await files.ask('stat', clean(path));
    const { directory, size, changed } = stat!;
    const number = numbers.get(clean(path)) ?? numbers.size + 1;
    numbers.set(clean(path), number);
    return {
      // A file without any permission is one whose permissions nobody knows.
      dev: 1, ino: number, mode: directory ? 0o40755 : 0o100000, nlink: 1, uid: 0, gid: 0, rdev: 0, size, blksize: 4096, blocks: Math.ceil(size / 512),
      atimeMs: changed, mtimeMs: changed, ctimeMs: changed, isDirectory: () => directory,
    };
  };
  const refused = (...args: unknown[]): void => (args.at(-1) as Done<void>)(failure('EROFS'));
  return {
    constants: flags,
    writeSync(fd: number, bytes: Uint8Array) { write(fd, bytes); return bytes.length; },
    write(fd: number, bytes: Uint8Array, offset: number, length: number, _: unknown, done: Done<number>) {
      write(fd, bytes.slice(offset, offset + length));
      done(null, length);
    },
    open(path: string, flag: number, _: number, done: Done<number>) {
      if (flag & (flags.O_WRONLY | flags.O_RDWR | flags.O_CREAT)) {
        done(failure('EROFS'));
        return;
      }
      reply(done, (async () => {
        const found = await files.ask('stat', clean(path));
        if (flag & flags.O_DIRECTORY && !found.stat!.directory) {
          throw failure('ENOTDIR');
        }
        open.set(next, { path, at: 0 });
        return next++;
      })());
    },
    close(fd: number, done: Done<void>) { open.delete(fd); done(null); },
    fstat(fd: number, done: Done<unknown>) {
      const file = open.get(fd);
      if (!file) {
        done(failure(fd < 3 ? 'ENOSYS' : 'EBADF'));
        return;
      }
      reply(done, stat(file.path));
    },
    stat(path: string, done: Done<unknown>) { reply(done, stat(path)); },
    lstat(path: string, done: Done<unknown>) { reply(done, stat(path)); },
    readdir(path: string, done: Done<string[]>) { reply(done, files.ask('list', clean(path)).then(({ names }) => names!)); },
    readlink(_: string, done: Done<string>) { done(failure('EINVAL')); },
    read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null, done: Done<number>) {
      const into = buffer.subarray(offset, offset + length);
      const file = open.get(fd);
      if (!file) {
        fd === 0 ? reply(done, input.take(into)) : done(failure('EBADF'));
        return;
      }
      reply(done, (async () => {
        file.content ??= (await files.ask('read', clean(file.path))).content!;
        const from = position ?? file.at;
        const part = file.content.subarray(from, from + length);
        into.set(part);
        if (position === null) {
          file.at += part.length;
        }
        return part.length;
      })());
    },
    fsync(_: number, done: Done<void>) { done(null); },
    ...Object.fromEntries(['chmod', 'chown', 'fchmod', 'fchown', 'lchown', 'ftruncate', 'truncate', 'link', 'symlink', 'mkdir', 'rename', 'rmdir', 'unlink', 'utimes'].map((name) => [name, refused])),
  };
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
