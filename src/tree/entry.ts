import { constants, lstatSync, readlinkSync } from 'node:fs';
import { getXattr, listXattrs } from '../../scriptlet-sandbox/index.js';
import { onHost, type TreePath } from './path.js';

export type EntryType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'char' | 'block';

/** Everything that lstat(2), readlink(2) and listxattr(2) say of one path of a tree. */
export interface TreeEntry {
  path: TreePath;
  type: EntryType;
  /** Permission bits with set-uid, set-gid and sticky: 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes for a file or a symlink's target, otherwise 0. */
  size: number;
  /** Nanoseconds since the epoch. */
  mtimeNs: bigint;
  /** A symlink's target, one character a byte; otherwise ''. */
  target: string;
  /** The device number of a char or block device, otherwise 0. */
  rdev: number;
  /** Names to values in base64. */
  xattrs: Record<string, string>;
  dev: number;
  ino: number;
  nlink: number;
}

// Named constants, not octal literals: biome's unsafe fix for literal keys reads 0o100000 as a number in base 7.
const TYPES: Record<number, EntryType> = {
  [constants.S_IFREG]: 'file',
  [constants.S_IFDIR]: 'directory',
  [constants.S_IFLNK]: 'symlink',
  [constants.S_IFIFO]: 'fifo',
  [constants.S_IFSOCK]: 'socket',
  [constants.S_IFCHR]: 'char',
  [constants.S_IFBLK]: 'block',
};

/** Reads one path of the tree at `root`; links are not followed. Throws node:fs errors (ENOENT, …). */
export function readEntry(root: string, path: TreePath): TreeEntry {
  const host = onHost(root, path);
  const stat = lstatSync(host, { bigint: true });
  const type = TYPES[Number(stat.mode) & constants.S_IFMT] ?? 'file';
  return {
    path,
    type,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: type === 'file' || type === 'symlink' ? Number(stat.size) : 0,
    mtimeNs: stat.mtimeNs,
    target: type === 'symlink' ? readlinkSync(host, 'latin1') : '',
    rdev: type === 'char' || type === 'block' ? Number(stat.rdev) : 0,
    xattrs: readXattrs(host),
    dev: Number(stat.dev),
    ino: Number(stat.ino),
    nlink: Number(stat.nlink),
  };
}

/** The extended attributes of one path of the host, values in base64, sorted by name. */
export function readXattrs(host: Buffer): Record<string, string> {
  return Object.fromEntries(
    listXattrs(host).map((name) => [name, (getXattr(host, name) ?? Buffer.alloc(0)).toString('base64')]),
  );
}
