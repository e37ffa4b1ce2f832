// Drives a real VS Code (code-server in headless Chromium) with the packaged extension, presses what a user
// would press, checks what a user would see, and makes the pictures of docs/images. It takes two minutes and is not run in CI:
//
//   npm ci --ignore-scripts && npm install --no-save playwright-core
//   npm run package -- --target linux-x64 --out /tmp/extension.vsix
//   CODE_SERVER=/path/to/code-server VSIX=/tmp/extension.vsix node test/vscode.mjs [FOLDER FOR SCREENSHOTS]
//
// CODE_SERVER is the program of https://github.com/coder/code-server, 4.139.1 when this was written; a path that ends in .js is run
// by NODE (else by the node of this script). CHROMIUM is a browser, else /usr/bin/chromium.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { browse, freePort, lay, quiet, step, until } from './drive.mjs';

const { CODE_SERVER, VSIX, NODE = process.execPath } = process.env;
assert.ok(CODE_SERVER && VSIX, 'CODE_SERVER and VSIX must be set');
const pictures = resolve(process.argv[2] ?? 'test/screenshots');
mkdirSync(pictures, { recursive: true });

const work = mkdtempSync(join(tmpdir(), 'vscode-'));
const project = join(work, 'weather');
const path = (name) => join(project, name);
const read = (name) => readFileSync(path(name), 'utf8');
lay(work, {
  'weather/Dockerfile': `FROM python:3.13-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends gcc libpq-dev \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
USER 1000
CMD ["python", "main.py"]
`,
  'weather/requirements.txt': 'psycopg2==2.9.10\nrequests==2.32.5\n',
  'weather/main.py': 'print("sunny")\n',
  'weather/.dockerignore': '.git\n',
  'weather/stages/Dockerfile': `FROM python:3.13-slim AS base
ENV PYTHONUSERBASE=/pyroot

FROM base AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
COPY requirements.txt .
RUN pip install --user --ignore-installed --no-cache-dir -r requirements.txt

FROM base AS production
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 \\
    && rm -rf /var/lib/apt/lists/*
ENV PATH=$PATH:/pyroot/bin
COPY --from=builder /pyroot /pyroot
COPY main.py /app/
USER 1000
CMD ["python", "/app/main.py"]
`,
  'weather/stages/requirements.txt': 'psycopg2==2.9.10\nrequests==2.32.5\n',
  'weather/stages/main.py': 'print("sunny")\n',
  'weather/tools/Dockerfile': 'FROM python:3.13-slim\nRUN pip install flask==3.1.2\nUSER 1000\nCMD ["flask", "run"]\n',
  'weather/pins/Dockerfile': 'FROM python:3.13-slim\nWORKDIR /app\nRUN pip install --no-cache-dir flask gunicorn\nUSER 1000\nCMD ["gunicorn", "app:app"]\n',
  'weather/pins/pyproject.toml': '[project]\nname = "pins"\nversion = "1"\n',
  'weather/pins/uv.lock': 'version = 1\n[[package]]\nname = "flask"\nversion = "3.1.2"\n[[package]]\nname = "gunicorn"\nversion = "23.0.0"\n',
  'weather/composed/compose.yaml': `services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM python:3.13-slim AS builder
        ENV APP=/app
        RUN pip install flask==3.1.2 -t /opt/flask

        FROM python:3.13-slim
        ENV PYTHONPATH=/opt/flask
        COPY --from=builder /opt/flask $$PYTHONPATH
        run pip install attrs==25.1.0
        CMD [ "python","-m","flask" ]
  stages:
    build:
      context: ../stages
      target: production
`,
  'weather/loose/Dockerfile': 'FROM python:3.13 as base\nrun echo a && \\\n        echo b\nFROM base\nCOPY --from=base /x /y\nCMD [ "a","b" ]\n',
  'weather/built/Dockerfile': `FROM python:3.12-slim
RUN apt-get update && apt-get install -y gcc libpq-dev
COPY --from=builder /opt/venv /opt/venv
COPY . /app
RUN chown -R app /opt/venv
USER app
CMD ["gunicorn", "app:app"]
`,
  'data/User/settings.json': JSON.stringify(quiet),
  'config.yaml': 'auth: none\n',
});
cpSync(resolve(import.meta.dirname, '../../../testdata/images/shop'), path('built/shop'), { recursive: true });

