// Packages the extension with the program of one platform:
//
//   node package.mjs --target linux-x64 --binary ../../dist/pylint-docker [--out FILE.vsix]
//   node package.mjs --target web      for browsers, such as vscode.dev: the program is WebAssembly
//   node package.mjs --target all      builds the program for every platform with Go, and packages them all
//
// Targets are those of the marketplace: https://code.visualstudio.com/api/working-with-extensions/publishing-extension
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

// The target of the marketplace, and GOOS and GOARCH of its program.
const platforms = {
  'linux-x64': ['linux', 'amd64'],
  'linux-arm64': ['linux', 'arm64'],
  'alpine-x64': ['linux', 'amd64'], // the program is static
  'alpine-arm64': ['linux', 'arm64'],
  'darwin-x64': ['darwin', 'amd64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'win32-x64': ['windows', 'amd64'],
  'win32-arm64': ['windows', 'arm64'],
  'web': ['js', 'wasm'],
};

const { values } = parseArgs({
  options: { target: { type: 'string' }, binary: { type: 'string' }, out: { type: 'string' } },
});
const targets = values.target === 'all' ? Object.keys(platforms) : [values.target];
for (const target of targets) {
  if (!(target in platforms)) {
    console.error(`--target must be all or one of ${Object.keys(platforms).join(', ')}`);
    process.exit(2);
  }
  pack(target);
}

function pack(target) {
  const [goos, goarch] = platforms[target];
  const program = goos === 'js' ? join(here, 'dist', 'web', 'pylint-docker.wasm') : join(here, 'bundled', goos === 'windows' ? 'pylint-docker.exe' : 'pylint-docker');
  for (const folder of ['bundled', 'dist']) {
    rmSync(join(here, folder), { recursive: true, force: true });
  }
  mkdirSync(dirname(program), { recursive: true });
  if (values.binary && targets.length === 1) {
    copyFileSync(values.binary, program);
  } else {
    run('go', ['run', './packaging/release', '-build', `${goos}/${goarch}`, '-out', program], root);
  }
  chmodSync(program, 0o755);
  copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE.txt'));
  // Both: vsce wants all that package.json names.
  run(process.execPath, ['esbuild.mjs'], here);
  run(process.execPath, ['esbuild.mjs', '--web'], here);
  const out = values.out && targets.length === 1 ? resolve(values.out) : join(here, `pylint-docker-${target}.vsix`);
  const vsce = join(here, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Everything is in the bundle, so that no dependency is packaged.
  run(process.execPath, [vsce, 'package', ...version(), '--no-dependencies', '--target', target, '--out', out], here);
}

// version gives vsce the version of the commit's tag: there is none in package.json. It leaves out that of a commit without a tag,
// and a release candidate's, which the marketplace does not take:
// https://code.visualstudio.com/api/working-with-extensions/publishing-extension#prerelease-extensions
function version() {
  if (values.binary) return [];
  const said = spawnSync('go', ['run', './packaging/release', '-version'], { cwd: root, encoding: 'utf8' }).stdout.trim();
  return /^\d+\.\d+\.\d+$/.test(said) ? [said, '--no-git-tag-version', '--no-update-package-json'] : [];
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')}: ${error ?? `exit code ${status}`}`);
    process.exit(1);
  }
}
