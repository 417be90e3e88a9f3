import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { changeRoot, readNetworkAttempts } from '../../../dist/scriptlet-sandbox/index.js';

/** Runs one command confined, in the view or beside it, and tells how it ended and what it printed. */
export async function run({ view, input, emit }) {
  const { argv, beside = false, log } = input;
  const output = log === undefined ? 'pipe' : openSync(log, 'a');
  if (!beside) changeRoot(view);
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', output, output], cwd: '/' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  const [status, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...how) => setTimeout(() => resolve(how), 20));
  });
  emit({ status, signal, text, network: readNetworkAttempts() });
}
