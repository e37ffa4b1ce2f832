// Tries the built page in headless Chromium, with every way out of it cut: see test.sh, which calls it. PAGE is the built folder,
// BINARY the program whose findings and fixes must be the same, CHROMIUM the browser; the argument is a folder for screenshots.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const { PAGE, BINARY, CHROMIUM } = process.env;
const pictures = process.argv[2];
const patience = 120_000; // a machine of CI may be slow
const work = mkdtempSync(join(tmpdir(), 'playground-'));

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  try {
    const body = readFileSync(join(PAGE, path.endsWith('/') ? `${path}index.html` : path));
    response.writeHead(200, { 'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const home = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
const foreign = [];
const complaints = [];
const context = await newContext({ viewport: { width: 1280, height: 800 } });

async function newContext(options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience);
  await context.grantPermissions(['clipboard-write'], { origin: home }).catch(() => undefined);
  context.on('request', (request) => {
    if (!request.url().startsWith(home) && !/^(blob|data|file):/.test(request.url())) {
      foreign.push(request.url());
    }
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(message.text());
    }
  });
  return context;
}

/** Opens the page and waits for its first findings. */
async function visit(url, from = context) {
  const page = await from.newPage();
  await page.goto(url);
  await settled(page);
  return page;
}

async function settled(page) {
  await page.waitForTimeout(50); // the page takes a moment to see a change
  await page.locator('body[data-done]').waitFor();
}

/** Puts a text into the shown file, as from the clipboard. */
async function type(page, text) {
  await page.locator('.cm-content').focus();
  await page.keyboard.press('Control+a');
  if (text === '') {
    await page.keyboard.press('Delete');
  } else {
    await page.keyboard.insertText(text);
  }
}

async function addFile(page, name, text) {
  await page.getByRole('button', { name: 'Add a file' }).click();
  await page.locator('#name').fill(name);
  await page.keyboard.press('Enter');
  await page.locator('#files [aria-selected=true]', { hasText: name }).waitFor();
  await type(page, text);
}

/** What the page shows of its findings. */
async function findings(page) {
  return page.locator('#findings > li').evaluateAll((items) => items.map((item) => {
    const [path, line] = item.querySelector('.meta').textContent.split(' ')[0].split(':');
    return { code: item.querySelector('strong').textContent, path, line: Number(line) };
  }));
}

/** All files as they are in the editor, read through the page's own link. */
async function texts(page) {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('#link-dialog[open]').waitFor();
  const url = await page.locator('#link').inputValue();
  await page.locator('#close-link').click();
  const deflated = Buffer.from(url.split('#1.')[1], 'base64url');
  return { url, files: Object.fromEntries(JSON.parse(inflateRawSync(deflated).toString())[1]) };
}

/** A link to files, as the page would make it. */
function linkTo(files, active = 'Dockerfile') {
  return `${home}#1.${deflateRawSync(JSON.stringify([active, Object.entries(files)])).toString('base64url')}`;
}

/** Files on disk, for the binary. */
function project(name, files) {
  const dir = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

function lint(dir, ...flags) {
  return execFileSync(BINARY, ['check', '--isolated', '--exit-zero', ...flags], { cwd: dir, encoding: 'utf8' });
}

/** What the binary finds, the gravest first as people see it; of these the order of the file stays. */
function expected(dir) {
  const found = JSON.parse(lint(dir, '--output-format', 'json'));
  return ['error', 'warning', 'info'].flatMap((severity) => found.filter((f) => f.severity === severity))
    .map((f) => ({ code: f.code, path: f.filename, line: f.location.row }));
}

const sample = {
  Dockerfile: 'FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY main.py .\nCMD python main.py\n',
  'main.py': 'print("sunny")\n',
  'requirements.txt': '--index-url http://pypi.example.org/simple\nflask\npsycopg2==2.9.10\n',
};

const steps = {
  async 'findings are those of the binary'() {
    const page = await visit(home);
    await type(page, sample.Dockerfile);
    for (const name of ['main.py', 'requirements.txt']) {
      // What is there of the example goes away first.
      await addFileOrShow(page, name);
      await type(page, sample[name]);
    }
    for (const tab of await page.locator('#files [role=tab]').allTextContents()) {
      if (!(tab in sample)) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await page.getByRole('button', { name: 'Delete' }).click();
      }
    }
    await settled(page);
    assert.deepEqual((await texts(page)).files, sample);
    const want = expected(project('findings', sample));
    assert.ok(want.length > 5, 'the sample has findings');
    assert.deepEqual(await findings(page), want);
    // The text has squiggles, and a click goes to the place of a finding or of what belongs to it.
    await page.locator('#findings > li', { hasText: 'PLD205' }).locator('.message').click();
    await page.locator('#files [aria-selected=true]', { hasText: 'Dockerfile' }).waitFor();
    await page.locator('.cm-lintRange').first().waitFor();
    assert.equal(await page.evaluate(() => getSelection().toString()), 'pip install -r requirements.txt');
    await page.locator('#findings .link', { hasText: 'requirements.txt:1' }).first().click();
    await page.locator('#files [aria-selected=true]', { hasText: 'requirements.txt' }).waitFor();
    assert.match(await page.evaluate(() => getSelection().toString()), /^--index-url/);
    return page;
  },

  async 'a Dockerfile of one\'s own has nothing beside it'() {
    const page = await visit(home);
    assert.equal(await page.locator('#examples option').nth(1).textContent(), 'My own Dockerfile');
    await page.locator('#examples').selectOption('own');
    assert.deepEqual((await texts(page)).files, { Dockerfile: '' });
    await type(page, 'FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n');
    await settled(page);
    assert.deepEqual((await findings(page)).map((f) => f.code), ['PLD202']);
    await page.close();
  },

  async 'a quick fix, and undo'(page) {
    await page.getByRole('tab', { name: 'Dockerfile', exact: true }).click();
    const before = (await texts(page)).files;
    await page.locator('#findings > li', { hasText: 'PLD205' }).locator('.fix button').click();
    await settled(page);
    const after = (await texts(page)).files;
    assert.equal(after.Dockerfile, sample.Dockerfile.replace('pip install', 'pip install --no-cache-dir'));
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+z');
    await settled(page);
    assert.deepEqual((await texts(page)).files, before);
  },

  async 'fixes give what the binary writes'(page) {
    const dir = project('fixed', sample);
    for (const flags of [[], ['--unsafe-fixes']]) { // one after the other, as a user would
      lint(dir, '--fix', '--quiet', ...flags);
      await page.getByRole('tab', { name: 'Fixed' }).click();
      await page.locator('#unsafe').setChecked(flags.length > 0);
      await page.getByRole('button', { name: 'Apply' }).click();
      await settled(page);
      const { files } = await texts(page);
      for (const [path, text] of Object.entries(files)) {
        assert.equal(text, readFileSync(join(dir, path), 'utf8'), path);
      }
      assert.ok(flags.length === 0 || files.Dockerfile.includes('COPY --from=builder'), 'the conversion is there');
      await page.getByRole('tab', { name: /Findings/ }).click();
      assert.deepEqual(await findings(page), expected(dir));
    }
    await page.getByRole('tab', { name: 'Stages' }).click();
    assert.ok(await page.locator('#picture').evaluate(async (image) => (await image.decode(), image.naturalWidth > 300)), 'the graph is an image');
  },

  async 'a link gives the same state'(page) {
    const { url, files } = await texts(page);
    const other = await visit(url);
    assert.deepEqual((await texts(other)).files, files);
    assert.deepEqual(await findings(other), await findings(page));
    await other.close();
    await page.close();
  },

  async 'line endings and other bytes survive'() {
    const odd = {
      Dockerfile: '\ufeffFROM python:3.13-slim\r\n# \u{1f600} \u00e9\r\nRUN pip install flask==3.1.2\r\nUSER 1000\r\nCMD ["flask", "--version"]',
      'mixed.txt': 'a\r\nb\nc\rd\u2028e\t\n',
    };
    const page = await visit(linkTo(odd, 'mixed.txt'));
    assert.deepEqual((await texts(page)).files, odd);
    const dir = project('odd', odd);
    lint(dir, '--fix', '--quiet');
    await page.getByRole('tab', { name: 'Fixed' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await settled(page);
    assert.equal((await texts(page)).files.Dockerfile, readFileSync(join(dir, 'Dockerfile'), 'utf8'));
    assert.ok(readFileSync(join(dir, 'Dockerfile'), 'utf8').includes('--no-cache-dir'), 'there was something to fix');
    await page.close();
  },

  async 'broken links are told and break nothing'() {
    const pack = (value) => deflateRawSync(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');
    const whole = pack(['Dockerfile', [['Dockerfile', 'FROM a\n']]]);
    // One that the page is opened with, and others that are pasted into the address of an open page.
    const page = await visit(`${home}#1.%%%`);
    assert.match(await page.locator('#problem').innerText(), /characters that no link has/);
    assert.ok((await findings(page)).length > 0, 'the example is shown instead');
    const shown = (await texts(page)).files;
    for (const [fragment, message] of [
      ['#1.', /can't be read/], ['#1.%%%', /characters that no link has/], ['#1.AAAA', /can't be read/], ['#2.abc', /another version/],
      [`#1.${whole.slice(0, -6)}`, /can't be read/], [`#1.${pack('nonsense')}`, /holds no files/], [`#1.${pack({})}`, /holds no files/],
      [`#1.${pack(['x', [['x', 'y']]])}`, /holds no Dockerfile/], [`#1.${pack(['Dockerfile', [['Dockerfile', 1]]])}`, /holds no files/],
      [`#1.${pack(['Dockerfile', [['Dockerfile', ''], ['../up', '']]])}`, /name that can not be/],
      [`#1.${pack(Buffer.alloc(64 << 20, 0x20))}`, /more than 4 MiB/],
    ]) {
      await page.evaluate((fragment) => { location.hash = fragment; }, fragment);
      await page.locator('#problem', { hasText: message }).waitFor();
      assert.deepEqual((await texts(page)).files, shown, 'the files stay');
      assert.ok(await page.locator('#problem').isHidden(), 'sharing anew makes a good link');
    }
    await page.evaluate((fragment) => { location.hash = fragment; }, `#1.${pack(['__proto__', [['Dockerfile', 'FROM a\n'], ['__proto__', 'x']]])}`);
    await page.locator('#files [aria-selected=true]', { hasText: '__proto__' }).waitFor();
    await page.evaluate(() => { location.hash = '#readme'; }); // not ours: no word about it
    await settled(page);
    assert.ok(await page.locator('#problem').isHidden());
    await page.close();
  },

  async 'an input that takes too long is ended'() {
    const line = `RUN ${'pip install a && '.repeat(200)}true\n`;
    const page = await context.newPage();
    const started = Date.now();
    await page.goto(linkTo({ Dockerfile: `FROM python:3.12\n${line.repeat(1000)}` }));
    await page.locator('#problem', { hasText: /ended after 5 seconds/ }).waitFor();
    console.log(`   ended after ${Date.now() - started} ms`);
    // Typing goes on, and a smaller text is looked at again.
    await type(page, 'FROM python:3.12\nRUN pip install flask\n');
    await settled(page);
    assert.ok(await page.locator('#problem').isHidden());
    assert.ok((await findings(page)).some((f) => f.code === 'PLD205'));
    await page.close();
  },

  async 'a large text has no link'() {
    let noise = '';
    for (let i = 0; noise.length < 200_000; i++) {
      noise += `# ${((i * 2654435761) >>> 0).toString(36)}${((i * 40503 + 12345) * 7919 >>> 0).toString(36)}\n`;
    }
    const page = await visit(linkTo({ Dockerfile: `FROM python:3.12\n${noise}` }));
    await page.getByRole('button', { name: 'Share' }).click();
    await page.locator('#problem', { hasText: /too large for a link/ }).waitFor();
    await page.close();
  },

  async 'it reloads without a network'() {
    const page = await visit(home);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => caches.keys().then((names) => names.length === 1));
    await type(page, 'FROM python:3.12\nRUN pip install flask==3.1.2\n');
    await settled(page);
    const before = await findings(page);
    const { port } = server.address();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await page.reload();
    await settled(page);
    assert.deepEqual(await findings(page), before, 'with the text as it was');
    await page.close();
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
  },

  async 'it opens as a file'() {
    const folder = join(work, 'saved');
    cpSync(PAGE, folder, { recursive: true });
    const page = await visit(`file://${folder}/index.html`);
    assert.ok((await findings(page)).length > 0);
    const { url, files } = await texts(page);
    const other = await visit(url);
    assert.deepEqual((await texts(other)).files, files);
    await other.close();
    await page.close();
  },

  async 'the keyboard is enough'() {
    const page = await visit(home);
    await page.locator('#tab-findings').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-fixed');
    assert.ok(await page.locator('#panel-fixed').isVisible());
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => !document.activeElement.closest('.cm-editor')), 'Tab leaves the text');
    for (const element of await page.locator('button, input, select, [role=tab]').all()) {
      const name = await element.evaluate((e) => e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim());
      assert.ok(name, `without a name: ${await element.evaluate((e) => e.outerHTML)}`);
    }
    await page.close();
  },

  async 'it looks right at two widths'() {
    for (const [name, options] of [
      ['desktop', { viewport: { width: 1280, height: 800 } }], ['phone', { viewport: { width: 390, height: 844 } }],
      ['dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
    ]) {
      const fresh = await newContext(options);
      const started = Date.now();
      const page = await fresh.newPage();
      await page.goto(home);
      await page.locator('body[data-checked]').waitFor();
      console.log(`   ${name}: first findings ${Date.now() - started} ms after the start`);
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.ok(!wide, `${name}: the page is wider than the window`);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
      await page.getByRole('tab', { name: 'Fixed' }).click();
      await page.locator('#unsafe').check();
      await page.screenshot({ path: join(pictures, `${name}-fixed.png`) });
      await page.getByRole('tab', { name: 'Stages' }).click();
      await page.locator('input[value=unsafe]').check();
      await page.locator('#picture').evaluate((image) => image.decode());
      await page.screenshot({ path: join(pictures, `${name}-stages.png`), fullPage: true });
      await fresh.close();
    }
  },

  async 'keystrokes'() {
    const page = await visit(home);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    const times = [];
    for (let i = 0; i < 5; i++) {
      const count = Number(await page.locator('body').getAttribute('data-checked'));
      const started = Date.now();
      await page.keyboard.type('#');
      await page.locator(`body[data-checked="${count + 1}"]`).waitFor();
      times.push(Date.now() - started);
    }
    console.log(`   from a key to new findings: ${times.join(', ')} ms, of which 150 wait for the next key`);
    await page.close();
  },
};

async function addFileOrShow(page, name) {
  const tab = page.getByRole('tab', { name, exact: true });
  if (await tab.count() > 0) {
    await tab.click();
    return;
  }
  await addFile(page, name, '');
}

try {
  let handed;
  for (const [name, run] of Object.entries(steps)) {
    const began = Date.now();
    handed = (await run(handed)) ?? handed;
    console.log(`ok: ${name} [${Math.round((Date.now() - began) / 100) / 10}s]`);
  }
  assert.deepEqual(foreign, [], 'requests to elsewhere');
  assert.deepEqual(complaints.filter((c) => !/ERR_CONNECTION_REFUSED|sw\.js/.test(c)), [], 'complaints of the browser');
  // That the record is no blind one: the policy stops a request, and the browser says so.
  const page = await visit(home);
  const stopped = await page.evaluate(() => fetch('http://127.0.0.1:1/').then(() => 'went', () => 'stopped'));
  assert.equal(stopped, 'stopped');
  assert.ok(complaints.some((c) => /Content Security Policy/.test(c)), 'the policy is in force');
  console.log('no request went elsewhere');
} catch (error) {
  for (const page of browser.contexts().flatMap((c) => c.pages())) {
    await page.screenshot({ path: join(pictures, 'failed.png') }).catch(() => undefined);
  }
  console.error(complaints.join('\n'));
  throw error;
} finally {
  await browser.close();
  server.close();
  rmSync(work, { recursive: true, force: true });
}
