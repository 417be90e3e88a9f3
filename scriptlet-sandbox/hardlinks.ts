import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync } from 'node:fs';
import { type Change, folderOf, hostPath, readChanges } from './changes.js';
import { copyMetadata, keepingTimes } from './metadata.js';
import { inodeKey } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/** Every set of names in a tree that share an inode, found by find(1), which goes deeper than PATH_MAX as well. */
export function findHardlinkGroups(tree: string): string[][] {
  const args = [tree, '-links', '+1', '!', '-type', 'd', '-printf', '%i %P\\0'];
  const found = execFileSync('find', args, { maxBuffer: Number.POSITIVE_INFINITY }).toString('latin1');
  const byInode = new Map<string, string[]>();
  for (const line of found.split('\0').filter(Boolean)) {
    const [inode, path] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    const group = byInode.get(inode);
    if (group === undefined) byInode.set(inode, [path]);
    else group.push(path);
  }
  return [...byInode.values()].filter((group) => group.length > 1);
}

/** Hardlink groups of the tree by the key of their inode. */
export type GroupsByKey = ReadonlyMap<string, readonly string[]>;

export function groupsByKey(tree: string, groups: readonly (readonly string[])[]): GroupsByKey {
  return new Map(groups.map((group) => [inodeKey(hostPath(tree, group[0] ?? '')), group]));
}

/** A name of a hardlink group of the tree that a run left alone, while it wrote the group's inode by another. */
export interface LeftName {
  name: string;
  /** The written inode: by its name in the upper folder, or where that is gone, as overlayfs's index keeps it. */
  inode: Buffer | string;
}

/** Names that must get the new inode as well, or their hardlink groups would fall apart. */
export function findLeftNames(
  upper: string,
  changes: readonly Change[],
  { groups, copiedUp }: { groups: GroupsByKey; copiedUp: ReadonlyMap<string, string> },
): LeftName[] {
  const inodes = new Map<string, Buffer | string>(copiedUp);
  for (const { path, origin } of changes) {
    // Without file handles overlayfs leaves its mark empty: it says that a file was copied up, and not from which.
    if (origin !== undefined && origin.length > 0) inodes.set(origin.toString('hex'), hostPath(upper, path));
  }
  const hidden = hiddenPaths(changes);
  return [...inodes].flatMap(([key, inode]) => {
    const names = groups.get(key)?.filter((name) => !isHidden(name, hidden)) ?? [];
    return names.map((name) => ({ name, inode }));
  });
}

/** Paths whose content in the tree, with all below, is hidden by the upper folder. */
function hiddenPaths(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.filter(({ kind }) => kind !== 'directory').map(({ path }) => path));
}

/** Whether a path, or a folder above it, is hidden. */
function isHidden(path: string, hidden: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = folderOf(at)) if (hidden.has(at)) return true;
  return false;
}

/**
 * A name of the tree's hardlink groups that an upper folder changes, removes or hides. Without root overlayfs copies
 * each name of a written inode by itself and leaves no mark that tells a written name from a replaced one: what
 * became of the others is not to be known then.
 */
export function findTouchedName(upper: string, groups: readonly (readonly string[])[]): string | undefined {
  const hidden = hiddenPaths([...readChanges(upper)]);
  return groups.flat().find((name) => isHidden(name, hidden));
}

/** Gives a written inode another of its names in the upper folder; times of folders stay. */
export function addName({ tree, upper }: ViewFolders, { inode, name }: LeftName): void {
  ensureFolders({ tree, upper }, folderOf(name));
  keepingTimes(hostPath(upper, folderOf(name)), () => linkSync(inode, hostPath(upper, name)));
}

/** Makes the folders of the tree that lead to a path in the upper folder, as the tree has them. */
function ensureFolders({ tree, upper }: Omit<ViewFolders, 'work'>, folder: string): void {
  const to = hostPath(upper, folder);
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return;
  ensureFolders({ tree, upper }, folderOf(folder));
  keepingTimes(hostPath(upper, folderOf(folder)), () => mkdirSync(to));
  copyMetadata(hostPath(tree, folder), to);
}
