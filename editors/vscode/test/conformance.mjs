// Drives the real server with an independent client library and checks every message against the library's own types:
//
//   npm ci --ignore-scripts && PYLINT_DOCKER=/path/to/pylint-docker npm run conformance
//
// The npm packages of the protocol bring the schema of its meta model but not the meta model itself, so that JSON schemas are
// made from their TypeScript declarations. A key that the declarations do not know is an error.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');
const protocol = require('vscode-languageserver-protocol');

const here = dirname(fileURLToPath(import.meta.url));
const program = resolve(process.env.PYLINT_DOCKER ?? 'pylint-docker');
const cases = resolve(here, '../../../testdata/rules');

// --- what is right

function schemas() {
  const schema = createGenerator({
    path: join(here, 'conformance-types.ts'), tsconfig: join(here, '../tsconfig.json'), type: '*', skipTypeCheck: true, additionalProperties: false,
  }).createSchema('*');
  // The protocol's numbers are integers, which TypeScript can't say.
  Object.assign(schema.definitions, {
    integer: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }, uinteger: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 },
    DocumentUri: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:' }, URI: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:' },
  });
  const ajv = new Ajv({ strict: false, allErrors: false });
  ajv.addSchema(schema, 'protocol');
  const compile = (table) => Object.fromEntries(Object.keys(schema.definitions[table].properties).map((method) => {
    const pointer = method.replaceAll('~', '~0').replaceAll('/', '~1');
    return [method, ajv.compile({ $ref: `protocol#/definitions/${table}/properties/${encodeURIComponent(pointer)}` })];
  }));
  return { results: compile('Results'), told: compile('Told') };
}

const valid = schemas();
const counts = new Map();

