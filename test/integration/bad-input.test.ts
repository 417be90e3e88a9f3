import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATABASE_FOLDER } from '../../fixtures/rpm-home.js';
import { ERROR_EXITS, type ErrorCode, install } from '../../src/index.js';
import { run } from '../../src/support/processes.js';
import { RPMS, rpm, TINY } from '../helpers/fixture-rpms.js';
import { privateCopy } from '../helpers/plain-rpm.js';
import { needProgram } from '../helpers/skip.js';
import { keepingUnchanged } from '../helpers/snapshot.js';
import { type CliOptions, newSysroot, sysrootState, temporaryFolder, veneer } from '../helpers/workspace.js';

const work = temporaryFolder();
const { folder: sysroot, baseTree } = await newSysroot(TINY, join(work, 'sysroot'));

interface Refusal {
  code: ErrorCode;
  /** What stderr must say: the package, what is wrong with it, what to do. */
  says: readonly (string | RegExp)[];
}

/** Runs a command that must be refused, and fails unless the refusal is a good one and left nothing behind. */
async function expectRefused(args: readonly string[], { code, says }: Refusal, options: CliOptions = {}) {
  const { exitCode, stderr } = await veneer(args, { sysroot, ...options });
  expect(stderr).toContain(code);
  for (const words of says) expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode, stderr).toBe(ERROR_EXITS[code]);
  return stderr;
}

/** As expectRefused, for a command that would deploy something on the base. */
async function expectNothingDeployed(args: readonly string[], refusal: Refusal, options: CliOptions = {}) {
  const stderr = await keepingUnchanged(baseTree, () => expectRefused(args, refusal, options));
  expect(sysrootState(sysroot)).toEqual({ deployments: [], stage: [] });
  const { exitCode, stdout } = await veneer(['fsck'], { sysroot });
  expect(exitCode, stdout).toBe(0);
  return stderr;
}

/** A file for one test to damage. */
function copyOf(path: string, name: string): string {
  copyFileSync(path, join(work, name));
  return join(work, name);
}

test('a file that is not an RPM is refused by name', async () => {
  const path = join(work, 'text.rpm');
  writeFileSync(path, 'no RPM at all\n');
  await expectNothingDeployed(['install', path], { code: 'E_NOT_AN_RPM', says: ['text.rpm'] });
});

test('an empty file is refused by name', async () => {
  const path = join(work, 'empty.rpm');
  writeFileSync(path, '');
  const { exitCode, stderr } = await veneer(['install', path], { sysroot });
  expect(stderr).toMatch(/E_NOT_AN_RPM|E_RPM_TRUNCATED/);
  expect(stderr).toContain('empty.rpm');
  expect(exitCode).toBe(ERROR_EXITS.E_NOT_AN_RPM);
});

test('an RPM whose end is missing is refused before anything starts', async () => {
  const path = copyOf(rpm('hello-1.0'), 'short.rpm');
  truncateSync(path, readFileSync(path).length - 100);
  await expectNothingDeployed(['install', path], { code: 'E_RPM_TRUNCATED', says: ['short.rpm'] });
});

test('an RPM that ends within its header is refused before anything starts', async () => {
  const path = copyOf(rpm('hello-1.0'), 'shorter.rpm');
  truncateSync(path, 1000);
  await expectNothingDeployed(['install', path], { code: 'E_RPM_TRUNCATED', says: ['shorter.rpm'] });
});

test('an RPM whose content was altered is refused', async () => {
  const path = copyOf(rpm('hello-1.0'), 'altered.rpm');
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 0xff, bytes.length - 20);
  writeFileSync(path, bytes);
  await expectNothingDeployed(['install', path], { code: 'E_RPM_TRUNCATED', says: [/hello|altered/] });
});

test('an RPM of another architecture is refused, and both architectures are named', async () => {
  const path = rpm('foreign-arch-1', 'aarch64');
  await expectNothingDeployed(['install', path], { code: 'E_RPM_ARCH', says: ['foreign-arch', 'aarch64'] });
});

test('a file that does not exist is refused by name', async () => {
  const { exitCode, stderr } = await veneer(['install', join(work, 'absent.rpm')], { sysroot });
  expect(stderr).toContain('absent.rpm');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBeGreaterThan(0);
});

test('a missing dependency says who needs what', async () => {
  await expectNothingDeployed(['install', rpm('needs-missing-1')], {
    code: 'E_DEPENDENCIES',
    says: ['needs-missing', 'no-such-thing'],
  });
});

test('a missing dependency that no folder of --from has says who needs what', async (context) => {
  needProgram('dnf', context);
  await expectNothingDeployed(['install', 'needs-missing', '--from', RPMS], {
    code: 'E_DEPENDENCIES',
    says: ['needs-missing', 'no-such-thing'],
  });
});

