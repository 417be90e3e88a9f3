import { chmodSync, lchownSync, lstatSync } from 'node:fs';
import { isMark, listXattrs, removeXattr, setTimes, setXattr } from '../../scriptlet-sandbox/index.js';
import type { Metadata } from './aspects.js';
import { onHost, parentPath, type TreePath } from './path.js';

/**
 * Gives a file or folder at `root` the owner, mode and extended attributes of an entry. The owner comes first: a change
 * of owner clears set-uid bits and file capabilities. Marks that overlayfs made for itself are left out. Other attributes that are
 * there go: a new folder inherits the default ACL of its parent, which the entry need not have.
 */
export function applyMetadata(root: string, { path, uid, gid, mode, xattrs }: Metadata): void {
  const host = onHost(root, path);
  for (const name of listXattrs(host)) if (!(name in xattrs) && !isMark(name)) removeXattr(host, name);
  // Without root there is but one owner to give; the base was imported as that owner too.
  const now = lstatSync(host);
  if (now.uid !== uid || now.gid !== gid) lchownSync(host, uid, gid);
  chmodSync(host, mode);
  for (const [name, value] of Object.entries(xattrs)) {
    if (!isMark(name)) setXattr(host, name, Buffer.from(value, 'base64'));
  }
}

/** Gives a path at `root` the modification time of an entry; it comes last, as whatever is made in a folder moves it. */
export function applyTime(root: string, { path, mtimeNs }: Pick<Metadata, 'path' | 'mtimeNs'>): void {
  setTimes(onHost(root, path), mtimeNs, mtimeNs);
}

/** The folders above a path, from the root of the tree down. */
export function foldersAbove(path: TreePath): TreePath[] {
  const folders: TreePath[] = [];
  for (let folder = parentPath(path); folder !== ''; folder = parentPath(folder)) folders.unshift(folder);
  return ['' as TreePath, ...folders];
}

/** lstat of a path at `root`, or undefined where there is none: also where a file stands in place of a folder above. */
export function lstatIn(root: string, path: TreePath) {
  try {
    return lstatSync(onHost(root, path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
