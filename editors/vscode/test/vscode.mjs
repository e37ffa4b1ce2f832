// Drives a real VS Code (code-server in headless Chromium) with the packaged extension, checks what a user would see, and makes
// the pictures of docs/images. It takes a minute and is not run in CI:
//
//   npm ci --ignore-scripts && npm install --no-save playwright-core
//   npm run package -- --target linux-x64 --out /tmp/extension.vsix
//   CODE_SERVER=/path/to/code-server VSIX=/tmp/extension.vsix node test/vscode.mjs [FOLDER FOR SCREENSHOTS]
//
// CODE_SERVER is the program of https://github.com/coder/code-server, 4.139.1 when this was written; a path that ends in .js is run
// by NODE (else by the node of this script). CHROMIUM is a browser, else /usr/bin/chromium.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const { CODE_SERVER, VSIX, NODE = process.execPath, CHROMIUM = '/usr/bin/chromium' } = process.env;
assert.ok(CODE_SERVER && VSIX, 'CODE_SERVER and VSIX must be set');
const pictures = resolve(process.argv[2] ?? 'test/screenshots');
mkdirSync(pictures, { recursive: true });

const work = mkdtempSync(join(tmpdir(), 'vscode-'));
const project = join(work, 'weather');
const dockerfile = join(project, 'Dockerfile');
const files = {
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
  'data/User/settings.json': JSON.stringify({
    'workbench.startupEditor': 'none', 'workbench.colorTheme': 'Default Light Modern', 'telemetry.telemetryLevel': 'off', 'update.mode': 'none',
    'window.commandCenter': false, 'workbench.layoutControl.enabled': false, 'editor.minimap.enabled': false, 'chat.disableAIFeatures': true,
    'breadcrumbs.enabled': false, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'editor.fontSize': 14, 'files.autoSave': 'off', 'git.enabled': false, 'window.menuBarVisibility': 'hidden',
    'workbench.tips.enabled': false, 'workbench.activityBar.location': 'top', 'notebook.formatOnSave.enabled': false,
    'diffEditor.hideUnchangedRegions.enabled': false, 'editor.occurrencesHighlight': 'off', 'files.exclude': { '**/.vscode': true },
  }),
};
for (const [name, content] of Object.entries(files)) {
  mkdirSync(join(work, name, '..'), { recursive: true });
  writeFileSync(join(work, name), content);
}

const command = CODE_SERVER.endsWith('.js') ? [NODE, CODE_SERVER] : [CODE_SERVER];
const common = ['--extensions-dir', join(work, 'extensions'), '--user-data-dir', join(work, 'data'), '--config', join(work, 'config.yaml')];
writeFileSync(join(work, 'config.yaml'), 'auth: none\n');
const installed = spawnSync(command[0], [...command.slice(1), ...common, '--install-extension', resolve(VSIX)], { encoding: 'utf8' });
assert.equal(installed.status, 0, installed.stdout + installed.stderr);

