import { expect } from 'vitest';
import { digestFiles } from '../../src/tree/digest.js';
import { displayPath } from '../../src/tree/path.js';
import { walk } from '../../src/tree/walk.js';

/** Everything of a tree that promise 1 says never changes: one line for each path, its inode number included. */
export type Snapshot = Map<string, string>;

/**
 * Reads every inode of a tree and, unless told otherwise, every byte. Link count and ctime are left out: checkouts
 * move them.
 */
export async function snapshot(tree: string, { bytes = true } = {}): Promise<Snapshot> {
  const entries = [...walk(tree)];
  const files = entries.filter(({ type }) => bytes && type === 'file').map(({ path }) => path);
  const digests = await digestFiles(tree, files);
  return new Map(
    entries.map(({ path, dev: _dev, nlink: _nlink, mtimeNs, ...rest }) => [
      displayPath(path),
      JSON.stringify({ ...rest, path: '', mtimeNs: String(mtimeNs), sha256: digests.get(path) ?? '' }),
    ]),
  );
}

/** Fails with the paths that changed when a tree is not inode by inode what it was. */
export function expectUnchanged(before: Snapshot, after: Snapshot): void {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const changed = paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({ path, before: before.get(path), after: after.get(path) }));
  expect(changed, 'the base has changed').toEqual([]);
}

/** Runs work on a sysroot and fails when it leaves the base's tree otherwise than it was. */
export async function keepingUnchanged<T>(baseTree: string, work: () => Promise<T>): Promise<T> {
  const before = await snapshot(baseTree);
  const result = await work();
  expectUnchanged(before, await snapshot(baseTree));
  return result;
}
