import { linkSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { type Change, childOf, folderOf, hostPath } from './changes.js';
import { copyMetadata, copyTimes, keepingTimes } from './metadata.js';
import { inodeKey } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/** Every set of names in a tree that share an inode, found by walking it. */
export function findHardlinkGroups(tree: string): string[][] {
  const byInode = new Map<bigint, string[]>();
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const name of readdirSync(hostPath(tree, folder), 'latin1')) {
      const path = childOf(folder, name);
      const stat = lstatSync(hostPath(tree, path), { bigint: true });
      if (stat.isDirectory()) pending.push(path);
      else if (stat.nlink > 1n) byInode.set(stat.ino, [...(byInode.get(stat.ino) ?? []), path]);
    }
  }
  return [...byInode.values()].filter((group) => group.length > 1);
}

/** Hardlink groups of the tree by the key of their inode. */
export type GroupsByKey = ReadonlyMap<string, readonly string[]>;

export function groupsByKey(tree: string, groups: readonly (readonly string[])[]): GroupsByKey {
  return new Map(groups.map((group) => [inodeKey(hostPath(tree, group[0] ?? '')), group]));
}

/** Paths whose content in the tree, with all below, is hidden by the upper folder. */
export function hiddenPaths(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.filter(({ kind }) => kind !== 'directory').map(({ path }) => path));
}

/** Whether a path, or a folder above it, is hidden. */
export function isHidden(path: string, hidden: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = folderOf(at)) if (hidden.has(at)) return true;
  return false;
}

/** An inode that was written by a name which is gone, while other names of its group are still there. */
export interface Orphan {
  /** The group's inode as overlayfs's index keeps it. */
  inode: string;
  /** The name of the group that stands for the others from now on. */
  name: string;
}

/** An inode that was written, and then lost the name it was written by, lives on under the group's other names. */
export function findOrphans(
  copiedUp: ReadonlyMap<string, string>,
  changes: readonly Change[],
  groups: GroupsByKey,
): Orphan[] {
  const named = new Set(changes.map(({ origin }) => origin?.toString('hex')));
  const hidden = hiddenPaths(changes);
  return [...copiedUp].flatMap(([key, inode]) => {
    const name = groups.get(key)?.find((path) => !isHidden(path, hidden));
    return name === undefined || named.has(key) ? [] : [{ inode, name }];
  });
}

/** Gives an orphan a name in the upper folder, so that it is a change like any other; times of folders stay. */
export function adopt({ tree, upper }: ViewFolders, { inode, name }: Orphan): void {
  const made = ensureFolders({ tree, upper }, folderOf(name));
  keepingTimes(hostPath(upper, folderOf(name)), () => linkSync(inode, hostPath(upper, name)));
  for (const folder of made) copyTimes(hostPath(tree, folder), hostPath(upper, folder));
}

/** Makes the folders of the tree that lead to a path in the upper folder, as the tree has them. Answers those made. */
export function ensureFolders({ tree, upper }: Omit<ViewFolders, 'work'>, folder: string): string[] {
  const to = hostPath(upper, folder);
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return [];
  const above = ensureFolders({ tree, upper }, folderOf(folder));
  keepingTimes(hostPath(upper, folderOf(folder)), () => mkdirSync(to));
  copyMetadata(hostPath(tree, folder), to);
  return [...above, folder];
}