test('a file that two packages bring is a conflict that names both and the file', async () => {
  await expectNothingDeployed(['install', rpm('clash-a-1'), rpm('clash-b-1')], {
    code: 'E_CONFLICT',
    says: ['clash-a', 'clash-b', '/usr/share/clash'],
  });
});

test('a file that a package of the base has is a conflict that names both and the file', async () => {
  await expectNothingDeployed(['install', rpm('probe-conflict-1')], {
    code: 'E_CONFLICT',
    says: ['probe-conflict', 'setup', '/etc/os-release'],
  });
});

test('packages that declare a conflict are refused, and both are named', async () => {
  await expectNothingDeployed(['install', rpm('dep-rival-1'), rpm('dep-lib-1')], {
    code: 'E_CONFLICT',
    says: ['dep-rival', 'dep-lib'],
  });
});

test('the same package twice is refused, in two versions', async () => {
  await expectNothingDeployed(['install', rpm('hello-1.0'), rpm('hello-2.0')], {
    code: 'E_DUPLICATE_PACKAGE',
    says: ['hello-1.0', 'hello-2.0'],
  });
});

test('the same package twice is refused, as one file named twice', async () => {
  await expectNothingDeployed(['install', rpm('hello-1.0'), rpm('hello-1.0')], {
    code: 'E_DUPLICATE_PACKAGE',
    says: ['hello'],
  });
});

test('an unknown name suggests names that are near', async (context) => {
  needProgram('dnf', context);
  await expectNothingDeployed(['install', 'helo', '--from', RPMS], {
    code: 'E_UNKNOWN_PACKAGE',
    says: ['helo', /\bhello\b/],
  });
});

test('a name without a folder to look it up in says that --from is missing', async () => {
  await expectNothingDeployed(['install', 'hello'], { code: 'E_UNKNOWN_PACKAGE', says: ['--from'] });
});

test('uninstalling where nothing is deployed is refused', async () => {
  await expectNothingDeployed(['uninstall', 'hello'], { code: 'E_NO_DEPLOYMENT', says: ['install'] });
});

test.each([
  ['that is not layered', 'probe-lua', 'E_NOT_LAYERED', /hello/],
  ['of the base', 'busybox', 'E_IN_BASE', /base/],
] as const)('uninstalling a package %s is refused by name', async (_what, name, code, says) => {
  const made = await newSysroot(TINY);
  await install(made.sysroot, { packages: [rpm('hello-1.0')], from: [] }, {});
  const before = sysrootState(made.folder);
  await keepingUnchanged(made.baseTree, () =>
    expectRefused(['uninstall', name], { code, says: [name, says] }, { sysroot: made.folder }),
  );
  expect(sysrootState(made.folder)).toEqual(before);
});

test('a base that does not exist is refused, and those that exist are listed', async () => {
  await expectNothingDeployed(['install', rpm('hello-1.0'), '--base', 'nowhere'], {
    code: 'E_NO_BASE',
    says: ['nowhere', 'tiny-'],
  });
});

test('a tree without an rpmdb is refused as a base', async () => {
  const tree = join(work, 'without-rpmdb');
  await privateCopy(TINY, tree);
  rmSync(join(tree, DATABASE_FOLDER), { recursive: true });
  await expectNothingDeployed(['base', 'import', tree, '--name', 'bare'], {
    code: 'E_NO_RPMDB',
    says: ['rpmdb'],
  });
});

test.each([
  ['bdb', 'Packages'],
  ['ndb', 'Packages.db'],
])('a tree with an rpmdb of the %s kind is refused as a base', async (kind, file) => {
  const tree = join(work, `with-${kind}`);
  await privateCopy(TINY, tree);
  rmSync(join(tree, DATABASE_FOLDER, 'rpmdb.sqlite'));
  writeFileSync(join(tree, DATABASE_FOLDER, file), 'x'.repeat(4096));
  await expectNothingDeployed(['base', 'import', tree, '--name', kind], {
    code: 'E_RPMDB_UNSUPPORTED',
    says: [kind],
  });
});

test('a sysroot across two file systems is refused', async () => {
  await expectNothingDeployed(
    ['install', rpm('hello-1.0')],
    { code: 'E_SYSROOT_SPLIT', says: ['stage', /file system/] },
    { prepare: `mount -t tmpfs tmpfs ${sysroot}/stage` },
  );
});

test('a sysroot that cannot be written is refused', async () => {
  await expectNothingDeployed(
    ['install', rpm('hello-1.0')],
    { code: 'E_SYSROOT_UNWRITABLE', says: [sysroot] },
    { prepare: `mount --bind ${sysroot} ${sysroot}\nmount -o remount,bind,ro ${sysroot}` },
  );
});

test('a sysroot of a newer format is refused', async () => {
  const newer = join(work, 'newer');
  expect((await veneer(['init'], { sysroot: newer })).exitCode).toBe(0);
  writeFileSync(join(newer, 'sysroot.json'), '{"formatVersion": 999}\n');
  await expectRefused(['status'], { code: 'E_SYSROOT_FORMAT', says: ['999'] }, { sysroot: newer });
});

