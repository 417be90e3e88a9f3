import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { makeControlGroup } from '../control-group.js';
import { hierarchies } from '../group-hierarchies.js';
import { attackedTree } from './helpers/attacked-tree.js';
import {
  type Attacked,
  type Attacking,
  attack,
  ENGINE,
  processesOf,
  specFor,
  withEngine,
} from './helpers/confined.js';

const MIB = 1024 * 1024;
const { tree, remove } = attackedTree();
afterAll(remove);

const FORK_BOMB = 'f() { f | f & wait; }; f';
const QUIET_FORK_BOMB = 'while :; do sleep 1000 & done';

describe('a hog is ended, and named, when it is', () => {
  test.each<{ hog: string; script: string; limits: Attacking['limits']; exceeded: Attacked['exceeded'] }>([
    {
      hog: 'a process that takes memory',
      script: 'attack memory',
      limits: { memoryBytes: 512 * MIB },
      exceeded: 'memory',
    },
    {
      hog: 'many processes that take a little memory each',
      script: 'for i in $(seq 40); do attack memory & done; wait',
      limits: { memoryBytes: 512 * MIB },
      exceeded: 'memory',
    },
    {
      hog: 'files in /tmp, which is memory',
      script: 'dd if=/dev/zero of=/tmp/a bs=1M; dd if=/dev/zero of=/dev/shm/a bs=1M',
      limits: { memoryBytes: 512 * MIB },
      exceeded: 'memory',
    },
    { hog: 'a fork bomb', script: FORK_BOMB, limits: { processes: 200 }, exceeded: 'processes' },
    {
      hog: 'a fork bomb that sleeps',
      script: QUIET_FORK_BOMB,
      limits: { processes: 200 },
      exceeded: 'processes',
    },
    {
      hog: 'a file that grows and grows',
      script: 'cat /dev/zero >/big',
      limits: { diskBytes: 64 * MIB },
      exceeded: 'disk',
    },
    {
      hog: 'many files',
      script:
        'mkdir /many; cd /many; i=0; while :; do i=$((i+1)); dd if=/dev/zero of=$i bs=1M count=1 2>&-; done',
      limits: { diskBytes: 64 * MIB },
      exceeded: 'disk',
    },
    { hog: 'output without end', script: 'yes', limits: { outputBytes: MIB }, exceeded: 'output' },
    { hog: 'time', script: 'trap "" TERM INT HUP; while :; do sleep 1; done', limits: {}, exceeded: 'time' },
    { hog: 'a script that stops itself', script: 'kill -STOP $$', limits: {}, exceeded: 'stopped' },
  ])('$hog', async ({ script, limits, exceeded }) => {
    const argv = ['/bin/sh', '-c', script] as const;
    const timeLimitMs = exceeded === 'time' ? 1500 : 60_000;
    const end = await attack(argv, {
      tree,
      limits: limits ?? {},
      timeLimitMs,
      logged: exceeded === 'output',
    });
    expect(end.exceeded).toBe(exceeded);
    expect(end.signal).toBe('SIGKILL');
    expect(end.survivors).toEqual([]);
  });
});

describe('what ran when a limit was hit is told', () => {
  test('with its command', async () => {
    const end = await attack(['/bin/sh', '-c', 'sleep 1234'], { tree, timeLimitMs: 1000 });
    expect(end.leftovers.map(({ command }) => command).join()).toContain('sleep 1234');
  });

  test('and whether it was stopped', async () => {
    const script = 'sleep 1234 & sleep 0.3; kill -STOP $!; sleep 4321';
    const end = await attack(['/bin/sh', '-c', script], { tree, timeLimitMs: 1000 });
    const stopped = end.leftovers.filter((process) => process.stopped);
    expect(stopped.map(({ command }) => command)).toEqual(['sleep 1234']);
  });
});

