import { type MergeChange, mergeChanges } from '../../scriptlet-sandbox/index.js';
import { readEntry, type TreeEntry } from '../tree/entry.js';
import type { TreePath } from '../tree/path.js';

export type { MergeChange } from '../../scriptlet-sandbox/index.js';

/**
 * Brings a layer's upper folder into a fresh checkout. Every changed file replaces the hardlink by link + rename of
 * the layer's own inode: no shared inode is ever opened, so the base cannot change and a crash leaves whole files.
 * Answers the folders of the upper folder, whose times come last. Throws node:fs errors.
 */
export function mergeLayer(upper: string, target: string, changes: Iterable<MergeChange>): TreeEntry[] {
  return mergeChanges(upper, target, changes).map((path) => readEntry(upper, path as TreePath));
}
