import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import {
  diffRefs,
  fsck,
  importBaseInto,
  initSysroot,
  install,
  listBasesIn,
  listPackages,
  rollback,
  type Status,
  status,
  uninstall,
} from '../../src/index.js';
import { run } from '../../src/support/processes.js';
import { compareTrees } from '../../src/tree/compare.js';
import { displayPath, type TreePath } from '../../src/tree/path.js';
import { codeOf } from '../helpers/errors.js';
import { rpm, TINY, tinyWith } from '../helpers/fixture-rpms.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { expectUnchanged, keepingUnchanged, snapshot } from '../helpers/snapshot.js';
import {
  deploymentTree,
  newSysroot,
  startVeneer,
  sysrootState,
  type TestSysroot,
  temporaryFolder,
  veneer,
} from '../helpers/workspace.js';

/** Layers packages and answers the new deployment's tree. */
async function layer({ folder, sysroot }: TestSysroot, ...names: string[]): Promise<string> {
  const packages = names.map((name) => rpm(name));
  const { deployment } = await install(sysroot, { packages, from: [] }, {});
  return deploymentTree(folder, deployment.id);
}

/** What differs between two trees; without times, which tell when a scriptlet wrote, where they are of no interest. */
async function differences(a: string, b: string, times: 'with times' | 'without times'): Promise<string[]> {
  const ignore = (_path: TreePath, aspect: string) => aspect === 'mtime' && times === 'without times';
  const found: string[] = [];
  for await (const { path, kind, what } of compareTrees(a, b, { ignore })) {
    found.push(`${displayPath(path)}: ${kind} ${what.join()}`);
  }
  return found;
}

describe('a life on the command line', () => {
  const sysroot = join(temporaryFolder(), 'sysroot');
  const at = { sysroot };

  async function succeed(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await veneer(args, at);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  }

  async function json<T>(...args: string[]): Promise<T> {
    const answer = JSON.parse(await succeed(...args, '--json')) as { formatVersion: number; result: T };
    expect(answer.formatVersion).toBe(1);
    return answer.result;
  }

  test('init and base import make a base, which is verified and listed', async () => {
    await succeed('init');
    await succeed('base', 'import', TINY, '--name', 'tiny');
    await succeed('base', 'verify', 'tiny');
    expect(await succeed('base', 'list')).toContain('tiny');
  });

  test('install deploys a package whose scriptlet has run', async () => {
    await succeed('install', rpm('hello-1.0'));
    const tree = join(sysroot, 'current/tree');
    expect(readFileSync(join(tree, 'usr/share/hello/version'), 'utf8')).toBe('1.0\n');
    expect(readFileSync(join(tree, 'usr/share/hello/post-ran'), 'utf8')).toContain('1 installed');
  });

  test('status, packages and diff tell what is deployed', async () => {
    const { current } = await json<Status>('status');
    expect(current?.request.packages.map(({ nevra }) => nevra)).toEqual(['hello-1.0-1.noarch']);
    expect(await succeed('status')).toContain('hello');
    expect(await succeed('packages')).toContain('hello');
    const diff = await succeed('diff', 'tiny', 'current', '--files');
    expect(diff).toContain('hello-1.0-1');
    expect(diff).toContain('/usr/share/hello/post-ran');
  });

  test('a second install adds to the request, and installing the same again deploys nothing', async () => {
    await succeed('install', rpm('probe-lua-1'));
    const { current, deployments } = await json<Status>('status');
    expect(current?.request.packages.map(({ name }) => name).sort()).toEqual(['hello', 'probe-lua']);
    await succeed('install', rpm('probe-lua-1'));
    expect((await json<Status>('status')).deployments.length).toBe(deployments.length);
  });

  test('uninstall takes one package out and leaves the other', async () => {
    await succeed('uninstall', 'hello');
    const { current } = await json<Status>('status');
    expect(current?.request.packages.map(({ name }) => name)).toEqual(['probe-lua']);
  });

  test('rollback returns to the previous deployment, and again to where it came from', async () => {
    const [was, other] = [readlinkSync(join(sysroot, 'current')), readlinkSync(join(sysroot, 'previous'))];
    await succeed('rollback');
    expect(readlinkSync(join(sysroot, 'current'))).toBe(other);
    await succeed('rollback');
    expect(readlinkSync(join(sysroot, 'current'))).toBe(was);
  });

  test('a base in use cannot be removed, and is still there', async () => {
    const { exitCode, stderr } = await veneer(['base', 'remove', 'tiny'], at);
    expect(stderr).toContain('E_BASE_IN_USE');
    expect(exitCode).toBe(1);
    await succeed('base', 'verify', 'tiny');
  });

  test('fsck finds nothing, and doctor lists what this machine has', async () => {
    await succeed('fsck');
    expect(await succeed('doctor')).toMatch(/overlay/i);
  });
});

