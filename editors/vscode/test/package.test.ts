import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const readme = readFileSync('README.md', 'utf8');
const source = ['commands', 'program', 'server', 'settings', 'graph', 'convert'].map((name) => readFileSync(`src/${name}.ts`, 'utf8')).join('\n');

describe('package.json', () => {
  it('has no setting that the README does not name', () => {
    for (const setting of Object.keys(manifest.contributes.configuration.properties)) {
      const short = setting.replace(/^.*(?=\.)/, '');
      assert.ok(readme.includes(`\`${setting}\``) || readme.includes(`\`${short}\``), setting);
    }
  });

  it('has no setting that nothing reads', () => {
    for (const setting of Object.keys(manifest.contributes.configuration.properties)) {
      const key = setting.split('.')[1] ?? '';
      // The language client itself reads trace.server.
      assert.ok(key === 'trace' || source.includes(`'${key}'`), setting);
    }
  });

  it('has no command that the README does not name, or that does not exist', () => {
    for (const { command, title } of manifest.contributes.commands) {
      assert.ok(readme.includes(title), title);
      const name = command.split('.')[1];
      assert.ok(source.includes(`command('${name}'`) || source.includes(`.${name}\``), command);
    }
  });

  it('supports the versions of VS Code whose declarations it is checked with', () => {
    assert.equal(`^${manifest.devDependencies['@types/vscode']}`, manifest.engines.vscode);
  });
});
