import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import { ensureMedium } from '../../fixtures/medium.js';
import { ensureReal } from '../../fixtures/real.js';
import type { RunReport } from '../../scriptlet-sandbox/index.js';
import type { DeploymentInfo, Status } from '../../src/index.js';
import type { LayerRecord } from '../../src/layer/index.js';
import { run } from '../../src/support/processes.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { OrdinaryUser } from '../helpers/ordinary-user.js';
import { type CliResult, newSysroot, temporaryFolder } from '../helpers/workspace.js';

/** Enough for tiny's largest owner, 4,000,000, and for what useradd picks. */
const MANY = 5_000_000;

/** What Debian's useradd gives a new account. */
const USUAL = 65_536;

/** A tar with numeric owners, made by root, for all to read. */
async function tarOf(tree: string, file = join(temporaryFolder(), 'tree.tar')): Promise<string> {
  chmodSync(dirname(file), 0o755);
  const keep = ['--numeric-owner', '--xattrs', '--xattrs-include=*', '--acls', '--sparse'];
  await run('tar', ['-C', tree, ...keep, '-cf', file, '.']);
  return file;
}

function expectRefused({ exitCode, stderr }: CliResult, code: string, ...says: RegExp[]): void {
  expect(stderr).toContain(code);
  for (const words of says) expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(1);
}

/** Ends a command by SIGTERM as soon as rpm is at work, as a service manager would. */
const TERMINATE = `
"$@" 2>"$HOME/said" & pid=$!
until grep -q 'in the transaction' "$HOME/said"; do sleep 0.05; done
kill -TERM $pid
wait $pid; status=$?
cat "$HOME/said" >&2; exit $status
`;

describe('the command line run by an ordinary account with subordinate ids', () => {
  const user = new OrdinaryUser({ subordinateIds: MANY });
  const sysroot = join(user.home, 'sysroot');

  async function json<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await user.veneer(...args, '--json');
    expect(exitCode, stderr).toBe(0);
    return (JSON.parse(stdout) as { result: T }).result;
  }

  test('makes a sysroot of its own and imports a tar with the owners that it has', async () => {
    await json('init');
    await json('base', 'import', await tarOf(TINY), '--name', 'tiny');
    expect(lstatSync(sysroot)).toMatchObject({ uid: 4321, gid: 4321 });
    expect(await json('fsck', '--data')).toEqual({ findings: [] });
  });

  test('runs once more on a copy what wrote a hardlink of the base, and says why', async () => {
    const post = 'echo more >>/usr/lib/tiny/pair-a';
    const made = await buildRpm({ name: 'writer', version: '1', scripts: { post } }, user.folder);
    const { deployment } = await json<{ deployment: DeploymentInfo }>('install', made);
    const record = readFileSync(join(sysroot, 'layers', deployment.layer ?? '', 'layer.json'), 'utf8');
    const { view, counts } = JSON.parse(record) as LayerRecord;
    expect(view).toEqual({
      kind: 'copy',
      reason: expect.stringMatching(/\/usr\/lib\/tiny\/pair-a is one name of/),
    });
    expect(counts).toMatchObject({ added: 0, inPlace: 2 });
    const tree = join(sysroot, 'deployments', deployment.id, 'tree/usr/lib/tiny');
    expect(statSync(join(tree, 'pair-a')).ino).toBe(statSync(join(tree, 'pair-b')).ino);
    await json('uninstall', 'writer');
  });

  test('installs a package whose scriptlets make an account and give it files', async () => {
    const { deployment } = await json<{ deployment: DeploymentInfo }>(
      'install',
      await shared('probe-user-1'),
    );
    expect(deployment.packages.map(({ name }) => name)).toEqual(['probe-user']);
  });

  test('takes it out again, goes back to it, and finds no damage', async () => {
    await json('uninstall', 'probe-user');
    const { to } = await json<{ to: DeploymentInfo }>('rollback');
    const { current, previous } = await json<Status>('status');
    expect([current?.id, previous?.id]).toEqual([to.id, '4-base']);
    expect(await json('diff', 'tiny', 'current', '--files')).toMatchObject({
      packages: [{ name: 'probe-user' }],
    });
    expect(await json('fsck', '--data')).toEqual({ findings: [] });
  });

  test('doctor says that it can, and that it does so in a user namespace', async () => {
    const { exitCode, stdout } = await user.veneer('doctor');
    expect(stdout).toMatch(/ok +privileges +not root: works in a user namespace/);
    expect(stdout).toMatch(/ok +view +overlay \(overlayfs with userxattr works\)/);
    expect(exitCode).toBe(0);
  });

  test('a signal ends it and what it runs, and leaves nothing behind', async () => {
    const install = [user.node, user.cli, 'install', await shared('probe-slow-1')];
    const { exitCode, stderr } = await user.run(['timeout', '60', 'sh', '-c', TERMINATE, 'sh', ...install]);
    expect(stderr).toContain('E_INTERRUPTED');
    expect(exitCode).toBe(130);
    expect(await json('fsck')).toEqual({ findings: [] });
  });

  test('root reads the sysroot without any of this', async () => {
    const { stdout } = await run(process.execPath, ['dist/src/cli/main.js', '--sysroot', sysroot, 'status']);
    expect(stdout).toContain('probe-user');
  });

  /** The fixtures are in root's cache. */
  async function shared(nameVersion: string): Promise<string> {
    const copy = join(user.folder, `${nameVersion}.rpm`);
    cpSync(rpm(nameVersion), copy);
    return copy;
  }
});

