import { linkSync, lstatSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { type Change, folderOf, hostPath, isWhiteout, readChanges } from './changes.js';
import { removeXattr, setTimes, setXattr } from './libc.js';
import { markName } from './marks.js';
import { copyMetadata } from './metadata.js';
import { copiedUpInodes, inodeKey } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/**
 * Fills in each folder of the tree that was renamed, so that no mark in the upper folder points elsewhere: overlayfs
 * records such a rename as a folder with a *redirect* to where its content still lies in the tree. Its files are
 * linked, not copied, from the tree (or from what they were copied up to), its folders made anew, and it becomes
 * opaque. Costs in proportion to what was renamed. The upper folder must be on the tree's file system. Answers how
 * many folders were filled.
 */
export function fillMovedFolders(view: ViewFolders): number {
  const moved = movedFolders(readChanges(view.upper));
  if (moved.length === 0) return 0;
  const copiedUp = copiedUpInodes(view.work);
  const source = (path: Buffer) => copiedUp.get(inodeKey(path)) ?? path;
  for (const folder of moved) fill(view, folder, source);
  return moved.length;
}

/** Folders that are merged with another place of the tree than their own, or whose own place is hidden from above. */
function movedFolders(changes: Iterable<Change>): Change[] {
  const detached = new Set<string>();
  const moved: Change[] = [];
  for (const change of changes) {
    const { path, kind, mergedWith } = change;
    const below = detached.has(folderOf(path));
    if (kind === 'opaque') detached.add(path);
    else if (kind === 'directory' && (below || mergedWith !== path)) {
      detached.add(path);
      if (mergedWith !== undefined) moved.push(change);
    }
  }
  return moved;
}

function fill({ tree, upper }: ViewFolders, folder: Change, source: Source): void {
  const to = hostPath(upper, folder.path);
  const from = hostPath(tree, folder.mergedWith ?? '');
  const there = new Set(readdirSync(to, 'latin1'));
  for (const name of namesIn(from)) if (!there.has(name)) bring(below(from, name), below(to, name), source);
  for (const name of there) if (isWhiteout(lstatSync(below(to, name)))) unlinkSync(below(to, name));
  if (folder.redirected) removeXattr(to, markName('redirect'));
  setXattr(to, markName('opaque'), Buffer.from('y'));
  setTimes(to, folder.stat.atimeNs, folder.stat.mtimeNs);
}

/** Where the inode of a path of the tree is now. */
type Source = (path: Buffer) => Buffer | string;

function bring(from: Buffer, to: Buffer, source: Source): void {
  if (!lstatSync(from).isDirectory()) {
    linkSync(source(from), to);
    return;
  }
  mkdirSync(to);
  for (const name of namesIn(from)) bring(below(from, name), below(to, name), source);
  copyMetadata(from, to);
}

function namesIn(folder: Buffer): string[] {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder, 'latin1') : [];
}

function below(folder: Buffer, name: string): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), Buffer.from(name, 'latin1')]);
}