describe('bases', () => {
  test('a tar of a tree, compressed or on standard input, makes the same base as the tree', async () => {
    const folder = temporaryFolder();
    const tar = join(folder, 'tiny.tar');
    const pack = [
      '--xattrs',
      '--xattrs-include=*',
      '--acls',
      '--numeric-owner',
      '--sparse',
      '--format=posix',
    ];
    await run('tar', [...pack, '-cf', tar, '-C', TINY, '.']);
    await run('gzip', ['-k', tar]);
    const sysroot = initSysroot(join(folder, 'sysroot'));
    const digests = [];
    for (const [name, source] of [
      ['folder', TINY],
      ['plain', tar],
      ['packed', `${tar}.gz`],
    ] as const) {
      digests.push((await importBaseInto(sysroot, { source, name }, {})).digest);
    }
    const at = { sysroot: join(folder, 'sysroot'), input: readFileSync(tar) };
    const { exitCode, stderr } = await veneer(['base', 'import', '-', '--name', 'stream'], at);
    expect(exitCode, stderr).toBe(0);
    digests.push(listBasesIn(sysroot).find(({ name }) => name === 'stream')?.digest);
    expect(new Set(digests).size).toBe(1);
  });

  test('importing the same tree again under the same name answers the base that is there', async () => {
    const { sysroot, base } = await newSysroot(TINY);
    const again = await importBaseInto(sysroot, { source: TINY, name: 'tiny' }, {});
    expect(again).toMatchObject({ id: base.id, already: true });
  });

  test('fsck and verify find a byte that was changed in a base', async () => {
    const { folder, baseTree } = await newSysroot(TINY);
    await run('sh', ['-c', 'printf X | dd of="$0" bs=1 conv=notrunc', join(baseTree, 'etc/os-release')]);
    for (const args of [
      ['base', 'verify', 'tiny'],
      ['fsck', '--data'],
    ]) {
      const { exitCode, stdout, stderr } = await veneer(args, { sysroot: folder });
      expect(exitCode, args.join(' ')).toBe(6);
      expect(stdout + stderr).toContain('/etc/os-release');
    }
  });
});

describe('a deployment is a function of base and request', () => {
  test('A, B and A taken away again equals B alone', async () => {
    const made = await newSysroot(TINY);
    await keepingUnchanged(made.baseTree, async () => {
      await layer(made, 'hello-1.0');
      await layer(made, 'probe-editor-1');
      const { deployment } = await uninstall(made.sysroot, ['hello'], {});
      const other = await newSysroot(TINY);
      const alone = await layer(other, 'probe-editor-1');
      await expectSameAsPlainRpm({
        baseTree: made.baseTree,
        packages: [rpm('probe-editor-1')],
        deploymentTree: deploymentTree(made.folder, deployment.id),
      });
      const tree = deploymentTree(made.folder, deployment.id);
      expect(await differences(alone, tree, 'without times')).toEqual([]);
    });
  });

  test('the order of two installs does not matter', async () => {
    const [one, two] = [await newSysroot(TINY), await newSysroot(TINY)];
    await layer(one, 'probe-order-1');
    await layer(two, 'probe-trigger-1');
    const [a, b] = [await layer(one, 'probe-trigger-1'), await layer(two, 'probe-order-1')];
    expect(await differences(a, b, 'without times')).toEqual([]);
  });

  test('the same request again uses the layer that is there, bit for bit, and runs no scriptlet', async () => {
    const made = await newSysroot(TINY);
    const first = await layer(made, 'hello-1.0');
    await uninstall(made.sysroot, ['hello'], {});
    const again = await install(made.sysroot, { packages: [rpm('hello-1.0')], from: [] }, {});
    expect(again.reused).toBe(true);
    expect(await differences(first, deploymentTree(made.folder, again.deployment.id), 'with times')).toEqual(
      [],
    );
  });

  test('without any package the deployment is the base', async () => {
    const made = await newSysroot(TINY);
    await layer(made, 'hello-1.0');
    const { deployment } = await uninstall(made.sysroot, ['hello'], {});
    expect(
      await differences(made.baseTree, deploymentTree(made.folder, deployment.id), 'with times'),
    ).toEqual([]);
  });

  test('what was deployed is told by the API as well', async () => {
    const made = await newSysroot(TINY);
    await layer(made, 'hello-1.0');
    await layer(made, 'probe-lua-1');
    expect(listPackages(made.sysroot, 'current', 'hello')[0]).toMatchObject({
      nevra: 'hello-1.0-1.noarch',
      origin: 'layer',
    });
    const diff = await diffRefs(made.sysroot, 'previous', 'current', { files: true });
    expect(diff.packages.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['added probe-lua']);
    expect(diff.files?.map(({ path }) => path)).toContain('/var/lib/probe-lua/state');
    const { from, to } = await rollback(made.sysroot, {});
    expect(status(made.sysroot)).toMatchObject({ current: { id: to.id }, previous: { id: from.id } });
  });
});

