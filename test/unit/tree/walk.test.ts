import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntry } from '../../../src/tree/entry.js';
import { treePath } from '../../../src/tree/path.js';
import { walk } from '../../../src/tree/walk.js';
import { CAP_NET_RAW, makeTree, RICH_TREE } from '../../helpers/tree.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veneer-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('walk', () => {
  it('yields every path once, in the byte order of whole paths, the root first', async () => {
    await makeTree(root, RICH_TREE);
    const paths = [...walk(root)].map(({ path }) => path);
    const byBytes = [...paths].sort((a, b) =>
      Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')),
    );
    expect(paths).toEqual(byBytes);
    expect(paths[0]).toBe('');
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toEqual(expect.arrayContaining(Object.keys(RICH_TREE)));
    expect(paths.indexOf(treePath('usr/lib-exec'))).toBeLessThan(paths.indexOf(treePath('usr/lib/link')));
  });

  it('starts at a path of the tree when told to', async () => {
    await makeTree(root, RICH_TREE);
    const paths = [...walk(root, { from: treePath('usr/lib') })].map(({ path }) => path);
    expect(paths).toEqual(['usr/lib', 'usr/lib/link', 'usr/lib/link2']);
    expect([...walk(root, { from: treePath('usr/bin/su') })]).toHaveLength(1);
  });

  it('goes down deeper than calls can be nested', () => {
    const deep = Array.from({ length: 1500 }, () => 'd').join('/');
    mkdirSync(join(root, deep), { recursive: true });
    expect([...walk(root)]).toHaveLength(1501);
  });

  it('does not follow links', async () => {
    await makeTree(root, { here: { symlink: '/usr' }, loop: { symlink: '.' } });
    expect([...walk(root)].map(({ path, type }) => `${path} ${type}`)).toEqual([
      ' directory',
      'here symlink',
      'loop symlink',
    ]);
  });
});

describe('readEntry', () => {
  it('tells every type, mode bits, nanoseconds, capabilities and links', async () => {
    await makeTree(root, RICH_TREE);
    const read = (path: string) => readEntry(root, treePath(path));
    expect(read('')).toMatchObject({
      type: 'directory',
      mode: 0o751,
      mtimeNs: 1_500_000_000_000_000_001n,
      size: 0,
    });
    expect(read('usr/bin/su')).toMatchObject({ type: 'file', mode: 0o4755, size: 2 });
    expect(read('usr/bin/ping').xattrs).toEqual({ 'security.capability': CAP_NET_RAW.toString('base64') });
    expect(read('usr/lib/link')).toMatchObject({ type: 'symlink', target: 'libx.so.1', nlink: 2 });
    expect(read('run/fifo').type).toBe('fifo');
    expect(read('old/file').mtimeNs).toBe(-1_500_000_000n);
    expect(readEntry('/dev', treePath('null'))).toMatchObject({ type: 'char', rdev: 0x103 });
  });
});
