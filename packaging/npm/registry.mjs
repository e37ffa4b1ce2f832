// A registry of npm for tests, with the packages of one folder: node registry.mjs FOLDER. It prints its address.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.argv[2];
const packages = new Map();
const files = new Map();
for (const name of readdirSync(folder)) {
  const content = readFileSync(join(folder, name));
  const archive = gunzipSync(content);
  // package.json is the first file: a header of 512 bytes with the size in octal at 124, then the content.
  const manifest = JSON.parse(archive.subarray(512, 512 + parseInt(archive.toString('latin1', 124, 135), 8)).toString());
  files.set(`/-/${name}`, content);
  packages.set(`/${manifest.name}`, { name, manifest, integrity: `sha512-${createHash('sha512').update(content).digest('base64')}` });
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url);
  const found = packages.get(path);
  if (files.has(path)) {
    response.end(files.get(path));
  } else if (found) {
    const { name, manifest, integrity } = found;
    const tarball = `http://${request.headers.host}/-/${name}`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({
      name: manifest.name,
      'dist-tags': { latest: manifest.version },
      versions: { [manifest.version]: { ...manifest, dist: { tarball, integrity } } },
    }));
  } else {
    response.statusCode = 404;
    response.end('{}');
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