describe('the base is bit for bit the same', () => {
  test.each([
    ['upgrade', ['probe-strip-2'], []],
    ['removal', ['strip-heir-1'], ['strip-heir']],
  ])(
    'after the %s of privileged files, which rpm strips of their privileges',
    async (_what, names, built) => {
      const folder = temporaryFolder();
      if (built.length > 0) await buildRpm(STRIP_HEIR, folder);
      const paths = names.map((name) =>
        built.length > 0 ? join(folder, `${name}-1.noarch.rpm`) : rpm(name),
      );
      const made = await newSysroot(await tinyWith([rpm('probe-strip-1')], join(folder, 'base')));
      await keepingUnchanged(made.baseTree, async () => {
        const { deployment } = await install(made.sysroot, { packages: paths, from: [] }, {});
        const tree = deploymentTree(made.folder, deployment.id);
        await expectSameAsPlainRpm({ baseTree: made.baseTree, packages: paths, deploymentTree: tree });
      });
      const { stdout } = await run('getcap', [join(made.baseTree, 'usr/bin/probe-strip-caps')]);
      expect(stdout).toContain('cap_net_raw=ep');
      expect(statSync(join(made.baseTree, 'usr/bin/probe-strip-setuid')).mode & 0o7777).toBe(0o4755);
    },
  );

  test.each(Object.entries(linkScripts()))(
    'and hardlinks are as plain rpm leaves them when a scriptlet %s',
    async (_what, post) => {
      const packages = [
        await buildRpm({ name: 'writer', version: '1', scripts: { post } }, temporaryFolder()),
      ];
      const made = await newSysroot(TINY);
      await keepingUnchanged(made.baseTree, async () => {
        const { deployment } = await install(made.sysroot, { packages, from: [] }, {});
        const tree = deploymentTree(made.folder, deployment.id);
        await expectSameAsPlainRpm({ baseTree: made.baseTree, packages, deploymentTree: tree });
        expect(await fsck(made.sysroot, { data: true })).toEqual([]);
      });
    },
  );
});

/** As packages do that turn a folder into a symlink, which rpm cannot do by itself. */
const RENAME = { interpreter: '<lua>', body: 'assert(os.rename("/srv/odd/other", "/srv/odd/moved"))' };

/** What can be done to a folder of the base, and to what it holds, by rename(2). */
const RENAMES: Record<string, string | typeof RENAME> = {
  'by mv': 'mv /srv/odd/other /srv/odd/moved',
  'in Lua': RENAME,
  'and writes to a file in it': 'mv /srv/odd/other /srv/odd/moved; echo more >>/srv/odd/moved/across',
  'after it wrote to a file in it': 'echo more >>/srv/odd/other/across; mv /srv/odd/other /srv/odd/moved',
  'and writes by a name outside it': 'mv /srv/odd/other /srv/odd/moved; chmod 0600 /srv/odd/across',
  'and removes a file in it': 'mv /srv/odd/other /srv/odd/moved; rm /srv/odd/moved/across',
  'and adds to it':
    'mv /srv/odd/other /srv/odd/moved; mkdir /srv/odd/moved/new; echo x >/srv/odd/moved/new/x',
  'and a link takes its place': 'mv /usr/lib/tiny /usr/lib/tidy; ln -s tidy /usr/lib/tiny',
  'and a new folder takes its place':
    'mv /usr/lib/tiny /usr/lib/tidy; mkdir /usr/lib/tiny; : >/usr/lib/tiny/x',
  'into another folder': 'mv /usr/lib/tiny /srv/odd/empty/tidy; rm /srv/odd/empty/tidy/pair-a',
  'that holds renamed ones':
    'mv /srv/odd/other /srv/odd/moved; mv /srv/odd /srv/even; mv /srv/even/moved /srv/moved',
  'there and back': 'mv /srv/odd /srv/even; mv /srv/even /srv/odd; echo more >>/srv/odd/other/across',
  'into what takes its place': 'mv /srv/odd /srv/even; mkdir /srv/odd; mv /srv/even/other /srv/odd/other',
};

