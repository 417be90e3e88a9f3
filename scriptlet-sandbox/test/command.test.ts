import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeView, compiledEntry, openView, type RunReport, runInView } from '../index.js';

let folder: string;
let tree: string;
beforeEach(() => {
  folder = mkdtempSync(join(process.env.VENEER_TEST_DIR ?? '/var/tmp', 'sandbox-test-'));
  tree = join(folder, 'tree');
  makeTree(tree);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Twenty paths: a shell, a hardlink pair across folders, folders with content, a link. */
function makeTree(root: string): void {
  for (const name of ['bin', 'etc', 'srv/deep/deeper', 'usr/lib'])
    mkdirSync(join(root, name), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/sh'));
  for (const name of ['echo', 'mv', 'rm', 'sleep', 'cat', 'mkdir', 'id', 'touch', 'ls', 'kill']) {
    linkSync(join(root, 'bin/sh'), join(root, `bin/${name}`));
  }
  writeFileSync(join(root, 'etc/pair'), 'pair\n');
  linkSync(join(root, 'etc/pair'), join(root, 'usr/lib/pair'));
  writeFileSync(join(root, 'etc/plain'), 'plain\n');
  writeFileSync(join(root, 'srv/deep/deeper/file'), 'deep\n');
  symlinkSync('plain', join(root, 'etc/link'));
}

interface Ran {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line of the sandbox as its own process, as its users do. */
const start = (...args: string[]) => watch(process.execPath, commandLine(args));

/** The same in a mount namespace of its own, after a script that mounts something in the test's folder. */
const inNamespace = (script: string, ...args: string[]) =>
  watch('unshare', [
    ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', `cd ${folder} && ${script}`, 'sh'],
    ...[process.execPath, ...commandLine(args)],
  ]).ended;

function commandLine(args: readonly string[]): string[] {
  return [compiledEntry('scriptlet-sandbox/main'), 'run', '--tree', tree, ...args];
}

function watch(program: string, args: readonly string[]) {
  const child = spawn(program, args);
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    out.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out.stderr += chunk.toString();
  });
  const ended = new Promise<Ran>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, ...out }));
  });
  return { child, out, ended };
}

const sandbox = (...args: string[]) => start(...args).ended;
const shell = (script: string, ...options: string[]) => sandbox(...options, '--', '/bin/sh', '-c', script);
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

function report(): RunReport {
  return JSON.parse(read(folder, 'report.json')) as RunReport;
}