test('an ordinary account without subordinate ids reads a sysroot of root, and may not write it', async () => {
  const user = new OrdinaryUser({ subordinateIds: 0 });
  const made = await newSysroot(TINY, join(user.folder, 'of-root'));
  const status = await user.veneer('--sysroot', made.folder, 'status');
  expect(status.stdout).toContain('tiny');
  expect(status.exitCode, status.stderr).toBe(0);
  const able = new OrdinaryUser({ subordinateIds: USUAL });
  const remove = await able.veneer('--sysroot', made.folder, 'base', 'remove', 'tiny');
  expectRefused(remove, 'E_SYSROOT_UNWRITABLE', /run as the user who owns it/);
});

describe('the sandbox run by an ordinary account', () => {
  const user = new OrdinaryUser({ subordinateIds: USUAL });
  const tree = join(user.home, 'tree');

  /** Writes one of two names of an inode and merges that into the tree; answers the view and the names' inodes. */
  async function writeOneOfTwo(view: string): Promise<{ view: RunReport['view']; inodes: number[] }> {
    await user.run(['sh', '-c', 'rm -rf "$1"; mkdir "$1"; cd "$1"; echo 1 >a; ln a b', 'sh', tree]);
    const report = join(user.home, 'report.json');
    const options = ['--tree', tree, '--view', view, '--no-root', '--apply', '--report', report];
    const write = ['sh', '-c', 'echo 2 >>a'];
    const main = join(dirname(user.cli), '../../scriptlet-sandbox/main.js');
    const { exitCode, stderr } = await user.run([user.node, main, 'run', ...options, '--', ...write]);
    expect(exitCode, stderr).toBe(0);
    expect(readFileSync(join(tree, 'a'), 'utf8')).toBe('1\n2\n');
    const { view: chosen } = JSON.parse(readFileSync(report, 'utf8')) as RunReport;
    return { view: chosen, inodes: ['a', 'b'].map((name) => statSync(join(tree, name)).ino) };
  }

  test('keeps the hardlinks of a tree together, and says that it took a copy for that', async () => {
    const { view, inodes } = await writeOneOfTwo('auto');
    expect(view).toEqual({ kind: 'copy', reason: expect.stringMatching(/hardlinks/) });
    expect(inodes[0]).toBe(inodes[1]);
  });

  test('does what it is told where overlay is asked for by name', async () => {
    const { view, inodes } = await writeOneOfTwo('overlay');
    expect(view.kind).toBe('overlay');
    expect(inodes[0]).not.toBe(inodes[1]);
  });
});

describe('an ordinary account is refused with what to set', () => {
  test('where it has no subordinate ids; what needs none works', async () => {
    const user = new OrdinaryUser({ subordinateIds: 0 });
    const line = /add the line layman:100000:65536 to \/etc\/subuid and \/etc\/subgid/;
    expectRefused(await user.veneer('init'), 'E_USER_NAMESPACE', line);
    const asJson = JSON.parse((await user.veneer('init', '--json')).stdout);
    expect(asJson.error).toMatchObject({ code: 'E_USER_NAMESPACE', hint: expect.stringMatching(line) });
    expect((await user.veneer('--version')).exitCode).toBe(0);
    expect((await user.veneer('install', '--help')).stdout).toContain('veneer install');
    const { exitCode, stdout } = await user.veneer('doctor');
    expect(stdout).toMatch(line);
    expect(exitCode).toBe(1);
  });

  test('where user namespaces are forbidden', async () => {
    const user = new OrdinaryUser({ subordinateIds: USUAL });
    const forbid = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';
    const asAnother = ['setpriv', '--reuid', '1000', '--regid', '1000', '--clear-groups'];
    const init = [...asAnother, user.node, user.cli, 'init'];
    const refused = await user.runAsItsRoot(['sh', '-c', forbid, 'sh', ...init]);
    expectRefused(refused, 'E_USER_NAMESPACE', /sysctl user\.max_user_namespaces=10000/);
  });
});

