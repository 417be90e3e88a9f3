import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeXattr } from '../../../scriptlet-sandbox/index.js';
import { type Base, importBase, verifyBase } from '../../../src/base/index.js';
import { run } from '../../../src/support/processes.js';
import { displayPath } from '../../../src/tree/path.js';
import { makeTree, RICH_TREE } from '../../helpers/tree.js';

let folder: string;
let base: Base;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veneer-verify-'));
  await makeTree(join(folder, 'source'), RICH_TREE);
  mkdirSync(join(folder, 'sysroot'));
  base = await importBase({
    source: join(folder, 'source'),
    name: 'os',
    stage: join(folder, 'sysroot/stage'),
    basesDir: join(folder, 'sysroot/bases'),
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function findings(data = true): Promise<string[]> {
  const found = await verifyBase(base, { data });
  return found.map(({ path, what }) => [displayPath(path), ...what].join(' '));
}

/** Does damage below the base's tree and puts the times of the file and its folder back, as bit rot would. */
async function damage(name: string, act: (host: string) => unknown): Promise<void> {
  const host = join(base.tree, name);
  await act(host);
  for (const path of [name, join(name, '..')]) {
    await run('touch', ['-h', '-r', join(folder, 'source', path), join(base.tree, path)], { reject: false });
  }
}

describe('verifyBase', () => {
  it('finds nothing in an intact base, also when other trees link to its inodes', async () => {
    expect(await findings()).toEqual([]);
    await run('cp', ['-al', base.tree, join(folder, 'checkout')]);
    expect(await findings()).toEqual([]);
  });

  it('finds a changed byte only when it reads the data, and tells both digests', async () => {
    await damage('usr/bin/su', (host) => run('sh', ['-c', `printf XX | dd of=${host} conv=notrunc`]));
    expect(await findings(false)).toEqual([]);
    const [finding] = await verifyBase(base, { data: true });
    expect(finding).toMatchObject({ path: 'usr/bin/su', what: ['content'] });
    expect(finding?.found?.digest).not.toBe(finding?.expected?.digest);
  });

  it('finds a changed byte under every name of its inode', async () => {
    await damage('opt/pair', (host) => run('sh', ['-c', `printf XX | dd of=${host} conv=notrunc`]));
    expect(await findings()).toEqual(['/opt/pair content', '/usr/share/pair content']);
  });

  it.each<[string, string, (host: string) => unknown, string[]]>([
    ['a mode', 'usr/bin/su', (host) => chmodSync(host, 0o755), ['/usr/bin/su mode']],
    ['an owner', 'usr/bin/marked', (host) => chownSync(host, 5, 6), ['/usr/bin/marked owner']],
    ['a time', 'usr/bin', () => {}, []],
    [
      'a lost capability',
      'usr/bin/ping',
      (host) => removeXattr(Buffer.from(host), 'security.capability'),
      ['/usr/bin/ping xattrs'],
    ],
    ['a missing path', 'run/fifo', (host) => rmSync(host), ['/run/fifo missing']],
    ['a foreign path', 'opt/foreign', (host) => writeFileSync(host, ''), ['/opt/foreign foreign']],
    ['another size', 'old/file', (host) => writeFileSync(host, 'short'), ['/old/file size content']],
    [
      'another type',
      'var/mail/bob',
      (host) => {
        rmSync(host);
        mkdirSync(host, { mode: 0o755 });
      },
      ['/var/mail/bob type mode owner'],
    ],
    [
      'a split group',
      'opt/pair',
      async (host) => {
        await run('cp', ['-a', host, `${host}.copy`]);
        renameSync(`${host}.copy`, host);
      },
      ['/opt/pair hardlinks', '/usr/share/pair hardlinks'],
    ],
    [
      'a merged group',
      'usr/bin/marked',
      (host) => run('ln', ['-f', join(host, '../su'), host]),
      ['/usr/bin/marked mode size content xattrs hardlinks', '/usr/bin/su hardlinks'],
    ],
    [
      'another link target',
      'usr/lib/link',
      (host) => run('ln', ['-sfn', 'evil.so', host]),
      ['/usr/lib/link target hardlinks', '/usr/lib/link2 hardlinks'],
    ],
  ])('finds %s', async (_, name, act, expected) => {
    await damage(name, act);
    expect(await findings()).toEqual(expected);
  });

  it('finds a changed time', async () => {
    await run('touch', [join(base.tree, 'var/empty')]);
    expect(await findings()).toEqual(['/var/empty mtime']);
  });

  it('says when the manifest cannot be read', async () => {
    writeFileSync(base.manifestFile, 'not a database, whatever its name says');
    await expect(verifyBase(base, { data: false })).rejects.toMatchObject({ code: 'E_BASE_DAMAGED' });
  });
});