describe.each(['overlay', 'copy', 'fuse-overlayfs'] as const)('with the view %s', (view) => {
  const upper = () => join(folder, 'upper');
  const options = () => ['--view', view, '--upper', upper(), '--report', join(folder, 'report.json')];
  const SCRIPT =
    'echo more >>/etc/pair; rm /etc/plain; mkdir /srv/new; echo x >/srv/new/x; ' +
    'rm -rf /srv/deep/deeper; mkdir /srv/deep/deeper; echo y >/srv/deep/deeper/y';

  test('changes land in the upper folder and the tree stays as it was', async () => {
    const before = statSync(join(tree, 'etc/pair'), { bigint: true });
    const ran = await shell(SCRIPT, ...options());
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    if (view !== 'fuse-overlayfs') expect(ran.stderr).toBe('');
    expect(read(tree, 'etc/pair')).toBe('pair\n');
    expect(statSync(join(tree, 'etc/pair'), { bigint: true })).toMatchObject({ mtimeNs: before.mtimeNs });
    expect(read(upper(), 'etc/pair')).toBe('pair\nmore\n');
    expect(lstatSync(join(upper(), 'etc/plain')).isCharacterDevice()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['report.json', 'tree', 'upper']);
  });

  test('the report tells kinds, in-place writes and the view', async () => {
    await shell(SCRIPT, ...options());
    const { changes, view: chosen, leftovers, resources } = report();
    expect(chosen).toEqual({ kind: view, reason: 'it was asked for' });
    expect(leftovers).toEqual([]);
    expect(resources.wallMs).toBeGreaterThan(0);
    const told = Object.fromEntries(
      changes.map(({ path, kind, inPlace }) => [path, `${kind}${inPlace ? '!' : ''}`]),
    );
    expect(told).toMatchObject({
      'etc/pair': 'changed!',
      'usr/lib/pair': 'changed!',
      'etc/plain': 'removed',
      'srv/new': 'added',
      'srv/new/x': 'added',
      'srv/deep/deeper/y': 'added',
    });
  });

  test('--apply replaces inodes and keeps hardlink groups whole', async () => {
    linkSync(join(tree, 'etc/pair'), join(folder, 'shared'));
    expect(await shell(SCRIPT, '--view', view, '--apply')).toMatchObject({ status: 0 });
    expect(read(tree, 'etc/pair')).toBe('pair\nmore\n');
    expect(statSync(join(tree, 'usr/lib/pair')).ino).toBe(statSync(join(tree, 'etc/pair')).ino);
    expect(read(folder, 'shared')).toBe('pair\n');
    expect(existsSync(join(tree, 'etc/plain'))).toBe(false);
    expect(readdirSync(join(tree, 'srv/deep/deeper'))).toEqual(['y']);
    expect(readdirSync(tree).sort()).toEqual(['bin', 'etc', 'srv', 'usr']);
  });

  test('a path with `:`, `,`, `\\`, a space and a newline is a path like any other', async () => {
    const odd = join(folder, 'a:b,c\\d e\nf');
    mkdirSync(odd);
    tree = join(odd, 'tree');
    makeTree(tree);
    const ran = await shell('echo x >/new', '--view', view, '--upper', join(odd, 'upper'));
    expect(ran).toMatchObject({ status: 0 });
    expect(readdirSync(join(odd, 'upper'))).toEqual(['new']);
  });

  test('renaming a folder of the tree shows in the result', async () => {
    await shell('mv /srv/deep /srv/moved; echo more >>/srv/moved/deeper/file', '--view', view, '--apply');
    expect(readdirSync(join(tree, 'srv'))).toEqual(['moved']);
    expect(read(tree, 'srv/moved/deeper/file')).toBe('deep\nmore\n');
  });
});

describe('the command', () => {
  test('hands on output on both streams, exit status and signals', async () => {
    expect(await shell('echo out; echo err >&2; exit 7')).toMatchObject({
      status: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await shell('kill -SEGV $$')).toMatchObject({ status: null, signal: 'SIGSEGV' });
  });

  test('gets the signals that are sent to the sandbox', async () => {
    const { child, out, ended } = start(
      '--',
      '/bin/sh',
      '-c',
      'trap "echo got; exit 9" TERM; echo on; sleep 9 & wait',
    );
    while (!out.stdout.includes('on')) await sleep(20);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 9, stdout: 'on\ngot\n' });
  });

  test('is waited for until background children let go of its output', async () => {
    expect((await shell('(sleep 0.4; echo late) & echo early')).stdout).toBe('early\nlate\n');
  });

  test('is ended with all its children at the time limit, and named in the report', async () => {
    const ran = await shell(
      '(sleep 60; echo late) & sleep 60',
      '--timeout',
      '0.5',
      '--report',
      join(folder, 'report.json'),
    );
    expect(ran.status).toBe(124);
    expect(ran.stderr).toContain('time limit of 0.5 s');
    expect(report()).toMatchObject({ timedOut: true, status: null });
  });

  test('leaves no process: what outlived it is in the report', async () => {
    await shell('sleep 61 >/dev/null 2>&1 &', '--report', join(folder, 'report.json'));
    expect(report().leftovers).toEqual([expect.objectContaining({ command: 'sleep 61' })]);
    expect(read('/proc/loadavg')).not.toBe('');
    const alive = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && commandOf(pid) === 'sleep\0' + '61\0',
    );
    expect(alive).toEqual([]);
  });

  test('sees its own environment, and of the caller only what is passed', async () => {
    process.env.SANDBOX_SECRET = 'secret';
    const { stdout } = await shell('echo "$SANDBOX_SECRET|$GREETING|$HOME"', '--env', 'GREETING=a=b c');
    delete process.env.SANDBOX_SECRET;
    expect(stdout).toBe('|a=b c|/root\n');
  });

  test('runs on the root of the machine with --no-root, and writes into the view only', async () => {
    const ran = await sandbox('--no-root', '--apply', '--', 'sed', '-i', 's/plain/edited/', 'etc/plain');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(read(tree, 'etc/plain')).toBe('edited\n');
    const outside = await sandbox('--no-root', '--', 'touch', '/etc/veneer-was-here');
    expect(outside.stderr).toContain('Read-only file system');
    expect(existsSync('/etc/veneer-was-here')).toBe(false);
  });

  test('sees what --bind-ro names, and cannot write it', async () => {
    const secret = join(folder, 'shown/file');
    mkdirSync(join(folder, 'shown'));
    writeFileSync(secret, 'shown\n');
    const ran = await shell(`cat ${secret}; echo x >>${secret}`, '--bind-ro', secret, '--apply');
    expect(ran.stdout).toBe('shown\n');
    expect(ran.stderr).toContain('Read-only file system');
    expect(read(secret)).toBe('shown\n');
  });

  test('starts where --cwd says, with empty input unless --stdin', async () => {
    expect((await shell('pwd; cat', '--cwd', '/usr/lib')).stdout).toBe('/usr/lib\n');
    const { child, ended } = start('--stdin', '--', '/bin/cat');
    child.stdin.end('through\n');
    expect((await ended).stdout).toBe('through\n');
  });
});