const port = await new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});
const server = spawn(command[0], [...command.slice(1), ...common, '--bind-addr', `127.0.0.1:${port}`, '--disable-workspace-trust',
  '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', project], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
let log = '';
server.stdout.on('data', (data) => { log += data; });
server.stderr.on('data', (data) => { log += data; });

let browser;
let page;
try {
  await until('code-server', () => log.includes('HTTP server listening'));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  page = await browser.newPage({ viewport: { width: 1180, height: 640 }, deviceScaleFactor: 1 });
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(project)}`);
  await tour();
  console.log(`all seen; pictures are in ${pictures}`);
} catch (error) {
  await page?.screenshot({ path: join(pictures, 'failed.png') }).catch(() => undefined);
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

// --- what is looked at

async function tour() {
  await open('Dockerfile');
  await seen('squiggles', '.view-overlays .squiggly-warning');
  await step('hover', hover);
  await step('quick fix', quickFix);
  await step('outline', outline);
  await step('conversion', conversion);
  await step('fix all on save', fixAllOnSave);
  await step('inlay hints and stage graph', stages);
}

async function hover() {
  const { x, y } = await placeOf('gcc');
  await page.mouse.move(x, y);
  const box = await seen('the hover', '.monaco-hover:not(.hidden) .hover-contents', 'PLD101');
  assert.match(await box.first().innerText(), /builder stage/);
  await picture('hover');
  await page.keyboard.press('Escape');
}

async function quickFix() {
  const { x, y } = await placeOf('pip install');
  await page.mouse.click(x, y);
  await page.keyboard.press('Control+.');
  const menu = await seen('the menu of fixes', '.action-widget', 'no-cache-dir');
  await picture('quick-fix');
  await menu.locator('.action', { hasText: '--no-cache-dir' }).first().click();
  await seen('the fixed line', '.view-line', 'pip install --no-cache-dir -r');
  await page.keyboard.press('Control+s');
  await until('the saved file', () => readFileSync(dockerfile, 'utf8').includes('RUN pip install --no-cache-dir -r requirements.txt'));
}

async function outline() {
  await open('stages/Dockerfile');
  await seen('the text', '.view-line', 'production');
  await palette('Explorer: Focus on Outline View');
  for (const stage of ['base', 'builder', 'production']) {
    await seen(`${stage} in the outline`, '.outline-pane .monaco-list-row', stage);
  }
  await picture('outline');
}

async function conversion() {
  await open('Dockerfile');
  await seen('squiggles', '.view-overlays .squiggly-warning');
  await palette('pylint-docker: Convert to a Multi-Stage Build');
  await seen('the comparison', '.monaco-diff-editor .modified .view-line', 'COPY --from=');
  await seen('the question', '.notification-toast', 'Convert Dockerfile to a multi-stage build?');
  await picture('convert');
  assert.ok(!readFileSync(dockerfile, 'utf8').includes('COPY --from='), 'nothing is changed before the answer');
  await page.locator('.notification-toast .monaco-button', { hasText: 'Convert' }).click();
  await seen('the unsaved file', '.tab.active.dirty');
  await seen('the converted text', '.editor-instance .view-line', 'AS builder');
  await page.keyboard.press('Control+s');
  await until('the saved file', () => /COPY --from=\S+ \S+/.test(readFileSync(dockerfile, 'utf8')));
}

async function fixAllOnSave() {
  mkdirSync(join(project, '.vscode'));
  writeFileSync(join(project, '.vscode/settings.json'), JSON.stringify({
    'pylint-docker.fixAllOnSave': true, 'pylint-docker.inlayHints.stages': true, 'pylint-docker.inlayHints.variables': true,
  }));
  await open('tools/Dockerfile');
  await seen('squiggles', '.view-overlays .squiggly-warning');
  await seen('an inlay hint, once the settings are read', '.view-line', 'final image');
  await page.locator('.view-line').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# typed');
  await page.keyboard.press('Control+s');
  await until('the fix on saving', () => readFileSync(join(project, 'tools/Dockerfile'), 'utf8').includes('pip install --no-cache-dir flask'));
}

async function stages() {
  await open('stages/Dockerfile');
  await seen('an inlay hint', '.view-line', 'gives /pyroot, leaves 2 OS packages');
  await palette('pylint-docker: Show the Stage Graph');
  await seen('the panel', '.tab', 'Stages of');
  const frame = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  const image = frame.locator('img');
  await image.waitFor({ timeout: 20_000 });
  assert.ok(await image.evaluate((i) => i.naturalWidth > 300), 'the graph is an image');
  await seen('the text still', '.view-line', 'production');
  await picture('graph');
}

// --- hands and eyes

async function step(name, run) {
  await run();
  console.log(`ok: ${name}`);
}

async function open(name) {
  await page.locator('.monaco-workbench').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  await page.keyboard.press('Control+p');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.waitForTimeout(700); // the list is sorted anew while the files are searched
  await page.keyboard.press('Enter');
  await seen(`${name} in front`, '.tab.active', name.split('/').at(-1));
}

async function palette(title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title.split(': ').at(-1) }).first().click();
}

/** The middle of a word in the editor. Playwright's own pointing would scroll the editor sideways. */
async function placeOf(word) {
  return page.evaluate((word) => {
    for (const line of document.querySelectorAll('.editor-instance .view-line')) {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.replaceAll('\u00a0', ' ').indexOf(word);
        if (at >= 0) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          const { left, top, width, height } = range.getBoundingClientRect();
          return { x: left + width / 2, y: top + height / 2 };
        }
      }
    }
    throw new Error(`${word} is not shown`);
  }, word);
}

async function seen(what, selector, text) {
  const found = text ? page.locator(selector).filter({ hasText: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')) }) : page.locator(selector);
  try {
    await found.first().waitFor({ timeout: 30_000 });
  } catch {
    throw new Error(`${what} was not seen`);
  }
  return found;
}

async function until(what, condition) {
  for (const start = Date.now(); Date.now() - start < 40_000;) {
    if (condition()) {
      return;
    }
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`waited in vain for ${what}`);
}

async function picture(name) {
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(pictures, `vscode-${name}.png`) });
}
