// Bundles the extension into dist/extension.js; with --test, the unit tests into dist/test.
import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const tests = process.argv.includes('--test');
const options = { bundle: true, platform: 'node', target: 'node18', format: 'cjs', external: ['vscode'], logLevel: 'warning' };

if (tests) {
  await rm('dist/test', { recursive: true, force: true });
  const files = (await readdir('test')).filter((name) => name.endsWith('.test.ts'));
  await build({ ...options, entryPoints: files.map((name) => `test/${name}`), outdir: 'dist/test', sourcemap: 'inline' });
} else {
  await build({ ...options, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true });
}