test('a folder that is no sysroot is refused, and the command that makes one is named', async () => {
  await expectRefused(['status'], { code: 'E_NOT_A_SYSROOT', says: ['veneer init'] }, { sysroot: RPMS });
});

test('a second init is refused', async () => {
  await expectRefused(['init'], { code: 'E_SYSROOT_EXISTS', says: [sysroot] });
});

test('a command that does not exist, and an option that does not, are mistakes of usage', async () => {
  for (const args of [['frobnicate'], ['install', '--frobnicate'], ['install'], ['diff', 'a']]) {
    const { exitCode, stderr } = await veneer(args, { sysroot });
    expect(exitCode, args.join(' ')).toBe(2);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});

/** Packs one file under a name that tar itself would not give it. */
async function tarWith(name: string, transform: string): Promise<string> {
  const folder = join(work, `tar-${name}`);
  mkdirSync(join(folder, 'x'), { recursive: true });
  writeFileSync(join(folder, 'x/file'), 'content\n');
  const tar = join(work, `${name}.tar`);
  await run('tar', ['-cPf', tar, '-C', folder, '--transform', transform, 'x/file']);
  return tar;
}

test.each([
  ['..', 's,^x/,../,'],
  ['an absolute path', 's,^x/,/tmp/,'],
])('a tar with %s in a name is refused', async (what, transform) => {
  const tar = await tarWith(`bad-${what.length}`, transform);
  await expectNothingDeployed(['base', 'import', tar, '--name', 'evil'], {
    code: 'E_TAR_UNSAFE',
    says: ['file'],
  });
});

test('a tar with a name that crosses its own symlink is refused', async () => {
  const folder = join(work, 'tar-link');
  mkdirSync(folder);
  await run('ln', ['-s', '/tmp', join(folder, 'link')]);
  const tar = await tarWith('crossing', 's,^x/,link/,');
  await run('tar', ['-rf', tar, '-C', folder, 'link']);
  await expectNothingDeployed(['base', 'import', tar, '--name', 'evil'], {
    code: 'E_TAR_UNSAFE',
    says: ['link'],
  });
});

test('a file that is no tar is refused as a base', async () => {
  const path = join(work, 'not-a.tar');
  writeFileSync(path, 'no tar at all\n'.repeat(100));
  await expectNothingDeployed(['base', 'import', path, '--name', 'broken'], {
    code: 'E_BASE_SOURCE',
    says: ['not-a.tar'],
  });
});

test('a tar whose end is missing is refused as a base', async () => {
  const path = join(work, 'short.tar.gz');
  await run('tar', ['-czf', path, '-C', TINY, '.']);
  truncateSync(path, 500_000);
  await expectNothingDeployed(['base', 'import', path, '--name', 'short'], {
    code: 'E_TAR_BROKEN',
    says: ['short.tar.gz'],
  });
});

test('a source that does not exist is refused as a base', async () => {
  await expectNothingDeployed(['base', 'import', join(work, 'absent'), '--name', 'absent'], {
    code: 'E_BASE_SOURCE',
    says: ['absent'],
  });
});

test.each([
  ['pre', 'probe-fail-pre-1', 'cannot go on'],
  ['post', 'probe-fail-post-1', 'cannot go on'],
  ['posttrans', 'probe-fail-posttrans-1', 'cannot go on'],
  ['pretrans', 'probe-fail-pretrans-1', 'cannot go on'],
  ['post', 'probe-signal-1', 'about to die'],
])(
  'a failing %s scriptlet (%s) is named, with its last lines (%s) and its log, and nothing is deployed',
  async (kind, name, line) => {
    const scriptlet = `${name.replace(/-1$/, '')}.${kind}`;
    const stderr = await expectNothingDeployed(['install', rpm(name)], {
      code: 'E_SCRIPTLET_FAILED',
      says: [scriptlet, line],
    });
    const log = /(\/\S+)/g;
    const paths = stderr.match(log)?.filter((path) => path.endsWith(scriptlet)) ?? [];
    expect(paths.length, stderr).toBeGreaterThan(0);
    expect(readFileSync(paths[0] ?? '', 'utf8')).toContain(line);
  },
);

test('a trigger that fails is named by the package that carries it', async () => {
  await expectNothingDeployed(['install', rpm('probe-fail-trigger-1'), rpm('hello-1.0')], {
    code: 'E_SCRIPTLET_FAILED',
    says: ['probe-fail-trigger.triggerin', 'cannot go on'],
  });
});

test('what a scriptlet prints cannot command the terminal when it is shown', async () => {
  const { stdout, stderr } = await veneer(['install', rpm('probe-noisy-1'), rpm('probe-fail-post-1')], {
    sysroot,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(stdout + stderr).not.toMatch(/\u001b|\u0007/);
  expect(sysrootState(sysroot).deployments).toEqual([]);
});
