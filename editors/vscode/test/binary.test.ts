import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { candidates, findBinary, type Search } from '../src/binary';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'binary-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a program; a mode without x makes it none. */
function program(file: string, mode = 0o755): string {
  const at = path.join(root, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, '#!/bin/sh\n');
  chmodSync(at, mode);
  return at;
}

function search(changes: Partial<Search> = {}): Search {
  return {
    paths: [], importStrategy: 'fromEnvironment', interpreters: [], folders: [path.join(root, 'work')], extension: path.join(root, 'extension'),
    trusted: true, env: { PATH: path.join(root, 'usr') }, platform: 'linux', home: path.join(root, 'home'), ...changes,
  };
}

describe('findBinary', () => {
  it('finds nothing where there is nothing', async () => {
    assert.equal(await findBinary(search()), undefined);
  });

  it('takes the virtual environment before the PATH, and that before the bundled one', async () => {
    const bundled = program('extension/bundled/pylint-docker');
    assert.deepEqual(await findBinary(search()), { path: bundled, origin: 'bundled' });
    const usr = program('usr/pylint-docker');
    assert.deepEqual(await findBinary(search()), { path: usr, origin: 'PATH' });
    const env = program('elsewhere/bin/pylint-docker');
    const active = search({ env: { PATH: path.join(root, 'usr'), VIRTUAL_ENV: path.join(root, 'elsewhere') } });
    assert.deepEqual(await findBinary(active), { path: env, origin: 'environment' });
    const chosen = program('conda/bin/pylint-docker');
    assert.deepEqual(await findBinary({ ...active, interpreters: [path.join(root, 'conda/bin/python')] }), { path: chosen, origin: 'environment' });
    const venv = program('work/venv/bin/pylint-docker');
    assert.deepEqual(await findBinary(active), { path: venv, origin: 'environment' });
    const dotVenv = program('work/.venv/bin/pylint-docker');
    assert.deepEqual(await findBinary(active), { path: dotVenv, origin: 'environment' });
  });

  it('looks into every folder of the workspace', async () => {
    const venv = program('second/.venv/bin/pylint-docker');
    const s = search({ folders: [path.join(root, 'work'), path.join(root, 'second')] });
    assert.deepEqual(await findBinary(s), { path: venv, origin: 'environment' });
  });

  it('takes the bundled one when it is told to', async () => {
    program('work/.venv/bin/pylint-docker');
    const bundled = program('extension/bundled/pylint-docker');
    assert.deepEqual(await findBinary(search({ importStrategy: 'useBundled' })), { path: bundled, origin: 'bundled' });
  });

  it('goes on when an extension without a program is told to use it', async () => {
    const venv = program('work/.venv/bin/pylint-docker');
    assert.deepEqual(await findBinary(search({ importStrategy: 'useBundled' })), { path: venv, origin: 'environment' });
  });

  it('takes the first path of the setting that exists, before everything else', async () => {
    program('work/.venv/bin/pylint-docker');
    program('extension/bundled/pylint-docker');
    const own = program('work/tools/own');
    const home = program('home/own');
    for (const [paths, want] of [
      [['missing', 'tools/own'], own],
      [['${workspaceFolder}/tools/own'], own],
      [[own], own],
      [['~/own'], home],
      [['${userHome}/own', 'tools/own'], home],
    ] as const) {
      const s = search({ paths: [...paths], importStrategy: 'useBundled' });
      assert.deepEqual(await findBinary(s), { path: want, origin: 'setting' }, String(paths));
    }
  });

  it('takes no folders, and no files that are not for running', async () => {
    mkdirSync(path.join(root, 'work/.venv/bin/pylint-docker'), { recursive: true });
    program('usr/pylint-docker', 0o644);
    assert.equal(await findBinary(search()), undefined);
  });

  it('starts nothing of a workspace that is not trusted', async () => {
    program('work/.venv/bin/pylint-docker');
    program('usr/pylint-docker');
    const own = program('work/own');
    const s = search({ trusted: false, paths: [own], interpreters: [path.join(root, 'work/.venv/bin/python')] });
    assert.equal(await findBinary(s), undefined);
    const bundled = program('extension/bundled/pylint-docker');
    assert.deepEqual(await findBinary(s), { path: bundled, origin: 'bundled' });
  });

  it('does not take relative entries of the PATH', () => {
    const list = candidates(search({ env: { PATH: `:.:bin:${path.join(root, 'usr')}` } })).filter(([origin]) => origin === 'PATH');
    assert.deepEqual(list, [['PATH', path.join(root, 'usr/pylint-docker')]]);
  });

  it('knows how Windows calls things', () => {
    const list = candidates(search({ platform: 'win32', env: { Path: path.join(root, 'usr') } })).map(([, file]) => path.relative(root, file));
    assert.ok(list.includes(path.join('work', '.venv', 'Scripts', 'pylint-docker.exe')), String(list));
    assert.ok(list.includes(path.join('usr', 'pylint-docker.exe')), String(list));
    assert.ok(list.includes(path.join('extension', 'bundled', 'pylint-docker.exe')), String(list));
  });
});
