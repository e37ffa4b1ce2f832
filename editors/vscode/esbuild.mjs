// Bundles the extension into dist/extension.js; with --web, that of the browser into dist/web; with --test, the unit tests into dist/test.
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const common = { bundle: true, format: 'cjs', external: ['vscode'], logLevel: 'warning' };
const node = { ...common, platform: 'node', target: 'node18' };

if (process.argv.includes('--test')) {
  await rm('dist/test', { recursive: true, force: true });
  const files = (await readdir('test')).filter((name) => name.endsWith('.test.ts'));
  await build({ ...node, entryPoints: files.map((name) => `test/${name}`), outdir: 'dist/test', sourcemap: 'inline' });
} else if (process.argv.includes('--web')) {
  const goroot = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout.trim();
  const browser = { ...common, platform: 'browser', target: 'es2022', minify: true };
  await build({ ...browser, entryPoints: ['src/web/extension.ts'], outfile: 'dist/web/extension.js' });
  await build({ ...browser, format: 'iife', entryPoints: ['src/web/worker.ts'], outfile: 'dist/web/worker.js', alias: { wasm_exec: join(goroot, 'lib/wasm/wasm_exec.js') } });
} else {
  await build({ ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true });
}
