import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildRpm } from '../../../fixtures/build-rpm.js';
import { buildTiny } from '../../../fixtures/tiny.js';
import { type ResolveRequest, resolvePackages } from '../../../src/resolve/index.js';
import { findRpmdb } from '../../../src/rpm/rpmdb.js';
import { run } from '../../../src/support/processes.js';
import { errorOf, temporaryFolder } from '../rpm/helpers.js';

const folder = temporaryFolder();
const base = join(folder, 'base');
const repo = join(folder, "a repo with space & 'quotes' #1");
const other = join(folder, 'other');
const PATH = process.env.PATH;

beforeAll(async () => {
  await buildTiny(folder);
  await Promise.all([
    buildRpm({ name: 'hello', version: '1.0' }, repo),
    buildRpm({ name: 'hello', version: '2.0' }, repo),
    buildRpm(
      { name: 'app', version: '1', requires: ['lib(x) >= 2', 'busybox'], recommends: ['hello'] },
      repo,
    ),
    buildRpm({ name: 'libx', version: '1', provides: ['lib(x) = 2'], requires: ['deep'] }, repo),
    buildRpm({ name: 'deep', version: '1', epoch: '3' }, other),
    buildRpm({ name: 'needy', version: '1', requires: ['nowhere >= 3'] }, repo),
    buildRpm({ name: 'onneedy', version: '1', requires: ['needy'] }, repo),
    buildRpm({ name: 'clash', version: '1', conflicts: ['busybox'] }, repo),
    buildRpm({ name: 'foreign', version: '1', arch: process.arch === 'arm64' ? 'x86_64' : 'aarch64' }, repo),
    buildRpm({ name: 'busybox', version: '0.5' }, repo),
  ]);
  writeFileSync(join(repo, 'broken.rpm'), 'this is no rpm');
  mkdirSync(join(folder, 'empty'));
}, 120_000);

afterEach(() => {
  process.env.PATH = PATH;
});

describe('names', () => {
  test.each([
    ['hello', 'hello-2.0-1.noarch'],
    ['hello-1.0', 'hello-1.0-1.noarch'],
    ['hello-1.0-1.noarch', 'hello-1.0-1.noarch'],
    ['hello = 1.0', 'hello-1.0-1.noarch'],
    ['deep-3:1-1.noarch', 'deep-3:1-1.noarch'],
  ])('%s leads to %s', async (asked, nevra) => {
    expect(await namesOf([asked])).toEqual([{ asked, file: nevra, dependencies: [] }]);
  });

  test('a name and a capability bring what the base lacks, from every folder, without weak dependencies', async () => {
    expect(await namesOf(['app'])).toEqual([
      { asked: 'app', file: 'app-1-1.noarch', dependencies: ['deep-3:1-1.noarch', 'libx-1-1.noarch'] },
    ]);
    expect(await namesOf(['lib(x)'])).toEqual([
      { asked: 'lib(x)', file: 'libx-1-1.noarch', dependencies: ['deep-3:1-1.noarch'] },
    ]);
  });

  test('the files are those of the folders, and nothing is written into folders or base', async () => {
    const before = await Promise.all([base, repo, other].map(fingerprint));
    const [app] = await resolvePackages(request(['app']));
    expect(app?.file.path).toBe(join(repo, 'app-1-1.noarch.rpm'));
    expect(app?.dependencies.map(({ path }) => path).sort()).toEqual(
      [join(repo, 'libx-1-1.noarch.rpm'), join(other, 'deep-1-1.noarch.rpm')].sort(),
    );
    expect(await Promise.all([base, repo, other].map(fingerprint))).toEqual(before);
  });

  test('an answer does not depend on what else is asked for', async () => {
    const together = await namesOf(['libx', 'hello', 'app']);
    const alone = await Promise.all(['libx', 'hello', 'app'].map((asked) => namesOf([asked])));
    expect(together).toEqual(alone.flat());
    expect(together[2]?.dependencies).toContain('libx-1-1.noarch');
  });

  test.each([
    ['helo', /did you mean hello\?/],
    ['*', /folders given with --from/],
    ['--setopt=best=False', /folders given with --from/],
    ['@core', /folders given with --from/],
  ])('%s is unknown', async (asked, hint) => {
    const error = await errorOf(() => resolvePackages(request([asked])));
    expect(error?.code).toBe('E_UNKNOWN_PACKAGE');
    expect(error?.message).toContain(asked);
    expect(error?.hint).toMatch(hint);
  });

  test('a name without a folder to look in, and in an empty one, is unknown', async () => {
    const without = await errorOf(() => resolvePackages(request(['hello'], [])));
    expect([without?.code, without?.hint]).toEqual([
      'E_UNKNOWN_PACKAGE',
      'name an RPM file, or give the folder to look for it with --from DIR',
    ]);
    const empty = await errorOf(() => resolvePackages(request(['hello'], [join(folder, 'empty')])));
    expect(empty?.code).toBe('E_UNKNOWN_PACKAGE');
  });

  test('a folder that is not there is said so', async () => {
    const error = await errorOf(() => resolvePackages(request(['hello'], ['/nonexistent/x'])));
    expect([error?.code, error?.message]).toEqual(['E_USAGE', '/nonexistent/x: no such folder']);
  });

  test.each([
    ['needy', ['needy-1-1.noarch needs nowhere >= 3, which nothing provides']],
    [
      'onneedy',
      [
        'onneedy-1-1.noarch needs needy, of which no provider can be installed',
        'needy-1-1.noarch needs nowhere >= 3, which nothing provides',
      ],
    ],
  ])('%s says who needs what', async (asked, lines) => {
    const error = await errorOf(() => resolvePackages(request([asked])));
    expect([error?.code, error?.lines]).toEqual(['E_DEPENDENCIES', lines]);
  });

  test('a conflict with the base names both packages', async () => {
    const error = await errorOf(() => resolvePackages(request(['clash'])));
    expect(error?.code).toBe('E_DEPENDENCIES');
    expect(error?.lines.join('\n')).toMatch(
      /clash-1-1.noarch conflicts with busybox, which busybox-\S+ provides/,
    );
  });

  test.each(['busybox', 'setup'])(
    '%s, which the base has in the same or a newer version, is in the base',
    async (asked) => {
      const error = await errorOf(() => resolvePackages(request([asked])));
      expect(error?.code).toBe('E_IN_BASE');
      expect(error?.message).toMatch(new RegExp(`^${asked}-\\S+ is in the base already$`));
    },
  );

  test('a package for another processor is told from an unknown one', async () => {
    const error = await errorOf(() => resolvePackages(request(['foreign'])));
    expect(error?.code).toBe('E_RPM_ARCH');
  });

  test('without dnf the missing program is named', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    await symlink('/usr/bin/createrepo_c', join(bin, 'createrepo_c'));
    process.env.PATH = bin;
    const error = await errorOf(() => resolvePackages(request(['hello'])));
    expect([error?.code, error?.message]).toEqual(['E_MISSING_PROGRAM', 'the program dnf is not installed']);
  });
});