function commandOf(pid: string): string {
  try {
    return read('/proc', pid, 'cmdline');
  } catch {
    return '';
  }
}

describe('bad input', () => {
  const cases: [what: string, args: () => string[], status: number, says: RegExp][] = [
    [
      'a tree that is missing',
      () => ['--tree', join(folder, 'none'), '--', 'sh'],
      125,
      /none does not exist/,
    ],
    ['a tree that is a file', () => ['--tree', join(tree, 'etc/plain'), '--', 'sh'], 125, /is not a folder/],
    ['an upper folder that is not empty', () => ['--upper', folder, '--', 'sh'], 125, /is not empty/],
    [
      'an upper folder in the tree',
      () => ['--upper', join(tree, 'upper'), '--', 'sh'],
      125,
      /one within the other/,
    ],
    [
      'an upper folder that cannot be made',
      () => ['--upper', '/proc/none', '--', 'sh'],
      125,
      /cannot be made/,
    ],
    ['a command that is not there', () => ['--', 'nope'], 127, /command not found: nope/],
    ['a command that is no program', () => ['--', '/etc/plain'], 126, /cannot be executed: EACCES/],
    [
      'a folder to start in that is not there',
      () => ['--cwd', '/none', '--', 'sh'],
      125,
      /\/none.*does not exist/,
    ],
    ['no command', () => [], 125, /missing required argument/],
    ['a time limit beyond all bounds', () => ['--timeout', '3000000', '--', 'sh'], 125, /number of seconds/],
    ['a time limit that is none', () => ['--timeout', 'soon', '--', 'sh'], 125, /number of seconds/],
    ['a variable without a value', () => ['--env', 'NAME', '--', 'sh'], 125, /NAME=VALUE/],
    ['a view that there is none of', () => ['--view', 'magic', '--', 'sh'], 125, /Allowed choices/],
  ];
  test.each(cases)('%s is told', async (_what, args, status, says) => {
    const ran = await sandbox(...args());
    expect(ran).toMatchObject({ status, stdout: '' });
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/\n {4}at /);
  });

  test('a missing interpreter is named', async () => {
    writeFileSync(join(tree, 'bin/script'), '#!/usr/bin/nope\n', { mode: 0o755 });
    const ran = await sandbox('--', 'script');
    expect(ran).toMatchObject({
      status: 127,
      stderr: expect.stringContaining('interpreter /usr/bin/nope is not there'),
    });
  });

  test('an upper folder on a file system that cannot hold one is told, with what would do', async () => {
    for (const end of ['lower', 'up', 'work', 'mnt']) mkdirSync(join(folder, end));
    const upper = join(folder, 'mnt/upper');
    const fuse = 'fuse-overlayfs -o lowerdir=lower,upperdir=up,workdir=work mnt 2>/dev/null && exec "$@"';
    const overlay = await inNamespace(
      fuse,
      '--view',
      'overlay',
      '--upper',
      upper,
      '--',
      '/bin/sh',
      '-c',
      'echo x >/new',
    );
    expect(overlay).toMatchObject({ status: 125, stderr: expect.stringMatching(/no view of .*\nhint: /) });
    const auto = await inNamespace(fuse, '--upper', upper, '--', '/bin/sh', '-c', 'rm /etc/plain');
    expect(auto).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(/cannot hold an upper folder.*\nhint: /),
    });
    expect(read(tree, 'etc/plain')).toBe('plain\n');
  });

  test('a tree that overlayfs refuses is copied with auto, and that is told', async () => {
    for (const end of ['u1', 'w1', 'm1', 'u2', 'w2', 'm2']) mkdirSync(join(folder, end));
    const stacked =
      'mount -t overlay o -o lowerdir=tree,upperdir=u1,workdir=w1 m1 && ' +
      'mount -t overlay o -o lowerdir=m1,upperdir=u2,workdir=w2 m2 && exec "$@"';
    const options = ['--upper', join(folder, 'upper'), '--report', join(folder, 'report.json')];
    const original = tree;
    tree = join(folder, 'm2');
    const ran = await inNamespace(stacked, ...options, '--', '/bin/sh', '-c', 'echo more >>/etc/plain');
    tree = original;
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(report().view).toMatchObject({
      kind: 'copy',
      reason: expect.stringContaining('refuses overlayfs'),
    });
    expect(read(folder, 'upper/etc/plain')).toBe('plain\nmore\n');
  });

  test('on a file system without file handles a write stays with its own hardlinks', async () => {
    for (const end of ['up', 'work', 'mnt']) mkdirSync(join(folder, end));
    const overlay = 'mount -t overlay o -o lowerdir=.,upperdir=up,workdir=work mnt';
    const original = tree;
    tree = join(folder, 'mnt/tree');
    const ran = await inNamespace(
      `rm -rf copy && mkdir lower && mv tree lower/ && ${overlay.replace('lowerdir=.', 'lowerdir=lower')} && exec "$@"`,
      ...['--apply', '--', '/bin/sh', '-c', 'echo more >>/etc/plain'],
    );
    tree = original;
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(read(folder, 'up/tree/etc/plain')).toBe('plain\nmore\n');
    expect(existsSync(join(folder, 'up/tree/etc/pair'))).toBe(false);
  });

  test('a report that cannot be written is told before the command runs', async () => {
    const ran = await shell('echo x >/new', '--apply', '--report', join(folder, 'none/report.json'));
    expect(ran).toMatchObject({ status: 125, stderr: expect.stringContaining('cannot write the report') });
    expect(existsSync(join(tree, 'new'))).toBe(false);
  });

  test('a second run in a view is refused: it would write through links to the tree', async () => {
    const view = openView({ tree, upper: join(folder, 'upper') });
    const run = (script: string) => runInView(view, { argv: ['/bin/sh', '-c', script] });
    await run('mv /srv/deep /srv/moved');
    await expect(run('echo BAD >>/srv/moved/deeper/file')).rejects.toMatchObject({ code: 'E_USAGE' });
    closeView(view);
    expect(read(tree, 'srv/deep/deeper/file')).toBe('deep\n');
  });

  test('a merge goes on over what a killed one left', async () => {
    writeFileSync(join(tree, 'etc/.veneer-merge'), '');
    expect(await shell('echo more >>/etc/plain', '--apply')).toMatchObject({ status: 0, stderr: '' });
    expect(read(tree, 'etc/plain')).toBe('plain\nmore\n');
  });

  test('output that nobody reads any more ends the command without a stack trace', async () => {
    const { child, ended } = start('--', '/bin/sh', '-c', 'while echo x; do :; done');
    child.stdout.destroy();
    expect((await ended).stderr).not.toMatch(/\n {4}at /);
  });

  test('a tree deeper than PATH_MAX is no obstacle where nothing is written so deep', async () => {
    const name = 'd'.repeat(250);
    const dig = `cd ${tree}; for i in $(seq 20); do mkdir ${name}; cd ${name}; done; : >bottom`;
    await new Promise((resolve) => spawn('sh', ['-c', dig]).once('close', resolve));
    expect(await shell('echo more >>/etc/plain', '--apply')).toMatchObject({ status: 0, stderr: '' });
    expect(read(tree, 'etc/plain')).toBe('plain\nmore\n');
    await new Promise((resolve) => spawn('rm', ['-rf', join(tree, name)]).once('close', resolve));
  });
});
