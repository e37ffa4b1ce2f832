// Measures the server as an editor has it, and prints milliseconds:
//
//   node speed.mjs DOCKERFILE [EDITS]
//
// start: from the start of the program to the first findings. edit: from an edit to its findings, while colours, outline, hints, lenses, highlights,
// folding, links and actions are asked for as well; all: until those are answered, too. busy: from a question that needs no analysis to its answer, asked
// right behind an edit. PYLINT_DOCKER is the program. Then the processor time of an edit with all
// answers, the memory at a tenth and at the end of all edits, and whether the findings after them are those of a server that opens the same text.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Server } from './server.mjs';

const file = path.resolve(process.argv[2]);
const edits = Number(process.argv[3] ?? 1000);
const uri = pathToFileURL(file).href;
const original = fs.readFileSync(file, 'utf8');

class Measured extends Server {
  constructor() {
    const born = performance.now();
    const versions = new Map();
    super([process.env.PYLINT_DOCKER ?? 'pylint-docker', 'lsp'], ({ method, params }) => {
      if (method === 'textDocument/publishDiagnostics' && params.uri === uri) {
        versions.get(params.version)?.(params.diagnostics);
      }
    });
    this.born = born;
    this.versions = versions;
  }

  found(version) {
    return new Promise((done) => { this.versions.set(version, (list) => { this.versions.delete(version); done(list); }); });
  }

  async open(text) {
    const settings = { inlayHints: { variables: true, stages: true }, codeLens: { stages: true, commands: true } };
    await this.ask('initialize', { processId: process.pid, rootUri: pathToFileURL(path.dirname(file)).href, capabilities: {}, initializationOptions: settings });
    this.send({ method: 'initialized', params: {} });
    const found = this.found(1);
    this.send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'dockerfile', version: 1, text } } });
    return found;
  }

  /** What Linux says of the process: resident MB, and milliseconds of processor time. */
  used() {
    const status = fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const stat = fs.readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return { memory: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024), processor: (Number(stat[11]) + Number(stat[12])) * 10 };
  }
}

const shown = (name, list) => {
  list.sort((a, b) => a - b);
  const at = (share) => list[Math.floor(share * (list.length - 1))].toFixed(1).padStart(7);
  console.log(`${name.padEnd(6)} p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  max ${at(1)}  of ${list.length}`);
};

const starts = [];
for (let i = 0; i < 20; i++) {
  const server = new Measured();
  await server.open(original);
  starts.push(performance.now() - server.born);
  server.end();
}
shown('start', starts);

// What an editor asks for behind an edit.
const followers = ['semanticTokens/full', 'documentSymbol', 'inlayHint', 'codeLens', 'foldingRange', 'documentLink', 'codeAction', 'documentHighlight'];
let seed = 1;
const random = (below) => { seed = (seed * 48271) % 2147483647; return seed % below; };
const pieces = ['x', ' ', '\n', '\\\n', '$', '"', '#', 'RUN pip install x\n', 'FROM python:3.12\n', '=', '1', '/', '&& '];
const server = new Measured();
await server.open(original);
let text = original;
const [edit, all, busy] = [[], [], []];
let early;
const before = server.used().processor;
for (let i = 1; i <= edits; i++) {
  // Three of four strokes type a letter into a comment that the fourth takes away; each twentieth edit is anything anywhere, and is taken back by the next.
  const version = i + 1;
  const start = random(text.length + 1);
  const end = Math.min(text.length, start + random(4));
  const wild = i % 20 === 0;
  const fresh = i % 20 === 1 ? original : wild ? text.slice(0, start) + pieces[random(pieces.length)] + text.slice(end) : i % 4 ? `#${text}` : original;
  const place = (offset) => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length - 1, character: before.at(-1).length };
  };
  let from = 0;
  while (from < Math.min(text.length, fresh.length) && text[from] === fresh[from]) from++;
  let tail = 0;
  while (tail < Math.min(text.length, fresh.length) - from && text[text.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  const change = { range: { start: place(from), end: place(text.length - tail) }, text: fresh.slice(from, fresh.length - tail) };
  text = fresh;
  const began = performance.now();
  const found = server.found(version).then(() => edit.push(performance.now() - began));
  server.send({ method: 'textDocument/didChange', params: { textDocument: { uri, version }, contentChanges: [change] } });
  const quick = server.ask('textDocument/nothing', {}).then(() => busy.push(performance.now() - began));
  const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
  await Promise.all([found, quick, ...followers.map((method) => server.ask(`textDocument/${method}`, { textDocument: { uri }, position: range.start, range, context: { diagnostics: [] } }))]);
  all.push(performance.now() - began);
  if (i === Math.ceil(edits / 10)) {
    early = server.used().memory;
  }
}
shown('edit', edit);
shown('all', all);
shown('busy', busy);
const { memory, processor } = server.used();
console.log(`processor ${((processor - before) / edits).toFixed(1)} an edit; memory ${early} MB after a tenth, ${memory} MB after all`);
const last = server.found(edits + 2);
server.send({ method: 'textDocument/didChange', params: { textDocument: { uri, version: edits + 2 }, contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '# end\n' }] } });
const after = await last;
server.end();
const other = new Measured();
assert.deepEqual(after, await other.open(`# end\n${text}`), 'the findings are not those of the same text opened');
other.end();
console.log('the findings after all edits are those of the same text opened');
