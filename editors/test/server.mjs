// A language server that a script starts and talks to over its standard input and output.
import { spawn } from 'node:child_process';

export class Server {
  /** Starts a program. What it sends by itself comes to heard, if that is given; its questions have null for an answer. */
  constructor([program, ...args], heard) {
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.heard = heard;
    this.waiting = new Map();
    this.next = 1;
    let rest = Buffer.alloc(0);
    this.child.stdout.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const head = rest.indexOf('\r\n\r\n');
        const size = head < 0 ? NaN : Number(/content-length: (\d+)/i.exec(rest.subarray(0, head))?.[1]);
        if (!(rest.length >= head + 4 + size)) {
          return;
        }
        this.hear(JSON.parse(rest.subarray(head + 4, head + 4 + size)));
        rest = rest.subarray(head + 4 + size);
      }
    });
  }

  hear(message) {
    if (!message.method) {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
      return;
    }
    if ('id' in message) {
      this.send({ id: message.id, result: message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null });
    }
    this.heard?.(message);
  }

  send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  /** The result; null for an error, and for an answer that does not come in ten seconds. */
  ask(method, params) {
    const id = this.next++;
    this.send({ id, method, params });
    return new Promise((done) => {
      const timer = setTimeout(() => done(null), 10_000);
      this.waiting.set(id, (message) => { clearTimeout(timer); done(message.result ?? null); });
    });
  }

  end() {
    this.child.kill();
  }
}
