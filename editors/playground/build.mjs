// Puts the page together: node build.mjs PROGRAM.wasm.lzma RULES.json PROJECTS OUT. See build.sh, which calls it.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [program, size, rules, projects, wasmExec, out] = process.argv.slice(2);

/** The examples of the menu, the one that is shown at first in front: projects of the tests, so that they can't rot. */
const examples = [
  ['flask-single-stage', 'Flask: one stage, many habits'],
  ['origin-2018', 'A Dockerfile of 2018'],
  ['e2e/psycopg2-source', 'A compiler for psycopg2'],
  ['pattern-user-base', 'Done right: user base'],
  ['pattern-venv', 'Done right: virtual environment'],
].map(([folder, title]) => ({ title, files: read(join(projects, folder)) }));

function read(folder) {
  const files = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isFile() && name !== 'smoke.txt') { // that tells a test what to try
      files[name] = readFileSync(path, 'utf8');
    }
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Why findings of each rule matter: the first sentence of what its page, which a link leads to, says below its first paragraph. */
const why = Object.fromEntries(JSON.parse(readFileSync(rules, 'utf8')).map(({ code, doc }) => [code, reason(doc)]));

function reason(doc) {
  const [prose] = doc.split(/^(?:## |```)/m, 1);
  const why = prose.trim().split('\n\n')[1] ?? '';
  return why.split(/\s+/).join(' ').split(/(?<=\.) (?=[A-Z`])/)[0];
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning',
    alias: { wasm_exec: wasmExec },
  });
  // A script in a page must not hold what ends it.
  return outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
}

const packed = readFileSync(program); // an LZMA header of 13 bytes: properties, dictionary, size; then the stream
const main = await bundle('src/main.ts');
const parts = {
  policy: [
    "default-src 'none'", `script-src 'sha256-${createHash('sha256').update(main).digest('base64')}' 'wasm-unsafe-eval'`, "worker-src blob: 'self'",
    "style-src 'unsafe-inline'", 'img-src blob: data:', "base-uri 'none'", "form-action 'none'",
  ].join('; '),
  style: readFileSync('src/style.css', 'utf8').trim().replace(/\n\s*/g, '\n'),
  built: JSON.stringify({ properties: packed[0], size: Number(size), examples, why }).replaceAll('<', '\\u003c'),
  worker: await bundle('src/worker.ts'),
  program: packed.subarray(13).toString('base64'),
  main,
};
const page = readFileSync('src/index.html', 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'index.html'), page);
const hash = createHash('sha256').update(page).digest('hex').slice(0, 16);
writeFileSync(join(out, 'sw.js'), readFileSync('src/sw.js', 'utf8').replace('{{hash}}', hash));
