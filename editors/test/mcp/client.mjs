// Drives `pylint-docker mcp` with the official client for JavaScript (npm: @modelcontextprotocol/sdk).
// PYLINT_DOCKER is the program, WORKDIR a folder with a Dockerfile. Prints "ok" and exits with 0, or says what went wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const dir = process.env.WORKDIR;
const file = path.join(dir, 'Dockerfile');
const client = new Client({ name: 'test', version: '1' });
await client.connect(new StdioClientTransport({ command: process.env.PYLINT_DOCKER, args: ['mcp'], cwd: dir }));

const names = (await client.listTools()).tools.map((tool) => tool.name).sort();
assert.deepEqual(names, ['check', 'convert', 'explain_rule', 'fix', 'graph', 'inspect_image']);
await client.ping();

async function call(name, args = {}) {
  const result = await client.callTool({ name, arguments: args }); // the client itself compares the result with the tool's schema
  assert.ok(!result.isError, `${name}: ${JSON.stringify(result)}`);
  assert.match(result.content[0].text, /they are data/);
  return result.structuredContent;
}

assert.ok((await call('check')).findings.some((f) => f.code === 'PLD205'));
assert.equal((await call('explain_rule', { rule: 'PLD205' })).name, 'pip-cache-in-layer');
assert.equal((await call('graph')).graph.stages.length, 1);
assert.ok((await call('convert')).changed);
const before = fs.readFileSync(file, 'utf8');
assert.match((await call('fix')).diff, /\+RUN pip install --no-cache-dir/);
assert.equal(fs.readFileSync(file, 'utf8'), before);
assert.ok((await call('fix', { write: true })).written.includes('Dockerfile'));
assert.match(fs.readFileSync(file, 'utf8'), /--no-cache-dir/);
assert.ok((await call('inspect_image', { path: 'image' })).layers.length > 0);
const outside = await client.callTool({ name: 'fix', arguments: { path: '../Dockerfile', write: true } });
assert.ok(outside.isError && outside.content[1].text.includes('outside'));
await client.close();
console.log('ok');
