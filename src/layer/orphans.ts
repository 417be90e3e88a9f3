import { linkSync, mkdirSync } from 'node:fs';
import { readEntry } from '../tree/entry.js';
import { applyMetadata, applyTime, foldersAbove, lstatIn } from '../tree/metadata.js';
import { onHost, type TreePath } from '../tree/path.js';

/** An inode that was written by a name which is gone, while other names of its group are still there. */
export interface Orphan {
  /** The group's inode as overlayfs's index keeps it. */
  inode: string;
  /** The name of the group that stands for the others from now on. */
  name: TreePath;
}

/** Gives an orphan a name in the upper folder, so that it is a change like any other; times of folders stay. */
export function adopt(tree: string, upper: string, { inode, name }: Orphan): void {
  const folders = foldersAbove(name);
  const [there, lacking] = [true, false].map((wanted) =>
    folders.filter((folder) => (lstatIn(upper, folder) !== undefined) === wanted),
  ) as [TreePath[], TreePath[]];
  const kept = there.map((folder) => readEntry(upper, folder));
  const made = lacking.map((folder) => readEntry(tree, folder));
  for (const entry of made) {
    mkdirSync(onHost(upper, entry.path));
    applyMetadata(upper, entry);
  }
  linkSync(inode, onHost(upper, name));
  for (const entry of [...made.reverse(), ...kept]) applyTime(upper, entry);
}