describe('what an ordinary account cannot import is refused by name', () => {
  const user = new OrdinaryUser({ subordinateIds: USUAL });
  const folder = join(user.folder, 'sources');

  async function importing(source: string): Promise<CliResult> {
    await user.veneer('init');
    return user.veneer('base', 'import', source, '--name', 'base');
  }

  test('a folder with files of other ids', async () => {
    mkdirSync(join(folder, 'foreign/etc'), { recursive: true });
    writeFileSync(join(folder, 'foreign/etc/passwd'), '');
    const hint = /import a tar, which has owners as numbers/;
    expectRefused(await importing(join(folder, 'foreign')), 'E_BASE_SOURCE', /somebody else/, hint);
  });

  test('but not one whose files are nobody’s among its own', async () => {
    const make =
      'mkdir -p "$HOME/own/etc" && echo >"$HOME/own/etc/of-nobody" && chown 65534:65534 "$HOME/own/etc/of-nobody"';
    await user.runAsItsRoot(['sh', '-c', make]);
    expectRefused(await importing(join(user.home, 'own')), 'E_NO_RPMDB');
  });

  test('a tar with owners beyond its ids', async () => {
    const tar = await tarOf(TINY);
    expectRefused(
      await importing(tar),
      'E_BASE_SOURCE',
      /of-4000000 belongs to 4000000:4000000/,
      /larger range/,
    );
  });

  test('a tar with a device node', async () => {
    mkdirSync(join(folder, 'device/dev'), { recursive: true });
    await run('mknod', [join(folder, 'device/dev/null'), 'c', '1', '3']);
    const tar = await tarOf(join(folder, 'device'));
    expectRefused(await importing(tar), 'E_BASE_SOURCE', /\/dev\/null is a device node/);
  });
});

/** Real packages whose scriptlets make accounts, give them files, register services and alternatives. */
const REAL = ['at', 'nginx-light', 'openssh-server', 'redis-server', 'fuse3', 'samba-common'];

/** Time for tests that run tests. */
const LONG = 400_000;

describe.concurrent('in a user namespace of an ordinary account deployments are what plain rpm makes there', () => {
  const user = new OrdinaryUser({ subordinateIds: MANY });
  const cache = join(user.home, '.cache/veneer-fixtures');

  /** Runs tests of this project, as the account's root, with a cache of fixtures of its own. */
  async function runTests(files: string[], only?: RegExp): Promise<{ passed: number; stdout: string }> {
    const vitest = [user.node, 'node_modules/vitest/vitest.mjs', 'run', '--configLoader', 'runner'];
    const filter = only === undefined ? [] : ['-t', only.source];
    const { stdout, stderr } = await user.runAsItsRoot(
      [...vitest, ...files.map((name) => `test/integration/${name}.test.ts`), ...filter],
      {
        env: { VENEER_FORBID_SKIPS: '1', NO_COLOR: '1' },
        binds: { [await ensureReal()]: join(cache, basename(await ensureReal())) },
      },
    );
    const counted = /^(\d+) passed, 0 failed, (\d+) skipped$/m.exec(stdout);
    expect(counted, `${stdout.slice(-8000)}${stderr.slice(-2000)}`).not.toBeNull();
    return { passed: Number(counted?.[1]), stdout };
  }

  test(
    'for every fixture package',
    async () => {
      const { passed, stdout } = await runTests(['oracle-tiny']);
      expect(stdout).toMatch(/^57 passed, 0 failed, 0 skipped$/m);
      expect(passed).toBe(57);
    },
    LONG,
  );

  test(
    'for whatever a scriptlet does to hardlinks and folders',
    async () => {
      const { passed } = await runTests(['life'], /hardlinks are as|as plain rpm leaves it/);
      expect(passed).toBe(34);
    },
    LONG,
  );

  test(
    'for real packages on Debian',
    async () => {
      const medium = await ensureMedium();
      const tar = await tarOf(medium, join(user.folder, 'medium.tar'));
      const unpack =
        'mkdir -p "$1" && tar -C "$1" --numeric-owner -p --xattrs --xattrs-include="*" --acls -xf "$2"';
      const made = await user.runAsItsRoot(['sh', '-c', unpack, 'sh', join(cache, basename(medium)), tar]);
      expect(made.exitCode, made.stderr).toBe(0);
      rmSync(tar);
      const { passed, stdout } = await runTests(
        ['oracle-medium'],
        new RegExp(` (${REAL.join('|')}|after all of them .*)$`),
      );
      expect(stdout).toContain(`oracle medium: ${REAL.length} packages agree`);
      expect(passed).toBe(REAL.length + 1);
    },
    LONG,
  );
});
