import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { install, previewInstall } from '../../src/index.js';
import { compiledEntry } from '../../src/support/entry.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { needRoot } from '../helpers/skip.js';
import { keepingUnchanged } from '../helpers/snapshot.js';
import { newSysroot, temporaryFolder, veneer } from '../helpers/workspace.js';

beforeEach(needRoot);

const HELLO = { packages: [rpm('hello-1.0')], from: [] };

async function withPlan() {
  const made = await newSysroot(TINY);
  const { plan } = await previewInstall(made.sysroot, HELLO);
  return { ...made, id: plan?.id ?? '' };
}

describe('veneer shell', () => {
  test('shows what a plan would deploy, and throws away what is done there', async () => {
    const { folder, baseTree, id, sysroot } = await withPlan();
    await keepingUnchanged(baseTree, async () => {
      const script = 'hello; echo x >/etc/new; rm /usr/bin/hello; ls /run /tmp; exit 3';
      const args = ['shell', id, '--sysroot', folder, '--', '/bin/sh', '-c', script];
      expect(await veneer(args)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('hello 1.0') });
      expect(await veneer(['shell', id, '--sysroot', folder, '--', 'hello'])).toMatchObject({ exitCode: 0 });
    });
    expect(readdirSync(sysroot.stage)).toEqual([]);
  });

  test('takes a deployment or a base as well, the current one unless named', async () => {
    const { folder, sysroot } = await newSysroot(TINY);
    await install(sysroot, HELLO);
    const run = (...args: string[]) =>
      veneer(['shell', ...args, '--sysroot', folder, '--', '/bin/sh', '-c', 'hello']);
    expect(await run('current')).toMatchObject({ exitCode: 0, stdout: 'hello 1.0' });
    expect(await run('tiny')).toMatchObject({ exitCode: 127 });
    expect(await run('nope')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('E_NO_DEPLOYMENT'),
    });
  });

  test('killed with SIGKILL leaves no process, mount or file', async () => {
    const { folder, id, sysroot } = await withPlan();
    const marker = '98765';
    const args = [compiledEntry('src/cli/main'), 'shell', id, '--sysroot', folder, '--', 'sleep', marker];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    while (!isRunning(marker)) await new Promise((resolve) => setTimeout(resolve, 20));
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    while (isRunning(marker)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readdirSync(sysroot.stage)).toEqual([]);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
  });
});

describe('veneer mount', () => {
  /** In a mount namespace of its own, so that a test that fails leaves nothing mounted. */
  const script = (...commands: string[]) =>
    new Promise<string>((resolve) => {
      const main = `${process.execPath} ${compiledEntry('src/cli/main')}`;
      const shell = [
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-c',
        commands.join('; ').replaceAll('VENEER', main),
      ];
      const child = spawn('unshare', shell, { stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      child.once('close', () => resolve(output));
    });

  test('shows a plan read-only, and unmount takes it away', async () => {
    const { folder, id, baseTree } = await withPlan();
    const at = join(temporaryFolder(), 'at');
    mkdirSync(at);
    const named = `--sysroot ${folder}`;
    await keepingUnchanged(baseTree, async () => {
      const output = await script(
        `VENEER mount ${id} ${at} ${named}`,
        `cat ${at}/usr/share/hello/version`,
        `touch ${at}/new`,
        `VENEER mount ${id} ${at} ${named}`,
        `VENEER unmount ${at} ${named}`,
        `ls ${at} | wc -l`,
        `VENEER unmount ${at} ${named}`,
      );
      expect(output).toContain(`plan ${id} is at ${at}, read-only`);
      expect(output).toContain('1.0\n');
      expect(output).toContain('Read-only file system');
      expect(output).toContain('is not empty');
      expect(output).toContain(`unmounted ${at}\n0\n`);
      expect(output).toContain('nothing that `');
    });
  });

  test('shows a base by binding it, and unmounts nothing that is not its own', async () => {
    const { folder } = await newSysroot(TINY);
    const at = temporaryFolder();
    const output = await script(
      `VENEER mount tiny ${at} --sysroot ${folder}`,
      `ls -d ${at}/etc`,
      `VENEER unmount ${at} --sysroot ${folder}`,
      `mount -t tmpfs foreign ${at}`,
      `VENEER unmount ${at} --sysroot ${folder}`,
    );
    expect(output).toContain(`${at}/etc`);
    expect(output).toContain(`unmounted ${at}`);
    expect(output).toContain('E_USAGE');
  });
});

function isRunning(argument: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${argument}\0`;
    } catch {
      return false;
    }
  });
}
