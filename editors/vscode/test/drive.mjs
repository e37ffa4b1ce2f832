// Hands and eyes for a VS Code that runs in a browser: what the tests press, and what they look for.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Settings that make pictures calm, and the same everywhere. */
export const quiet = {
  'workbench.startupEditor': 'none', 'workbench.colorTheme': 'Default Light Modern', 'telemetry.telemetryLevel': 'off', 'update.mode': 'none',
  'window.commandCenter': false, 'workbench.layoutControl.enabled': false, 'editor.minimap.enabled': false, 'chat.disableAIFeatures': true,
  'breadcrumbs.enabled': false, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'editor.fontSize': 14, 'files.autoSave': 'off', 'git.enabled': false,
  'window.menuBarVisibility': 'hidden', 'workbench.tips.enabled': false, 'workbench.activityBar.location': 'top', 'notebook.formatOnSave.enabled': false,
  'diffEditor.hideUnchangedRegions.enabled': false, 'editor.occurrencesHighlight': 'off', 'editor.detectIndentation': false, 'files.exclude': { '**/.vscode': true },
};

/** Writes files, by their names, into a folder. */
export function lay(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Waits until a condition holds. */
export async function until(what, condition) {
  for (const start = Date.now(); Date.now() - start < 40_000;) {
    if (await condition()) {
      return;
    }
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Runs one part of a test, and says so. */
export async function step(name, run) {
  await run();
  console.log(`ok: ${name}`);
}

/** Opens a page in headless Chromium: $CHROMIUM, else /usr/bin/chromium. Webviews need cookies of others, so there is a profile. */
export async function browse(address, profile, pictures) {
  lay(profile, { 'Default/Preferences': JSON.stringify({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }) });
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], viewport: { width: 1180, height: 640 }, deviceScaleFactor: 1,
  });
  const page = browser.pages()[0] ?? await browser.newPage();
  await page.goto(address);
  return { browser, window: new Window(page, pictures) };
}

/** A window of VS Code. */
export class Window {
  constructor(page, pictures) {
    this.page = page;
    this.pictures = pictures;
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  async open(name) {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.press('Escape');
    await this.page.waitForTimeout(300);
    const input = this.page.locator('.quick-input-box input').first();
    await until('the list of files', async () => { // keys that come too early are lost
      await this.press('Control+p');
      return input.waitFor({ timeout: 2000 }).then(() => true, () => false);
    });
    await input.fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await this.page.waitForTimeout(700); // the list is sorted anew while the files are searched
    await this.press('Enter');
    await this.seen(`${name} in front`, '.tab.active', name.split('/').at(-1));
  }

  /** Opens a file from the tree: there the search for files by name has none. */
  async pick(name) {
    const parts = name.split('/');
    for (const [depth, part] of parts.entries()) {
      const row = this.page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${depth + 1}"]`).filter({ has: this.page.getByText(part, { exact: true }) });
      if (depth === parts.length - 1) {
        await row.first().dblclick(); // which gives the editor the keys, too
      } else if (await row.first().getAttribute('aria-expanded') !== 'true') {
        await row.first().click();
      }
    }
    await this.seen(`${name} in front`, '.tab.active', parts.at(-1));
  }

  async palette(title) {
    await this.press('F1');
    const input = this.page.locator('.quick-input-box input').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title.split(': ').at(-1) }).first().click();
  }

  /** Puts the cursor where the bar stands in the text that the editor shows: caret(text, 'FR|OM base'). */
  async caret(text, where) {
    const offset = text.indexOf(where.replace('|', ''));
    assert.ok(offset >= 0, `${where} is not in the text`);
    const lines = text.slice(0, offset + where.indexOf('|')).split('\n');
    await this.press('Escape', 'Control+g');
    const input = this.page.locator('.quick-input-box input').first();
    await input.waitFor();
    await input.fill(`:${lines.length}:${lines.at(-1).length + 1}`);
    await this.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.seen('the place', '.statusbar-item', `Ln ${lines.length}, Col ${lines.at(-1).length + 1}`);
  }

  /** Asks for the fixes at the cursor, by keys. */
  async fixes(text) {
    await this.press('Control+.');
    return this.seen(`the fix ${text}`, '.action-widget .action', text);
  }

  /** Chooses one of them. */
  async fix(text) {
    await until(`the choice of ${text}`, async () => {
      if (await this.page.locator('.action-widget .action.focused', { hasText: text }).count() > 0) {
        return true;
      }
      await this.press('ArrowDown');
      return false;
    });
    await this.press('Enter');
  }

  /** The text of the hover at the cursor, asked for by keys. */
  async hover(part) {
    await this.press('Control+k', 'Control+i');
    const box = await this.seen(`a hover with ${part}`, '.monaco-hover:not(.hidden) .hover-contents', part);
    return (await box.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** The labels of the open list of proposals. */
  async proposals() {
    await this.seen('proposals', '.suggest-widget.visible .monaco-list-row');
    return this.page.locator('.suggest-widget.visible .monaco-list-row .label-name').allInnerTexts();
  }

  /** Where a word of the editor is. Playwright's own pointing would scroll the editor sideways. */
  async placeOf(word) {
    return (await this.look(word)).middle;
  }

  /** The colour of a word of the editor. */
  async colourOf(word) {
    return (await this.look(word)).colour;
  }

  look(word) {
    return this.page.evaluate((word) => {
      for (const line of document.querySelectorAll('.editor-instance .view-line')) {
        const parts = [];
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          parts.push(node);
        }
        const at = parts.map((node) => node.data).join('').replaceAll('\u00a0', ' ').indexOf(word);
        if (at < 0) {
          continue;
        }
        const find = (offset) => { // a word may be of several colours, so of several nodes
          for (const node of parts) {
            if (offset <= node.data.length) {
              return [node, offset];
            }
            offset -= node.data.length;
          }
        };
        const range = document.createRange();
        range.setStart(...find(at + 1));
        range.setEnd(...find(at + word.length));
        const { left, top, width, height } = range.getBoundingClientRect();
        return { middle: { x: left + width / 2, y: top + height / 2 }, colour: getComputedStyle(range.startContainer.parentElement).color };
      }
      throw new Error(`${word} is not shown`);
    }, word);
  }

  async seen(what, selector, text) {
    const found = text ? this.page.locator(selector).filter({ hasText: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')) }) : this.page.locator(selector);
    try {
      await found.first().waitFor({ timeout: 30_000 });
    } catch {
      throw new Error(`${what} was not seen`);
    }
    return found;
  }

  /** Saves by keys, and waits until the file has the text. */
  async save(path, text) {
    await this.press('Control+s');
    await until(`${text} in ${path}`, () => readFileSync(path, 'utf8').includes(text));
  }

  async picture(name) {
    await this.page.waitForTimeout(600);
    await this.page.screenshot({ path: join(this.pictures, `vscode-${name}.png`) });
  }
}
