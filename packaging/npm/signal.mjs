// Sends signals to the launcher of a running language server: node signal.mjs LAUNCHER. The server must end with it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  const launcher = spawn(process.argv[2], ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  // An answer tells that the program runs.
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { capabilities: {} } });
  launcher.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  await once(launcher.stdout, 'data');
  const program = execFileSync('ps', ['-o', 'pid=', '--ppid', launcher.pid]).toString().trim();
  assert.match(program, /^\d+$/);
  launcher.kill(signal);
  const [code, ended] = await once(launcher, 'exit');
  assert.ok(ended === signal || code > 0, `${signal}: the launcher ended with ${code ?? ended}`);
  assert.throws(() => process.kill(Number(program), 0), `${signal}: the program still runs`);
}
