#!/usr/bin/env node
// Starts the program that npm installed for this system, and ends as it ends.
'use strict';

const { spawn } = require('node:child_process');

const platform = `${process.platform}-${process.arch}`;
const file = process.platform === 'win32' ? 'pylint-docker.exe' : 'pylint-docker';

let program;
try {
  program = require.resolve(`@pylint-docker/${platform}/bin/${file}`);
} catch {
  console.error(
    `pylint-docker: the package @pylint-docker/${platform} is not installed: npm was told to omit optional dependencies, or there is ` +
      'none for this system. Other ways: https://github.com/pylint-docker/pylint-docker/blob/main/docs/install.md',
  );
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit', windowsHide: true });
child.on('error', (error) => {
  console.error(`pylint-docker: ${program} does not start: ${error.message}`);
  process.exit(2);
});

// The program decides what a signal means; this process only passes it on and waits.
const signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
for (const signal of signals) {
  process.on(signal, () => child.kill(signal));
}

child.on('exit', (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  for (const name of signals) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});