describe('a folder of the base that a scriptlet renames by rename(2)', () => {
  test.each(Object.entries(RENAMES))('is as plain rpm leaves it: %s', async (_what, post) => {
    const packages = [await buildRpm({ name: 'mover', version: '1', scripts: { post } }, temporaryFolder())];
    const made = await newSysroot(TINY);
    await keepingUnchanged(made.baseTree, async () => {
      const { deployment } = await install(made.sysroot, { packages, from: [] }, {});
      const tree = deploymentTree(made.folder, deployment.id);
      await expectSameAsPlainRpm({ baseTree: made.baseTree, packages, deploymentTree: tree });
      expect(await fsck(made.sysroot, { data: true })).toEqual([]);
    });
  });
});

/** Takes the place of probe-strip and brings none of its files. */
const STRIP_HEIR = {
  name: 'strip-heir',
  version: '1',
  obsoletes: ['probe-strip'],
};

/** What can be done to the names of an inode; `pair-a` and `pair-b` share one, `far` and `tiny-far` another. */
function linkScripts(): Record<string, string> {
  const a = '/usr/lib/tiny/pair-a';
  const b = '/usr/lib/tiny/pair-b';
  return {
    'writes by one name': `echo more >>${a}`,
    'writes by a name in another folder': 'echo more >>/usr/share/tiny-far',
    'changes the mode by one name': `chmod 0600 ${b}`,
    'writes by one name and removes it': `echo more >>${a}; rm ${a}`,
    'writes by one name and renames it': `echo more >>${a}; mv ${a} /usr/lib/tiny/elsewhere`,
    'writes by one name and renames the other': `echo more >>${a}; mv ${b} /usr/lib/tiny/elsewhere`,
    'renames one name onto the other': `mv ${a} ${b}`,
    'writes and renames one name onto the other': `echo more >>${a}; mv ${a} ${b}`,
    'replaces one name': `rm ${a}; echo new >${a}`,
    'links a third name': `ln ${a} /srv/third`,
    'writes and links a third name': `echo more >>${a}; ln ${b} /srv/third`,
    'links a third name and removes the two': `ln ${a} /srv/third; rm ${a} ${b}`,
    'writes and removes the folder of one name': 'echo more >>/usr/lib/tiny/far; rm -rf /usr/lib/tiny',
    'writes through a linked symlink': 'echo more >>/srv/odd/other/../symlink',
    'changes the owner of a linked symlink': 'chown -h 8:8 /srv/odd/symlink',
    'makes a folder anew': 'rm -rf /srv/odd/other; mkdir /srv/odd/other; echo x >/srv/odd/other/across',
    'makes a file of a folder': 'rm -rf /srv/odd/other; echo x >/srv/odd/other',
    'makes a folder of a file': `rm ${a}; mkdir ${a}; echo x >${a}/x`,
    'changes the mode of a folder only': 'chmod 0700 /srv/odd/empty',
    'makes holes and odd names': "truncate -s 5M /srv/odd/sparse; rm -f /srv/odd/-n; : >'/srv/odd/new\nline'",
    'removes what is protected by capabilities': 'rm /usr/bin/tiny-ping; chmod u-s /usr/bin/tiny-su',
  };
}

