import { linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { readEntry, type TreeEntry } from '../tree/entry.js';
import { applyMetadata, lstatIn } from '../tree/metadata.js';
import { childPath, onHost, parentPath, type TreePath } from '../tree/path.js';

/** A path of a layer, as the merge needs it: overlayfs's meaning, and the other names of its inode. */
export interface MergeChange {
  path: TreePath;
  form: 'removed' | 'directory' | 'opaque' | 'other';
  alsoNamed: readonly TreePath[];
}

/**
 * Brings a layer's upper folder into a fresh checkout. Every changed file replaces the hardlink by link + rename of
 * the layer's own inode: no shared inode is ever opened, so the base cannot change and a crash leaves whole files.
 * Answers the folders of the upper folder, whose times come last. Throws node:fs errors.
 */
export function mergeLayer(upper: string, target: string, changes: Iterable<MergeChange>): TreeEntry[] {
  const folders: TreeEntry[] = [];
  for (const { path, form, alsoNamed } of changes) {
    if (form === 'removed') removeTree(target, path);
    else if (form === 'other') {
      for (const name of [path, ...alsoNamed]) placeFile(onHost(upper, path), target, name);
    } else folders.push(mergeFolder(upper, target, { path, opaque: form === 'opaque' }));
  }
  return folders;
}

function mergeFolder(upper: string, target: string, folder: { path: TreePath; opaque: boolean }): TreeEntry {
  const host = onHost(target, folder.path);
  const there = lstatSync(host, { throwIfNoEntry: false });
  if (there !== undefined && (folder.opaque || !there.isDirectory())) removeTree(target, folder.path);
  if (lstatSync(host, { throwIfNoEntry: false }) === undefined) mkdirSync(host, { mode: 0o700 });
  const entry = readEntry(upper, folder.path);
  applyMetadata(target, entry);
  return entry;
}

/** rename(2) does nothing where both names are one inode already, hence the unlink of what may be left. */
function placeFile(source: Buffer, target: string, path: TreePath): void {
  const host = onHost(target, path);
  if (lstatSync(host, { throwIfNoEntry: false })?.isDirectory()) removeTree(target, path);
  const temporary = onHost(target, childPath(parentPath(path), Buffer.from('.veneer-merge')));
  linkSync(source, temporary);
  renameSync(temporary, host);
  if (lstatSync(temporary, { throwIfNoEntry: false }) !== undefined) unlinkSync(temporary);
}

/** Removes a path of a tree with all below it; names are bytes. Nothing happens where it is not there. */
export function removeTree(root: string, path: TreePath): void {
  const host = onHost(root, path);
  const stat = lstatIn(root, path);
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(host, { encoding: 'buffer' })) removeTree(root, childPath(path, name));
    rmdirSync(host);
  } else unlinkSync(host);
}
