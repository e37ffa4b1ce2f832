import type { Files } from './protocol';

/** What a link carries. */
export interface Shared {
  files: Files;
  active: string;
}

/** The longest fragment that is made, in characters. Chats and mail programs cut what is longer. */
export const maxFragment = 64_000;
/** The largest text that a fragment may hold when it is inflated, in bytes: a short one can inflate to gigabytes. */
const maxInflated = 4 << 20;
const maxFiles = 100;
const prefix = '#1.'; // 1 is the version of the format

/** The fragment, with its #. The error is for the user. */
export async function encode(shared: Shared): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify([shared.active, Object.entries(shared.files)]));
  const deflated = await bytesOf(new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  let binary = '';
  for (const byte of deflated) {
    binary += String.fromCharCode(byte);
  }
  const fragment = prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  if (fragment.length > maxFragment) {
    throw new Error(`The files are too large for a link: it would have ${fragment.length} characters of at most ${maxFragment}.`);
  }
  return fragment;
}

/** What a fragment holds; undefined for one that is not ours. The error is for the user. */
export async function decode(fragment: string): Promise<Shared | undefined> {
  if (fragment.length < 2 || !/^#\d+\./.test(fragment)) {
    return undefined;
  }
  const broken = (why: string): Error => new Error(`The link can't be read: ${why}. Was it copied as a whole?`);
  if (!fragment.startsWith(prefix)) {
    throw broken('it is of another version of this page');
  }
  let deflated: Uint8Array<ArrayBuffer>;
  try {
    const base64 = fragment.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/');
    deflated = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    throw broken('it has characters that no link has');
  }
  let json: string;
  try {
    const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await bytesOf(stream, maxInflated));
  } catch (error) {
    throw broken(error instanceof RangeError ? error.message : 'its end is missing or it is damaged');
  }
  return check(json, broken);
}

/** Reads what a stranger made. */
function check(json: string, broken: (why: string) => Error): Shared {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw broken('it holds no files');
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !Array.isArray(value[1]) || value[1].length > maxFiles) {
    throw broken('it holds no files');
  }
  const files: Files = Object.create(null) as Files;
  for (const entry of value[1] as unknown[]) {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string') {
      throw broken('it holds no files');
    }
    const [name, text] = entry as [string, string];
    if (nameProblem(name)) {
      throw broken('a file in it has a name that can not be');
    }
    files[name] = text;
  }
  if (files[dockerfile] === undefined) {
    throw broken('it holds no Dockerfile');
  }
  return { files, active: files[value[0]] === undefined ? dockerfile : value[0] };
}

/** The file that is linted. */
export const dockerfile = 'Dockerfile';

/** Why a name can't be one of a file in a build context; "" when it can. */
export function nameProblem(name: string): string {
  if (name === '') {
    return 'A file needs a name.';
  }
  if (name.length > 200 || /[\u0000-\u001f\u007f\\]/.test(name)) {
    return 'The name is too long or has characters that a file name can not have.';
  }
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'The name must be a path below the build context, such as requirements.txt or app/main.py.';
  }
  return '';
}

async function bytesOf(stream: ReadableStream<Uint8Array>, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    size += value.length;
    if (size > max) {
      await reader.cancel();
      throw new RangeError(`it holds more than ${max >> 20} MiB`);
    }
    pieces.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
