import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBase, importBase, listBases, openManifest, removeBase } from '../../../src/base/index.js';
import { run } from '../../../src/support/processes.js';
import { describeTree, makeTree, RICH_TREE } from '../../helpers/tree.js';

let folder: string;
let source: string;
let basesDir: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veneer-base-'));
  source = join(folder, 'source');
  basesDir = join(folder, 'sysroot/bases');
  mkdirSync(join(folder, 'sysroot/stage'), { recursive: true });
  await makeTree(source, RICH_TREE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stage = () => join(folder, 'sysroot/stage/one');
const doImport = (name: string, more: Partial<Parameters<typeof importBase>[0]> = {}) =>
  importBase({ source, name, stage: stage(), basesDir, ...more });

describe('importBase', () => {
  it('publishes the tree, its manifest and the facts under name and digest', async () => {
    const steps: string[] = [];
    const base = await doImport('os', {
      prepare: async (tree) => ({ names: readdirSync(tree).length }),
      onProgress: ({ step }) => steps.push(step),
    });
    expect(base).toMatchObject({ already: false, name: 'os', id: `os-${base.digest.slice(0, 12)}` });
    expect(base.facts).toEqual({ names: 6 });
    expect(base.totals).toMatchObject({ symlinks: 2, others: 1 });
    expect(describeTree(base.tree)).toEqual(describeTree(source));
    expect(readdirSync(base.folder).sort()).toEqual(['base.json', 'manifest.sqlite', 'tree']);
    expect(existsSync(stage())).toBe(false);
    expect([...new Set(steps)]).toEqual(['copy', 'prepare', 'digest', 'sync']);
  });

  it('returns the base that is there already', async () => {
    const first = await doImport('os');
    const again = await doImport('os');
    expect(again).toEqual({ ...first, already: true });
    expect(existsSync(stage())).toBe(false);
    expect((await doImport('other')).digest).toBe(first.digest);
    expect(listBases(basesDir).map(({ name }) => name)).toEqual(['os', 'other']);
  });

  it('leaves nothing behind when the preparation fails, nor for a bad name', async () => {
    const prepare = () => Promise.reject(new Error('no rpmdb'));
    await expect(doImport('os', { prepare })).rejects.toThrow('no rpmdb');
    expect(existsSync(stage())).toBe(false);
    for (const name of ['', '.hidden', 'a/b', '-x', 'x'.repeat(65), 'a b', 'a\n']) {
      await expect(doImport(name), JSON.stringify(name)).rejects.toMatchObject({ code: 'E_USAGE' });
    }
    expect(listBases(basesDir)).toEqual([]);
  });
});

describe('a tree with marks of overlayfs', () => {
  it.each([
    ['a whiteout', () => run('mknod', [join(source, 'usr/gone'), 'c', '0', '0']), /usr\/gone is a whiteout/],
    [
      'an opaque folder',
      () => run('setfattr', ['-n', 'trusted.overlay.opaque', '-v', 'y', join(source, 'usr')]),
      /usr carries trusted.overlay.opaque/,
    ],
  ])('is refused as a base: %s', async (_what, mark, message) => {
    await mark();
    await expect(doImport('os')).rejects.toMatchObject({
      code: 'E_BASE_SOURCE',
      message: expect.stringMatching(message),
    });
    expect(listBases(basesDir)).toEqual([]);
  });
});

describe('findBase and removeBase', () => {
  it('find by name the newest, by id, and by the beginning of one id only', async () => {
    const old = await doImport('os');
    writeFileSync(join(source, 'new'), 'new');
    const fresh = await doImport('os');
    expect(findBase(basesDir, 'os').id).toBe(fresh.id);
    expect(findBase(basesDir, old.id).id).toBe(old.id);
    expect(findBase(basesDir, old.id.slice(0, 9)).id).toBe(old.id);
    expect(() => findBase(basesDir, 'os-')).toThrow(/several/);
    expect(() => findBase(basesDir, 'nope')).toThrow(
      expect.objectContaining({ code: 'E_NO_BASE', lines: expect.arrayContaining([old.id, fresh.id]) }),
    );
    await removeBase(old, stage());
    expect(listBases(basesDir).map(({ id }) => id)).toEqual([fresh.id]);
    expect(existsSync(stage())).toBe(false);
  });

  it('say which base.json is damaged', async () => {
    const base = await doImport('os');
    const record = join(base.folder, 'base.json');
    writeFileSync(record, readFileSync(record, 'utf8').slice(0, 20));
    expect(() => listBases(basesDir)).toThrow(expect.objectContaining({ code: 'E_BASE_DAMAGED' }));
  });
});

describe('Manifest', () => {
  it('answers by path, in path order, by range and by hardlink group', async () => {
    const base = await doImport('os');
    const manifest = openManifest(base);
    try {
      const entries = [...manifest.entries()];
      expect(entries).toHaveLength(manifest.count());
      expect(entries[0]?.path).toBe('');
      for (const entry of entries) expect(manifest.entry(entry.path)).toEqual(entry);
      const folders = [...manifest.directories()].map(({ path }) => path);
      const linkables = [...manifest.linkables(1, 10), ...manifest.linkables(11, manifest.count())];
      expect([...folders, ...linkables].sort()).toEqual(entries.map(({ path }) => path).sort());
      expect(manifest.hardlinkGroups()).toEqual([
        ['opt/pair', 'usr/share/pair'],
        ['usr/lib/link', 'usr/lib/link2'],
      ]);
      expect(manifest.totals()).toEqual(base.totals);
      const files = entries.filter(({ type }) => type === 'file');
      const bytes = files.reduce((sum, { size }) => sum + size, 0) - 'one inode'.length;
      expect(base.totals).toMatchObject({ paths: entries.length, files: files.length, bytes });
    } finally {
      manifest.close();
    }
  });
});