describe('a program meets a limit as an error of its own', () => {
  test('with too many open files', async () => {
    const { text } = await attack(['/bin/attack', 'descriptors'], { tree, limits: { openFiles: 100 } });
    expect(text).toBe('97 Too many open files');
  });

  test('with a full /tmp', async () => {
    const limits = { memoryBytes: Number.MAX_SAFE_INTEGER };
    const { text, exceeded } = await attack(['/bin/sh', '-c', 'df /tmp | tail -n 1'], { tree, limits });
    expect(exceeded).toBeUndefined();
    expect(Number(text.split(/\s+/)[1]) * 1024).toBeLessThan(totalmem() * 0.21);
  });
});

test('what stays within its limits is not ended', async () => {
  const limits = {
    memoryBytes: 512 * MIB,
    processes: 200,
    diskBytes: 64 * MIB,
    outputBytes: MIB,
    openFiles: 1000,
  };
  const script =
    'dd if=/dev/zero of=/f bs=1M count=32 2>&-; for i in $(seq 50); do sleep 0.3 & done; wait; echo well';
  const end = await attack(['/bin/sh', '-c', script], { tree, limits });
  expect(end).toMatchObject({ status: 0, text: 'well', command: { status: 0 } });
  expect(end.exceeded).toBeUndefined();
});

describe('control groups', () => {
  test('are used here', () => {
    const group = makeControlGroup({ memoryBytes: MIB, processes: 10 });
    expect([...group.holds].sort()).toEqual(['memory', 'processes']);
    return group.remove();
  });

  test('are gone when their sandbox is', async () => {
    await attack(['/bin/true'], { tree });
    expect(groupsOf(process.pid)).toEqual([]);
  });

  test('of a killed engine are removed by the next', async () => {
    await withEngine(['/bin/sleep', '1000'], { tree }, async (engine) => {
      expect(groupsOf(engine.pid).length).toBeGreaterThan(0);
      engine.kill('SIGKILL');
      await once(engine, 'exit');
      await sleep(200);
      await attack(['/bin/true'], { tree });
      expect(groupsOf(engine.pid)).toEqual([]);
    });
  });
});

describe('without control groups', () => {
  test.each<{
    hog: string;
    script: string;
    limits: Attacking['limits'];
    exceeded: string | undefined;
    text?: string;
  }>([
    {
      hog: 'a process that takes memory is told so',
      script: 'attack memory',
      limits: { memoryBytes: 768 * MIB },
      exceeded: undefined,
      text: 'Cannot allocate memory',
    },
    {
      hog: 'many that take memory are ended',
      script: 'for i in 1 2 3 4; do attack memory & done; sleep 60',
      limits: { memoryBytes: 768 * MIB },
      exceeded: 'memory',
    },
    {
      hog: 'a fork bomb is ended',
      script: QUIET_FORK_BOMB,
      limits: { processes: 200 },
      exceeded: 'processes',
    },
  ])('$hog', ({ script, limits, exceeded, text }) => {
    const folder = mkdtempSync('/var/tmp/sandbox-test-');
    const spec = specFor(folder, ['/bin/sh', '-c', script], { tree, limits: limits ?? {} });
    const hide = 'umount -R /sys/fs/cgroup; exec "$0" "$@"';
    const out = execFileSync(
      'unshare',
      ['--mount', 'sh', '-c', hide, process.execPath, ENGINE, JSON.stringify({ spec, timeLimitMs: 30_000 })],
      { encoding: 'utf8', timeout: 60_000 },
    );
    rmSync(folder, { recursive: true });
    const end = JSON.parse(out) as Attacked;
    expect(end.exceeded).toBe(exceeded);
    expect(end.text ?? '').toContain(text ?? '');
    expect(processesOf(folder)).toEqual([]);
  });
});

/** The control groups that an engine has made. */
function groupsOf(engine: number | undefined): string[] {
  const parents = new Set(
    (['memory', 'processes'] as const).flatMap(hierarchies).map(({ parent }) => parent),
  );
  return [...parents]
    .flatMap((parent) => readdirSync(parent))
    .filter((name) => name.startsWith(`scriptlet-sandbox-${engine}-`));
}