describe('local files', () => {
  const file = (name: string) => join(repo, name);

  test('are taken as they are where there is no folder, without dnf', async () => {
    process.env.PATH = '/nonexistent';
    expect(await namesOf([file('needy-1-1.noarch.rpm')], [])).toEqual([
      { asked: file('needy-1-1.noarch.rpm'), file: 'needy-1-1.noarch', dependencies: [] },
    ]);
  });

  test('bring what the base lacks out of the folders', async () => {
    const odd = join(folder, 'my app @1?*');
    await copyFile(file('app-1-1.noarch.rpm'), odd);
    for (const asked of [file('app-1-1.noarch.rpm'), odd]) {
      expect(await namesOf([asked])).toEqual([
        { asked, file: 'app-1-1.noarch', dependencies: ['deep-3:1-1.noarch', 'libx-1-1.noarch'] },
      ]);
    }
  });

  test('whose needs the folders cannot meet say who needs what', async () => {
    const error = await errorOf(() => resolvePackages(request([file('needy-1-1.noarch.rpm')])));
    expect([error?.code, error?.lines]).toEqual([
      'E_DEPENDENCIES',
      ['needy-1-1.noarch needs nowhere >= 3, which nothing provides'],
    ]);
  });

  test.each([
    ['foreign', 'E_RPM_ARCH'],
    ['broken', 'E_NOT_AN_RPM'],
    ['absent', 'E_USAGE'],
  ])('that are %s are refused', async (name, code) => {
    const found = readdirSync(repo).find((candidate) => candidate.startsWith(name)) ?? `${name}.rpm`;
    expect((await errorOf(() => resolvePackages(request([file(found)], []))))?.code).toBe(code);
  });

  test('of the very build that the base has are in the base', async () => {
    const setup = await buildRpm({ name: 'setup', version: '1' }, join(folder, 'again'));
    const error = await errorOf(() => resolvePackages(request([setup], [])));
    expect([error?.code, error?.message]).toEqual(['E_IN_BASE', 'setup-1-1.noarch is in the base already']);
  });
});

test.each([
  ['two files', [join(repo, 'hello-1.0-1.noarch.rpm'), join(repo, 'hello-2.0-1.noarch.rpm')]],
  ['a file and a name', [join(repo, 'hello-1.0-1.noarch.rpm'), 'hello']],
  ['a name and a capability', ['app', 'app = 1']],
  ['one name', ['hello', 'hello']],
])('the same package asked for twice, as %s, is refused and both are named', async (_title, asked) => {
  const error = await errorOf(() => resolvePackages(request(asked)));
  expect(error?.code).toBe('E_DUPLICATE_PACKAGE');
  for (const argument of asked) expect(error?.message).toContain(argument);
});

function request(asked: readonly string[], from = [repo, other]): ResolveRequest {
  const cacheDir = join(folder, 'cache');
  return { arguments: asked, from, treeRoot: base, rpmdb: findRpmdb(base), cacheDir };
}

async function namesOf(asked: readonly string[], from?: string[]) {
  const resolved = await resolvePackages(request(asked, from));
  return resolved.map((one) => ({
    asked: one.asked,
    file: one.file.nevra,
    dependencies: one.dependencies.map(({ nevra }) => nevra).sort(),
  }));
}

async function fingerprint(tree: string): Promise<string> {
  return (await run('sh', ['-c', 'find . -printf "%p %y %m %U %G %s %T@ %i\\n" | sort'], { cwd: tree }))
    .stdout;
}