const command = CODE_SERVER.endsWith('.js') ? [NODE, CODE_SERVER] : [CODE_SERVER];
const common = ['--extensions-dir', join(work, 'extensions'), '--user-data-dir', join(work, 'data'), '--config', join(work, 'config.yaml')];
const installed = spawnSync(command[0], [...command.slice(1), ...common, '--install-extension', resolve(VSIX)], { encoding: 'utf8' });
assert.equal(installed.status, 0, installed.stdout + installed.stderr);

const port = await freePort();
const server = spawn(command[0], [...command.slice(1), ...common, '--bind-addr', `127.0.0.1:${port}`, '--disable-workspace-trust',
  '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', project], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
let log = '';
server.stdout.on('data', (data) => { log += data; });
server.stderr.on('data', (data) => { log += data; });

let browser;
let vs;
try {
  await until('code-server', () => log.includes('HTTP server listening'));
  ({ browser, window: vs } = await browse(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(project)}`, join(work, 'profile'), pictures));
  await vs.open('Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await step('hover over a finding', finding);
  await step('colours of shell code', colours);
  await step('quick fix', quickFix);
  await step('outline', outline);
  await step('hover over FROM, COPY --from and CMD', hovers);
  await step('call hierarchy of stages', calls);
  await step('definition, references and rename', names);
  await step('completion', completion);
  await step('pins of a lock file', pins);
  await step('formatting', formatting);
  await step('a Dockerfile in a compose file', composed);
  await step('from a compose file to the stage that it builds', target);
  await step('conversion', conversion);
  await step('fix all on save', fixAllOnSave);
  await step('inlay hints and code lenses', hints);
  await step('stage graph', graph);
  await step('megabytes of a built image', built);
  console.log(`all seen; pictures are in ${pictures}`);
} catch (error) {
  await vs?.picture('failed').catch(() => undefined);
  console.error(log.slice(-3000));
  throw error;
} finally {
  await browser?.close();
  try {
    process.kill(-server.pid); // it has children of its own
  } catch {
    // it has ended by itself
  }
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

async function finding() {
  const { x, y } = await vs.placeOf('gcc');
  await vs.page.mouse.move(x, y);
  const box = await vs.seen('the hover', '.monaco-hover:not(.hidden) .hover-contents', 'PLD101');
  assert.match(await box.first().innerText(), /builder stage/);
  await vs.picture('hover');
  await vs.press('Escape');
}

async function colours() {
  // VS Code's own grammar knows no words of RUN.
  const [program, other, flag, word] = await Promise.all(['apt-get', 'pip', '--no-install-recommends', 'libpq-dev'].map((text) => vs.colourOf(text)));
  assert.equal(program, other, 'programs look alike');
  assert.equal(new Set([program, flag, word]).size, 3, 'programs, flags and words look different');
}

async function quickFix() {
  await vs.caret(read('Dockerfile'), 'p|ip install');
  await vs.fixes('no-cache-dir');
  await vs.picture('quick-fix');
  await vs.fix('--no-cache-dir');
  await vs.seen('the fixed line', '.view-line', 'pip install --no-cache-dir -r');
  await vs.save(path('Dockerfile'), 'RUN pip install --no-cache-dir -r requirements.txt');
}

async function outline() {
  await vs.open('stages/Dockerfile');
  await vs.seen('the text', '.view-line', 'production');
  await vs.palette('Explorer: Focus on Outline View');
  for (const stage of ['base', 'builder', 'production']) {
    await vs.seen(`${stage} in the outline`, '.outline-pane .monaco-list-row', stage);
  }
  await vs.picture('outline');
  await vs.palette('View: Focus Active Editor Group');
}

async function hovers() {
  const text = read('stages/Dockerfile');
  await vs.caret(text, 'FROM python:3.13-s|lim AS base');
  assert.match(await vs.hover('debian 13'), /Python 3\.13/);
  await vs.picture('hover-from');
  await vs.caret(text, 'COPY --from=bui|lder');
  assert.match(await vs.hover('psycopg2'), /builder/);
  await vs.picture('hover-copy');
  await vs.caret(text, 'CMD ["pyt|hon"');
  assert.match(await vs.hover('sees'), /main\.py/);
  await vs.picture('hover-cmd');
  await vs.press('Escape');
}

async function calls() {
  await vs.caret(read('stages/Dockerfile'), 'FROM base AS prod|uction');
  await vs.press('Shift+Alt+h');
  const row = '.pane-body .monaco-list-row';
  await vs.seen('the stage', row, 'base AS production');
  await vs.page.locator('.pane-composite-part [aria-label*="Outgoing Calls"]').first().click();
  await vs.seen('the stage that it is built from', row, 'python:3.13-slim AS base');
  await vs.seen('the stage that it takes files of', row, 'base AS builder');
  await vs.picture('calls');
  await vs.palette('View: Show Explorer');
  await vs.palette('View: Focus Active Editor Group');
}

async function names() {
  const text = read('stages/Dockerfile');
  await vs.caret(text, 'COPY --from=bui|lder');
  await vs.press('F12');
  await vs.seen('the definition', '.statusbar-item', 'Ln 4');
  await vs.caret(text, 'FROM b|ase AS builder');
  await vs.press('Shift+F12');
  await vs.seen('its uses', '.zone-widget .ref-tree .monaco-list-row');
  await vs.press('Escape');
  await vs.caret(text, 'FROM base AS bui|lder');
  await vs.press('F2');
  await vs.seen('the box', '.rename-box input:focus');
  await vs.press('Control+a');
  await vs.type('wheels');
  await vs.press('Enter');
  await vs.seen('the new name', '.view-line', 'COPY --from=wheels');
  await vs.save(path('stages/Dockerfile'), 'FROM base AS wheels');
  await vs.press('Control+z');
  await vs.save(path('stages/Dockerfile'), 'FROM base AS builder');
}

async function completion() {
  const text = read('stages/Dockerfile');
  await vs.caret(text, 'USER 1000|');
  await vs.press('Enter');
  await vs.type('WORKDIR $');
  assert.ok((await vs.proposals()).includes('PYTHONUSERBASE'), 'a variable of the base stage');
  await vs.picture('completion');
  await vs.type('PYTHONU');
  await vs.press('Enter');
  await vs.seen('what was chosen', '.view-line', 'WORKDIR $PYTHONUSERBASE');
  await vs.press('Enter');
  await vs.type('COPY --from=');
  assert.deepEqual(await vs.proposals(), ['builder', 'base'], 'no stage takes files of itself');
  await vs.press('Escape');
  await vs.palette('File: Revert File');
  await vs.seen('the old text', '.view-line', 'USER 1000');
}

async function pins() {
  await vs.open('pins/Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await vs.caret(read('pins/Dockerfile'), 'fl|ask gunicorn');
  await vs.fixes('which is in uv.lock');
  await vs.picture('pins');
  await vs.fix('Pin flask==3.1.2');
  await vs.save(path('pins/Dockerfile'), 'flask==3.1.2 gunicorn==23.0.0');
}

async function formatting() {
  await vs.open('loose/Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-error');
  await vs.press('Control+Shift+i');
  await vs.seen('capitals', '.view-line', 'RUN echo');
  await vs.save(path('loose/Dockerfile'), 'RUN echo');
  assert.equal(read('loose/Dockerfile'), 'FROM python:3.13 AS base\nRUN echo a && \\\n    echo b\nFROM base\nCOPY --from=base /x /y\nCMD ["a", "b"]\n');
}

async function composed() {
  await vs.open('composed/compose.yaml');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await until('colours of the Dockerfile', async () => await vs.colourOf('COPY') !== await vs.colourOf('/opt/flask $$PYTHONPATH'));
  assert.equal(await vs.colourOf('FROM'), await vs.colourOf('COPY'));
  await vs.caret(read('composed/compose.yaml'), 'COPY --from=bui|lder');
  assert.match(await vs.hover('flask'), /builder/);
  await vs.picture('compose');
  await vs.press('Escape');
  await vs.caret(read('composed/compose.yaml'), 'run p|ip install');
  await vs.fixes('no-cache-dir');
  await vs.fix('--no-cache-dir');
  await vs.save(path('composed/compose.yaml'), '        run pip install --no-cache-dir attrs==25.1.0\n');
}

async function target() {
  await vs.caret(read('composed/compose.yaml'), 'target: prod|uction');
  await vs.press('F12');
  await vs.seen('the Dockerfile', '.tab.active', 'Dockerfile');
  await vs.seen('the stage', '.statusbar-item', 'Ln 9');
}

async function conversion() {
  await vs.open('Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await vs.palette('pylint-docker: Convert to a Multi-Stage Build');
  await vs.seen('the comparison', '.monaco-diff-editor .modified .view-line', 'COPY --from=');
  await vs.seen('the question', '.notification-toast', 'Convert Dockerfile to a multi-stage build?');
  await vs.picture('convert');
  assert.ok(!read('Dockerfile').includes('COPY --from='), 'nothing is changed before the answer');
  await vs.page.locator('.notification-toast .monaco-button', { hasText: 'Convert' }).click();
  await vs.seen('the unsaved file', '.tab.active.dirty');
  await vs.seen('the converted text', '.editor-instance .view-line', 'AS builder');
  await vs.save(path('Dockerfile'), 'COPY --from=');
}

async function fixAllOnSave() {
  mkdirSync(path('.vscode'));
  writeFileSync(path('.vscode/settings.json'), JSON.stringify({
    'pylint-docker.fixAllOnSave': true, 'pylint-docker.inlayHints.stages': true, 'pylint-docker.inlayHints.variables': true,
    'pylint-docker.codeLens.stages': true, 'pylint-docker.image': 'built/shop',
  }));
  await vs.open('tools/Dockerfile');
  await vs.seen('squiggles', '.view-overlays .squiggly-warning');
  await vs.seen('an inlay hint, once the settings are read', '.view-line', 'final image');
  await vs.page.locator('.view-line').first().click();
  await vs.press('Control+End');
  await vs.type('# typed');
  await vs.save(path('tools/Dockerfile'), 'pip install --no-cache-dir flask');
}

async function hints() {
  await vs.open('stages/Dockerfile');
  await vs.seen('an inlay hint', '.view-line', 'gives /pyroot, leaves 2 OS packages');
  await vs.seen('the value of a variable', '.view-line', 'ENV PATH=$PATH=/');
  await vs.seen('a code lens', '.codelens-decoration', 'gives /pyroot, leaves 2 OS packages (about');
  assert.equal(await vs.page.locator('.codelens-decoration', { hasText: /\w/ }).count(), 3, 'a line above each stage');
  await vs.picture('lenses');
}

async function graph() {
  await vs.page.locator('.codelens-decoration a', { hasText: 'Show the stage graph' }).click();
  await vs.seen('the panel', '.tab', 'Stages of');
  const frame = vs.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  const image = frame.locator('img');
  await image.waitFor({ timeout: 20_000 });
  assert.ok(await image.evaluate((i) => i.naturalWidth > 300), 'the graph is an image');
  await vs.seen('the text still', '.view-line', 'production');
  await vs.picture('graph');
}

async function built() {
  await vs.palette('View: Close All Editors');
  await vs.open('built/Dockerfile');
  await vs.seen('a code lens', '.codelens-decoration', '91.0 MB of 130 MB');
  await vs.caret(read('built/Dockerfile'), 'R|UN apt-get');
  assert.match(await vs.hover('In the built image'), /81\.0 MB[^]*gcc-12/);
  await vs.picture('image');
}
