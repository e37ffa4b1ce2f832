// Measures the real program over its pipes: the time from a keystroke to the findings on a Dockerfile of 300 lines, and the memory
// after 1,000 and 10,000 keystrokes.
//
//   npm ci --ignore-scripts && PYLINT_DOCKER=/path/to/pylint-docker node test/load.mjs
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');

// The same as in cmd/internal/lsp/load_test.go.
function large() {
  const lines = ['ARG VERSION=3.12', 'FROM python:${VERSION}-slim AS builder', 'WORKDIR /app', 'COPY requirements.txt .'];
  for (let n = 0; n < 12; n += 1) {
    lines.push('', `# What part ${n} needs.`, `ARG PART_${n}=${n}`, `ENV VALUE_${n}=/opt/$VERSION/$PART_${n}`,
      'RUN apt-get update && apt-get install -y --no-install-recommends \\');
    for (let p = 0; p < 12; p += 1) {
      lines.push(`        libthing${n}-${p} \\`);
    }
    lines.push('    && rm -rf /var/lib/apt/lists/*', `RUN pip install --user flask==3.1.${n} \\`, '        attrs==25.1.0 \\',
      '        requests==2.32.0 \\', `    && echo "$VALUE_${n}"`, `COPY app.py /app/part${n}.py`, '');
  }
  return lines.concat('FROM python:${VERSION}-slim', 'COPY --from=builder /root/.local /root/.local', 'COPY . /app',
    'ENV PATH=/root/.local/bin:$PATH', 'USER 1000', 'CMD ["python", "app.py"]', '').join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'load-'));
writeFileSync(join(folder, 'requirements.txt'), 'flask==3.1.0\n');
writeFileSync(join(folder, 'app.py'), 'print(1)\n');
const child = spawn(process.env.PYLINT_DOCKER ?? 'pylint-docker', ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
let shown;
connection.onNotification('textDocument/publishDiagnostics', (params) => shown?.(params.version));
connection.listen();

const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
const findings = (version) => new Promise((done) => { shown = (v) => v === version && done(); });
await connection.sendRequest('initialize', { processId: null, rootUri: pathToFileURL(folder).href, capabilities: {} });
await connection.sendNotification('initialized', {});
const first = findings(1);
await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text: large() } });
await first;

const start = { line: 3, character: 0 };
const times = [];
for (let version = 2; version <= 10_001; version += 1) {
  const change = version % 2 === 0
    ? { range: { start, end: start }, text: '#' }
    : { range: { start, end: { line: 3, character: 1 } }, text: '' };
  const found = findings(version);
  const began = performance.now();
  await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] });
  await found;
  times.push(performance.now() - began);
  if (version === 1001 || version === 10_001) {
    console.log(`after ${version - 1} keystrokes: ${memory()}`);
  }
}
times.sort((a, b) => a - b);
const at = (share) => `${times[Math.floor(share * (times.length - 1))].toFixed(2)} ms`;
console.log(`keystroke to findings: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}`);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
rmSync(folder, { recursive: true });

function memory() {
  try {
    return readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(.*)/)[1];
  } catch {
    return 'not known on this system';
  }
}
