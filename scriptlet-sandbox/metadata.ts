import { type BigIntStats, chmodSync, lchownSync, lstatSync } from 'node:fs';
import { getXattr, listXattrs, removeXattr, setTimes, setXattr } from './libc.js';
import { isMark } from './marks.js';

/**
 * Gives a file or folder the owner, mode, extended attributes and times of another. The owner comes first, as a change
 * of owner clears set-uid bits and file capabilities; the times last. Marks that overlayfs made for itself stay behind,
 * and what the other lacks goes: an attribute removed from it, or the ACL that a new folder inherits from its parent.
 */
export function copyMetadata(from: Buffer, to: Buffer): void {
  const stat = lstatSync(from, { bigint: true });
  const names = listXattrs(from).filter((name) => !isMark(name));
  for (const name of listXattrs(to)) if (!isMark(name) && !names.includes(name)) removeXattr(to, name);
  lchownSync(to, Number(stat.uid), Number(stat.gid));
  chmodSync(to, Number(stat.mode) & 0o7777);
  for (const name of names) setXattr(to, name, getXattr(from, name) ?? Buffer.alloc(0));
  setTimes(to, stat.atimeNs, stat.mtimeNs);
}

/** Gives a path the times of another. */
export function copyTimes(from: Buffer, to: Buffer): void {
  const { atimeNs, mtimeNs } = lstatSync(from, { bigint: true });
  setTimes(to, atimeNs, mtimeNs);
}

/** Runs something that makes or removes names in a folder, and gives the folder its times back. */
export function keepingTimes(folder: Buffer, action: () => void): void {
  const { atimeNs, mtimeNs } = lstatSync(folder, { bigint: true });
  action();
  setTimes(folder, atimeNs, mtimeNs);
}

/** Whether two paths have the same owner, permissions and extended attributes; times are not looked at. */
export function sameMetadata(a: Buffer, b: Buffer): boolean {
  const [x, y] = [lstatSync(a, { bigint: true }), lstatSync(b, { bigint: true })];
  const own = (stat: BigIntStats) => `${stat.mode} ${stat.uid} ${stat.gid}`;
  return own(x) === own(y) && ownXattrs(a) === ownXattrs(b);
}

function ownXattrs(path: Buffer): string {
  const names = listXattrs(path).filter((name) => !isMark(name));
  return JSON.stringify(names.map((name) => [name, getXattr(path, name)?.toString('base64')]));
}