describe('what a transaction may not do', () => {
  test('a librpm process that is killed is a failed transaction: nothing is deployed', async () => {
    const made = await newSysroot(TINY);
    const before = await snapshot(made.baseTree);
    const running = startVeneer(['install', rpm('probe-slow-1')], { sysroot: made.folder });
    const pid = await findSandboxChild(running.pid ?? 0);
    process.kill(pid, 'SIGKILL');
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('E_TRANSACTION_DIED');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(1);
    expect(sysrootState(made.folder)).toEqual({ deployments: [], stage: [] });
    expect(await fsck(made.sysroot, { data: true })).toEqual([]);
    expectUnchanged(before, await snapshot(made.baseTree));
  });

  test('of two commands at once one is told that the other holds the lock', async () => {
    const made = await newSysroot(TINY);
    const running = startVeneer(['install', rpm('probe-slow-1')], { sysroot: made.folder });
    await findSandboxChild(running.pid ?? 0);
    const { exitCode, stderr } = await veneer(['install', rpm('hello-1.0')], { sysroot: made.folder });
    expect(exitCode).toBe(5);
    expect(stderr).toContain('E_LOCKED');
    expect(stderr).toContain(String(running.pid));
    expect((await running).exitCode).toBe(0);
  });

  test('an interrupted command ends its sandbox and leaves nothing', async () => {
    const made = await newSysroot(TINY);
    const running = startVeneer(['install', rpm('probe-slow-1')], { sysroot: made.folder });
    await findSandboxChild(running.pid ?? 0);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(sysrootState(made.folder)).toEqual({ deployments: [], stage: [] });
  });

  test('a command that was killed leaves only a stage, which the next one clears', async () => {
    const made = await newSysroot(TINY);
    const running = startVeneer(['install', rpm('probe-slow-1')], { sysroot: made.folder });
    await findSandboxChild(running.pid ?? 0);
    running.kill('SIGKILL');
    await running;
    expect(sysrootState(made.folder).deployments).toEqual([]);
    await layer(made, 'hello-1.0');
    expect(sysrootState(made.folder).stage).toEqual([]);
    expect(await fsck(made.sysroot, { data: true })).toEqual([]);
  });

  test('a transaction that hangs is ended at its time limit', async () => {
    const made = await newSysroot(TINY);
    const packages = [rpm('probe-fifo-1')];
    const work = () => install(made.sysroot, { packages, from: [] }, { timeLimitMs: 3000 });
    expect(await codeOf(work)).toBe('E_TIME_LIMIT');
    expect(sysrootState(made.folder)).toEqual({ deployments: [], stage: [] });
  });

  test('a daemon that a scriptlet leaves behind is reported and gone', async () => {
    const made = await newSysroot(TINY);
    const packages = [rpm('probe-daemon-1')];
    const { leftovers, deployment } = await install(made.sysroot, { packages, from: [] }, {});
    expect(leftovers.map(({ command }) => command).join()).toContain('sleep 60');
    const { stdout } = await run('sh', ['-c', 'ps -eo pid,args | grep "[s]leep 60" || true']);
    expect(stdout).toBe('');
    const logs = readdirSync(join(deploymentTree(made.folder, deployment.id), 'var/log'));
    expect(logs.filter((name) => name.startsWith('probe-late'))).toEqual([]);
  });

  test('an upgrade whose old %preun fails is not deployed', async () => {
    const folder = temporaryFolder();
    const made = await newSysroot(await tinyWith([rpm('probe-fail-preun-1')], join(folder, 'base')));
    const work = () => install(made.sysroot, { packages: [rpm('probe-fail-preun-2')], from: [] }, {});
    expect(await codeOf(work)).toBe('E_SCRIPTLET_FAILED');
    expect(sysrootState(made.folder)).toEqual({ deployments: [], stage: [] });
  });

  test('an upgrade that another package of the base forbids is not deployed', async () => {
    const folder = temporaryFolder();
    const base = await tinyWith([rpm('dep-app-1'), rpm('dep-lib-1')], join(folder, 'base'));
    const made = await newSysroot(base);
    const work = () => install(made.sysroot, { packages: [rpm('dep-lib-2')], from: [] }, {});
    expect(await codeOf(work)).toBe('E_DEPENDENCIES');
  });
});

/** Waits until a scriptlet of probe-slow runs, and answers the process that runs librpm: the first of its sandbox. */
async function findSandboxChild(engine: number): Promise<number> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const unshare = childrenOf(engine).find((pid) => commandOf(pid).startsWith('unshare'));
    const [librpm] = unshare === undefined ? [] : childrenOf(unshare);
    if (librpm !== undefined && childrenOf(librpm).length > 0) return librpm;
    await sleep(50);
  }
  throw new Error('no scriptlet was started');
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
