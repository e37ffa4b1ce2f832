// Standard streams of a program in a worker. Nothing here needs VS Code or a worker, so that it can be tested without.

/** Bytes that one side puts in and the other takes out, waiting for them. */
export class Pipe {
  private parts: Uint8Array[] = [];
  private ended = false;
  private waiting: (() => void) | undefined;

  put(bytes: Uint8Array): void {
    if (bytes.length > 0) {
      this.parts.push(bytes);
      this.wake();
    }
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Fills a buffer with what there is, and says with how much: nothing at the end. */
  async take(into: Uint8Array): Promise<number> {
    while (this.parts.length === 0 && !this.ended) {
      await new Promise<void>((done) => { this.waiting = done; });
    }
    const [first] = this.parts;
    if (!first) {
      return 0;
    }
    const part = first.subarray(0, into.length);
    into.set(part);
    if (part.length === first.length) {
      this.parts.shift();
    } else {
      this.parts[0] = first.subarray(part.length);
    }
    return part.length;
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}

/** The messages in the output of a language server. */
export class Messages {
  private rest = new Uint8Array(0);

  constructor(private readonly hear: (message: unknown) => void) {}

  /** A message as a language server reads it. */
  static frame(message: unknown): Uint8Array {
    const body = new TextEncoder().encode(JSON.stringify(message));
    const head = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`);
    const whole = new Uint8Array(head.length + body.length);
    whole.set(head);
    whole.set(body, head.length);
    return whole;
  }

  write(bytes: Uint8Array): void {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    this.rest = all;
    for (;;) {
      const text = new TextDecoder('latin1').decode(this.rest.subarray(0, 200)); // heads are short
      const head = text.indexOf('\r\n\r\n');
      const size = head < 0 ? NaN : Number(/content-length: (\d+)/i.exec(text)?.[1]);
      const end = head + 4 + size;
      if (!(this.rest.length >= end)) {
        return;
      }
      this.hear(JSON.parse(new TextDecoder().decode(this.rest.subarray(head + 4, end))));
      this.rest = this.rest.slice(end);
    }
  }
}