function check(table, method, value) {
  const validate = valid[table][method];
  assert.ok(validate, `${method} is not in conformance-types.ts`);
  if (!validate(value)) {
    const where = validate.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`).slice(0, 5).join('\n  ');
    assert.fail(`${method}:\n  ${where}\n${JSON.stringify(value, null, 1).slice(0, 3000)}`);
  }
  counts.set(method, (counts.get(method) ?? 0) + 1);
}

/** Checks the envelope, which JSON-RPC and the protocol say, not the declarations. */
function checkEnvelope(message) {
  assert.equal(message.jsonrpc, '2.0');
  const keys = Object.keys(message).sort().join(' ');
  const known = 'method' in message
    ? ['jsonrpc method params', 'id jsonrpc method params']
    : ['id jsonrpc result', 'error id jsonrpc'];
  assert.ok(known.includes(keys), `a message with the keys ${keys}`);
  if (message.error) {
    assert.ok(Number.isInteger(message.error.code) && typeof message.error.message === 'string', JSON.stringify(message.error));
  }
}

// --- a client

class Client {
  constructor(folder, answers = {}) {
    this.folder = folder;
    this.child = spawn(program, ['lsp'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.log = '';
    this.child.stderr.on('data', (data) => { this.log += data; });
    this.ended = new Promise((done) => { this.child.on('exit', done); });
    const reader = new rpc.StreamMessageReader(this.child.stdout);
    reader.listen = ((listen) => (callback) => listen.call(reader, (message) => {
      try {
        checkEnvelope(message);
      } catch (error) {
        this.fail(error);
      }
      callback(message);
    }))(reader.listen);
    this.connection = protocol.createProtocolConnection(reader, new rpc.StreamMessageWriter(this.child.stdin));
    this.connection.onError(([error]) => this.fail(error));
    this.failure = new Promise((_, reject) => { this.fail = reject; });
    this.failure.catch(() => undefined);
    this.told = [];
    for (const method of ['textDocument/publishDiagnostics', 'window/showMessage']) {
      this.connection.onNotification(method, (params) => this.hear(method, params));
    }
    for (const method of ['client/registerCapability', 'workspace/configuration']) {
      this.connection.onRequest(method, (params) => { this.hear(method, params); return answers[method] ?? null; });
    }
    for (const method of ['workspace/diagnostic/refresh', 'workspace/inlayHint/refresh']) {
      this.connection.onRequest(method, () => null);
    }
    this.connection.onUnhandledNotification((message) => this.fail(new Error(`${message.method} came`)));
    this.connection.listen();
  }

  hear(method, params) {
    this.told.push([method, params]);
    try {
      check('told', method, params);
    } catch (error) {
      this.fail(error);
    }
  }

  /** A request whose answer is checked; an error of the server is given back when it may be one. */
  async ask(method, params, mayFail = false) {
    let result;
    try {
      result = await Promise.race([this.connection.sendRequest(method, params), this.failure]);
    } catch (error) {
      // The settings came meanwhile. The protocol has clients ask again.
      if (error.code === protocol.LSPErrorCodes.ContentModified || error.data?.retriggerRequest) {
        return this.ask(method, params, mayFail);
      }
      if (mayFail && error instanceof rpc.ResponseError) {
        return error;
      }
      throw new Error(`${method} ${JSON.stringify(params).slice(0, 200)}: ${error.message}`, { cause: error });
    }
    check('results', method, result);
    return result;
  }

  async start(capabilities, initializationOptions) {
    const result = await this.ask('initialize', {
      processId: process.pid, rootUri: pathToFileURL(this.folder).href, capabilities, initializationOptions,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'work' }],
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async end() {
    await this.ask('shutdown');
    await this.connection.sendNotification('exit');
    assert.equal(await this.ended, 0, this.log);
    assert.ok(!this.log.includes('internal error'), this.log);
  }
}

const clients = {
  minimal: {},
  pushed: {
    textDocument: {
      publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] }, versionSupport: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true }, hover: { contentFormat: ['markdown', 'plaintext'] },
    },
    workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] } },
    general: { positionEncodings: ['utf-8', 'utf-16'] },
  },
  pulled: {
    textDocument: {
      diagnostic: { relatedDocumentSupport: true, dynamicRegistration: true }, publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true }, hover: { contentFormat: ['markdown'] },
    },
    workspace: {
      workspaceEdit: { documentChanges: true, resourceOperations: ['create'] }, configuration: true, diagnostics: { refreshSupport: true },
      inlayHint: { refreshSupport: true }, didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true },
    },
  },
};

// --- what is opened: the first case of every rule

function* files() {
  for (const rule of readdirSync(cases).sort()) {
    for (const name of readdirSync(join(cases, rule)).filter((n) => n.endsWith('.txtar')).sort().slice(0, 1)) {
      const parts = readFileSync(join(cases, rule, name), 'utf8').split(/^-- (.+) --\r?\n/m);
      const archive = {};
      for (let i = 1; i + 1 < parts.length; i += 2) {
        archive[parts[i]] = parts[i + 1];
      }
      if ('Dockerfile' in archive) {
        yield [`${rule}-${name.replace('.txtar', '')}`, archive];
      }
    }
  }
}

/** Positions worth asking about: of each line, its start, its end and the start of two words. */
function positions(text) {
  return text.split('\n').slice(0, 12).flatMap((line, n) => {
    const words = [...line.matchAll(/[\w$]+/g)].map((m) => m.index + 1);
    return [...new Set([0, words[1] ?? 0, words.at(-1) ?? 0, line.length])].map((character) => ({ line: n, character }));
  });
}

async function converse(folder, capabilities) {
  const settings = { inlayHints: { variables: true, stages: true }, codeLens: { stages: true, commands: true }, workspaceDiagnostics: true };
  const client = new Client(folder, { 'workspace/configuration': [settings] });
  const { capabilities: can } = await client.start(capabilities, settings);
  assert.equal(can.positionEncoding, capabilities.general?.positionEncodings?.[0] ?? 'utf-16');
  for (const name of readdirSync(folder)) {
    const file = join(folder, name, 'Dockerfile');
    const uri = pathToFileURL(file).href;
    const text = readFileSync(file, 'utf8');
    const textDocument = { uri };
    const end = { line: text.split('\n').length, character: 0 };
    const range = { start: { line: 0, character: 0 }, end };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text } });
    if (can.diagnosticProvider) {
      await client.ask('textDocument/diagnostic', { textDocument });
    }
    await client.ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
    for (const only of ['quickfix', 'refactor', 'source.fixAll']) {
      await client.ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: [], only: [only] } });
    }
    const options = { tabSize: 4, insertSpaces: true };
    for (const [method, more] of [['formatting', { options }], ['rangeFormatting', { options, range }], ['selectionRange', { positions: positions(text) }]]) {
      await client.ask(`textDocument/${method}`, { textDocument, ...more });
    }
    for (const method of ['documentSymbol', 'foldingRange', 'documentLink', 'codeLens', 'semanticTokens/full']) {
      await client.ask(`textDocument/${method}`, { textDocument });
    }
    await client.ask('textDocument/inlayHint', { textDocument, range });
    for (const item of await client.ask('textDocument/prepareCallHierarchy', { textDocument, position: range.end }) ?? []) {
      await client.ask('callHierarchy/incomingCalls', { item });
      await client.ask('callHierarchy/outgoingCalls', { item });
    }
    await Promise.all(positions(text).flatMap((position) => [
      ...['hover', 'definition', 'completion', 'signatureHelp', 'documentHighlight', 'linkedEditingRange'].map((method) => client.ask(`textDocument/${method}`, { textDocument, position })),
      client.ask('textDocument/onTypeFormatting', { textDocument, position, ch: '\n', options }),
      client.ask('textDocument/references', { textDocument, position, context: { includeDeclaration: true } }),
      client.ask('textDocument/prepareRename', { textDocument, position }, true),
      client.ask('textDocument/rename', { textDocument, position, newName: 'renamed' }, true),
    ]));
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: range.start, end: range.start }, text: '# 😀\n' }],
    });
    await client.ask('textDocument/documentSymbol', { textDocument });
    await client.connection.sendNotification('textDocument/didClose', { textDocument });
  }
  await client.ask('workspace/symbol', { query: '' });
  if (can.diagnosticProvider) {
    const report = await client.ask('workspace/diagnostic', { previousResultIds: [] });
    assert.ok(report.items.length > 0, 'the workspace has no findings');
  }
  // What is wrong in the configuration is shown.
  writeFileSync(join(folder, '.pylint-docker.yaml'), 'ignroe: []\n');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(folder).href, type: 2 }] });
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  await client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text: 'FROM python:3.12\n' } });
  if (can.diagnosticProvider) {
    await client.ask('textDocument/diagnostic', { textDocument: { uri } });
  }
  await client.ask('textDocument/documentSymbol', { textDocument: { uri } }, true);
  const unknown = await client.connection.sendRequest('nonsense').catch((error) => error);
  assert.equal(unknown.code, -32601);
  await client.end();
  rmSync(join(folder, '.pylint-docker.yaml'));
}

/** A check that never complains proves nothing. */
function checkTheChecks() {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  for (const [method, wrong] of [
    ['textDocument/hover', { contents: { kind: 'html', value: '' } }],
    ['textDocument/hover', { contents: { kind: 'markdown', value: '' }, more: 1 }],
    ['textDocument/definition', [{ uri: 'file:///x', range: { ...range, end: { line: -1, character: 0 } } }]],
    ['textDocument/definition', [{ uri: '/x', range }]],
    ['textDocument/definition', [{ uri: 'file:///x', range: { ...range, end: { line: 0.5, character: 0 } } }]],
    ['textDocument/diagnostic', { kind: 'full', items: [{ range, message: 'x', severity: 9 }] }],
    ['textDocument/diagnostic', { items: [] }],
    ['textDocument/codeAction', [{ kind: 'quickfix' }]],
    ['textDocument/documentSymbol', [{ name: 'x', kind: 2, range }]],
    ['textDocument/completion', { isIncomplete: false, items: [{ label: 'x', kind: 99 }] }],
    ['workspace/diagnostic', { items: [{ kind: 'full', uri: 'file:///x', items: [] }] }],
    ['initialize', { capabilities: { hoverProvider: 'yes' } }],
    ['shutdown', {}],
  ]) {
    assert.equal(valid.results[method](wrong), false, `${method} takes ${JSON.stringify(wrong)}`);
  }
}

checkTheChecks();
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
try {
  for (const [name, archive] of files()) {
    for (const [file, content] of Object.entries(archive)) {
      const at = join(folder, name, file);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, content);
    }
  }
  for (const [name, capabilities] of Object.entries(clients)) {
    const start = Date.now();
    await converse(folder, capabilities);
    console.log(`${name}: conforms, ${Date.now() - start} ms`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const method of Object.keys(valid.results).concat('textDocument/publishDiagnostics', 'window/showMessage', 'client/registerCapability', 'workspace/configuration')) {
  assert.ok(counts.get(method) > 0, `${method} was never seen`);
}
console.log([...counts].sort().map(([method, n]) => `${String(n).padStart(7)} ${method}`).join('\n'));
