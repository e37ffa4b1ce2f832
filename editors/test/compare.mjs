// Sends every request of the protocol about Dockerfiles to this server and to another one, at the same places of the same files, and
// prints how often each was asked and had an answer:
//
//   node compare.mjs FILE... -- COMMAND OF THE OTHER SERVER
//
// Files are Dockerfiles, compose files (*.yaml, *.yml) and bake files (*.hcl).
//
// PYLINT_DOCKER is our program. With SHOW=METHOD the places follow where the other one alone has an answer. Whether answers are right
// is for a reader to say: with ANSWERS=METHOD both stand side by side.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Server } from './server.mjs';

const split = process.argv.indexOf('--');
const files = process.argv.slice(2, split).map((file) => path.resolve(file));
const commands = { ours: [process.env.PYLINT_DOCKER ?? 'pylint-docker', 'lsp'], other: process.argv.slice(split + 1) };

const capabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } }, hover: { contentFormat: ['markdown'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true }, rename: { prepareSupport: true }, foldingRange: {}, documentLink: {},
    semanticTokens: { requests: { full: true }, tokenTypes: ['keyword', 'comment', 'string', 'variable', 'property', 'parameter', 'function', 'operator', 'namespace', 'class', 'macro'], tokenModifiers: [], formats: ['relative'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor', 'source'] } } }, signatureHelp: {}, formatting: {}, rangeFormatting: {}, onTypeFormatting: {}, selectionRange: {}, linkedEditingRange: {}, inlayHint: {},
    publishDiagnostics: { relatedInformation: true },
  },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
};

/** Places worth asking about: of each line its start, the starts and middles of words, and its end. */
function places(text) {
  return text.split('\n').flatMap((line, n) => {
    const words = [...line.matchAll(/[\w.$/-]+/g)].flatMap((m) => [m.index, m.index + Math.ceil(m[0].length / 2)]);
    return [...new Set([0, ...words, line.length])].sort((a, b) => a - b).map((character) => ({ line: n, character }));
  });
}

const languages = { '.yaml': 'dockercompose', '.yml': 'dockercompose', '.hcl': 'dockerbake' };
const atPlaces = ['hover', 'completion', 'signatureHelp', 'definition', 'documentHighlight', 'references', 'prepareRename', 'linkedEditingRange'];
const inWhole = ['documentSymbol', 'foldingRange', 'documentLink', 'semanticTokens/full', 'formatting', 'codeAction', 'inlayHint', 'selectionRange', 'rangeFormatting'];

function answered(result) {
  if (result === null || result === undefined) return false;
  if (Array.isArray(result)) return result.length > 0;
  if (Array.isArray(result.items)) return result.items.length > 0;
  if (Array.isArray(result.signatures)) return result.signatures.length > 0;
  if (Array.isArray(result.data)) return result.data.length > 0;
  return true;
}

const servers = Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, new Server(command)]));
const root = pathToFileURL(path.dirname(files[0])).href;
for (const server of Object.values(servers)) {
  await server.ask('initialize', { processId: process.pid, rootUri: root, capabilities, workspaceFolders: [{ uri: root, name: 'x' }] });
  server.send({ method: 'initialized', params: {} });
}
const rows = new Map([...atPlaces, ...inWhole].map((method) => [method, { asked: 0, ours: 0, other: 0, alone: [] }]));
for (const file of files) {
  const text = fs.readFileSync(file, 'utf8');
  const uri = pathToFileURL(file).href;
  const lines = text.split('\n');
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  for (const server of Object.values(servers)) {
    server.send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: languages[path.extname(file)] ?? 'dockerfile', version: 1, text } } });
  }
  const asks = inWhole.map((method) => [method, null]).concat(places(text).flatMap((position) => atPlaces.map((method) => [method, position])));
  for (const [method, position] of asks) {
    const params = {
      textDocument: { uri }, position: position ?? undefined, range, options: { tabSize: 4, insertSpaces: true }, positions: [{ line: 0, character: 1 }],
      context: { diagnostics: [], includeDeclaration: true },
    };
    const [ours, other] = await Promise.all([servers.ours, servers.other].map((server) => server.ask(`textDocument/${method}`, params)));
    const row = rows.get(method);
    row.asked++;
    row.ours += answered(ours);
    row.other += answered(other);
    const where = position ? `${path.basename(path.dirname(file))}:${position.line + 1}:${position.character + 1} ${lines[position.line].slice(0, position.character)}|${lines[position.line].slice(position.character)}` : file;
    if (answered(other) && !answered(ours)) {
      row.alone.push(`${where}\n    ${JSON.stringify(other).slice(0, 300)}`);
    }
    if (process.env.ANSWERS === method) {
      console.log(`${where}\n  ours:  ${JSON.stringify(ours)?.slice(0, 600)}\n  other: ${JSON.stringify(other)?.slice(0, 600)}`);
    }
  }
}
console.log('request                   asked     ours    other    other alone');
for (const [method, row] of rows) {
  console.log(`${method.padEnd(22)} ${[row.asked, row.ours, row.other, row.alone.length].map((n) => String(n).padStart(8)).join(' ')}`);
  if (process.env.SHOW === method) {
    console.log(row.alone.map((place) => `  ${place}`).join('\n'));
  }
}
process.exit(0);
