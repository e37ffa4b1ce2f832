import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Messages, Pipe } from '../src/web/streams';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('Pipe', () => {
  it('gives what was put in, in order and in parts that fit, and then nothing', async () => {
    const pipe = new Pipe();
    pipe.put(bytes('ab'));
    pipe.put(bytes(''));
    pipe.put(bytes('cde'));
    pipe.end();
    const into = new Uint8Array(2);
    let text = '';
    for (let n = await pipe.take(into); n > 0; n = await pipe.take(into)) {
      text += `${new TextDecoder().decode(into.subarray(0, n))}|`;
    }
    assert.equal(text, 'ab|cd|e|');
    assert.equal(await pipe.take(into), 0);
  });

  it('waits for what is not there yet', async () => {
    const pipe = new Pipe();
    const into = new Uint8Array(9);
    const taken = pipe.take(into);
    pipe.put(bytes('late'));
    assert.equal(await taken, 4);
  });
});

describe('Messages', () => {
  it('hears messages however their bytes are cut', () => {
    const list = [{ id: 1, text: 'é😀' }, { id: 2 }, { id: 3, text: 'x'.repeat(500) }];
    const all = Buffer.concat(list.map((message) => Messages.frame(message)));
    for (const size of [1, 7, all.length]) {
      const heard: unknown[] = [];
      const messages = new Messages((message) => heard.push(message));
      for (let at = 0; at < all.length; at += size) {
        messages.write(all.subarray(at, at + size));
      }
      assert.deepEqual(heard, list);
    }
  });
});
