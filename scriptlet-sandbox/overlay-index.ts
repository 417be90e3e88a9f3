import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { fileHandle } from './libc.js';

/** `struct ovl_fb`, version, magic, length, flags, type and uuid, stands before the handle in marks and in the index. */
export const OVL_FB_HEADER = 21;

/**
 * The inodes that overlayfs copied up from inodes of the tree, by the key of the tree's inode. With
 * `index=on` each that is hardlinked is kept in the work folder, also when the name that was written is gone from the
 * upper folder and only names of the tree still lead to it; with `nfs_export=on` every other one is as well. Folders
 * are left out, and what was removed. Source: kernel, overlayfs.rst, "Index directory".
 */
export function copiedUpInodes(work: string): Map<string, string> {
  const folder = join(work, 'index');
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return new Map();
  const entries = readdirSync(folder).map(
    (name) => [name.slice(2 * OVL_FB_HEADER), join(folder, name)] as const,
  );
  return new Map(entries.filter(([, inode]) => isCopiedUp(lstatSync(inode))));
}

/** The index has a folder for each folder, which only refers to it, and a whiteout for what was removed. */
function isCopiedUp(stat: Stats): boolean {
  return !stat.isDirectory() && !stat.isCharacterDevice();
}

/**
 * What an origin mark and the index know an inode of the tree by: the kernel's handle of it, in hex. Where the file
 * system has no handles, the inode's number: marks of our own are made with that, and the kernel's are empty.
 */
export function inodeKey(path: Buffer): string {
  const number = () => lstatSync(path, { bigint: true }).ino.toString(16).padStart(16, '0');
  return fileHandle(path)?.bytes.toString('hex') ?? number();
}
