import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { childOf, folderOf, hostPath } from './changes.js';
import type { TreeChange } from './collect.js';
import { copyMetadata, copyTimes } from './metadata.js';

/** A path of an upper folder, as the merge needs it. */
export type MergeChange = Pick<TreeChange, 'path' | 'form'>;

/**
 * Brings an upper folder into a tree on the same file system. Every changed file replaces what is there by link +
 * rename of the upper folder's own inode: no inode of the tree is ever opened, so what shares it elsewhere cannot
 * change, and a crash leaves whole files. Answers the folders of the upper folder, whose times were moved again by
 * what was put into them after. Throws node:fs errors.
 */
export function mergeChanges(upper: string, target: string, changes: Iterable<MergeChange>): string[] {
  const folders: string[] = [];
  for (const { path, form } of changes) {
    if (form === 'removed') removePath(target, path);
    else if (form === 'other') placeFile(hostPath(upper, path), target, path);
    else {
      mergeFolder(upper, target, { path, opaque: form === 'opaque' });
      folders.push(path);
    }
  }
  return folders;
}

/** Merges an upper folder into the very tree that it was made over, folder times included. */
export function applyChanges(upper: string, tree: string, changes: readonly MergeChange[]): void {
  const folders = mergeChanges(upper, tree, changes);
  for (const folder of folders.toReversed()) copyTimes(hostPath(upper, folder), hostPath(tree, folder));
}

function mergeFolder(upper: string, target: string, folder: { path: string; opaque: boolean }): void {
  const host = hostPath(target, folder.path);
  const there = lstatSync(host, { throwIfNoEntry: false });
  if (there !== undefined && (folder.opaque || !there.isDirectory())) removePath(target, folder.path);
  if (lstatSync(host, { throwIfNoEntry: false }) === undefined) mkdirSync(host, { mode: 0o700 });
  copyMetadata(hostPath(upper, folder.path), host);
}

/** rename(2) does nothing where both names are one inode already, hence the unlink of what may be left. */
function placeFile(source: Buffer, target: string, path: string): void {
  const host = hostPath(target, path);
  if (lstatSync(host, { throwIfNoEntry: false })?.isDirectory()) removePath(target, path);
  const temporary = hostPath(target, childOf(folderOf(path), '.veneer-merge'));
  // One that a killed merge left would be in the way for ever.
  rmSync(temporary, { force: true });
  linkSync(source, temporary);
  renameSync(temporary, host);
  if (lstatSync(temporary, { throwIfNoEntry: false }) !== undefined) unlinkSync(temporary);
}

/** Removes a path of a tree with all below it. Nothing happens where it is not there. */
function removePath(root: string, path: string): void {
  const host = hostPath(root, path);
  const stat = lstatSync(host, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(host, 'latin1')) removePath(root, childOf(path, name));
    rmdirSync(host);
  } else unlinkSync(host);
}
