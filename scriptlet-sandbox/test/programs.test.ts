import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { attackedTree } from './helpers/attacked-tree.js';
import { attack } from './helpers/confined.js';

const { tree, remove } = attackedTree();
afterAll(remove);

/** Ordinary programs that start processes and threads: clone3 is refused, and libc has to fall back on clone. */
const PROGRAMS: { name: string; argv: readonly string[]; prints: string }[] = [
  {
    name: 'perl forks',
    argv: ['/usr/bin/perl', '-e', 'if (fork) { wait; print "done" } else { exit 0 }'],
    prints: 'done',
  },
  { name: 'bash makes a pipeline', argv: ['/bin/bash', '-c', 'echo done | cat | cat'], prints: 'done' },
  {
    name: 'python starts a thread and a process',
    argv: [
      '/usr/bin/python3',
      '-c',
      'import threading, subprocess; t = threading.Thread(target=lambda: print(end="do")); t.start(); t.join(); print(subprocess.check_output(["echo", "ne"]).decode())',
    ],
    prints: 'done',
  },
  {
    name: 'node starts a thread and a process',
    argv: [
      process.execPath,
      '-e',
      `const { Worker } = require('node:worker_threads');
       const worker = new Worker("require('node:worker_threads').parentPort.postMessage(require('node:child_process').execFileSync('echo', ['done']))", { eval: true });
       worker.once('message', (text) => { process.stdout.write(text); });`,
    ],
    prints: 'done',
  },
  {
    name: 'tar and gzip work together',
    argv: ['/bin/sh', '-c', 'tar -cz -C /usr/lib/rpm macros | tar -tz'],
    prints: 'macros',
  },
];

describe('ordinary programs work under the filter', () => {
  test.each(PROGRAMS)('$name', async ({ argv, prints }) => {
    expect(spawnSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8' }).stdout).toContain(prints);
    const { text, command } = await attack(argv, { tree, beside: true });
    expect(text).toContain(prints);
    expect(command).toEqual({ status: 0, signal: null });
  });

  test('busybox forks, pipes and waits', async () => {
    const script = 'for i in 1 2 3; do (echo $i) & done | sort | tr "\\n" " "; wait';
    expect((await attack(['/bin/sh', '-c', script], { tree })).text).toBe('1 2 3');
  });
});
