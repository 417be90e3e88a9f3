import { type BigIntStats, lstatSync, readdirSync, type Stats } from 'node:fs';
import { getXattr } from './libc.js';
import { markName } from './marks.js';
import { OVL_FB_HEADER } from './overlay-index.js';

export type ChangeKind = 'removed' | 'directory' | 'opaque' | 'other';

/** One path of an upper folder, as overlayfs means it. */
export interface Change {
  /** Relative to the root of the view, bytes as latin1 characters; '' is the root itself. */
  path: string;
  /**
   * `removed`: a whiteout, the tree's path is gone. `directory`: a folder that is merged with the tree's of that
   * name. `opaque`: a folder that hides all that the tree has there. `other`: a file, link, fifo, socket or device.
   */
  kind: ChangeKind;
  /**
   * For `directory`: the path of the tree's folder whose content shows through, should the tree have it. Not its own
   * path where the folder, or one above it, was renamed; undefined where one above it is new or hides the tree's.
   */
  mergedWith?: string | undefined;
  /** For `directory`: true where it carries the redirect that a rename left. */
  redirected?: boolean;
  /**
   * For `other`: the tree's inode that this one was copied up from, because it was opened for writing or its
   * metadata was changed *in place* (overlayfs's origin mark); empty where it has the mark but no handle.
   * Undefined: it was newly made, or replaced by rename.
   */
  origin?: Buffer | undefined;
  stat: BigIntStats;
}

/** Reads an upper folder in byte order, parents before what they hold. Source of the marks: kernel, overlayfs.rst. */
export function* readChanges(upper: string): Generator<Change> {
  const root: Change = {
    path: '',
    kind: 'directory',
    mergedWith: '',
    stat: lstatSync(upper, { bigint: true }),
  };
  const pending = [root];
  for (let change = pending.pop(); change !== undefined; change = pending.pop()) {
    yield change;
    if (change.kind !== 'directory' && change.kind !== 'opaque') continue;
    const names = readdirSync(hostPath(upper, change.path), 'latin1').sort().reverse();
    for (const name of names) pending.push(classify(upper, change, name));
  }
}

function classify(upper: string, parent: Change, name: string): Change {
  const path = childOf(parent.path, name);
  const host = hostPath(upper, path);
  const stat = lstatSync(host, { bigint: true });
  if (isWhiteout(stat)) return { path, kind: 'removed', stat };
  if (!stat.isDirectory()) return { path, kind: 'other', stat, origin: originHandle(host) };
  if (getXattr(host, markName('opaque'))?.toString() === 'y') return { path, kind: 'opaque', stat };
  const redirect = getXattr(host, markName('redirect'))?.toString('latin1');
  const mergedWith = mergedPath(parent.mergedWith, redirect ?? name);
  return { path, kind: 'directory', stat, mergedWith, redirected: redirect !== undefined };
}

/** A redirect is a path from the tree's root, or a name in the folder that the parent is merged with. */
function mergedPath(parent: string | undefined, redirect: string): string | undefined {
  if (redirect.startsWith('/')) return redirect.slice(1);
  return parent === undefined ? undefined : childOf(parent, redirect);
}

/** overlayfs marks a removed path by a character device with the number 0:0. */
export function isWhiteout(stat: Stats | BigIntStats): boolean {
  return stat.isCharacterDevice() && Number(stat.rdev) === 0;
}

/** The file handle inside an origin mark. */
function originHandle(host: Buffer): Buffer | undefined {
  return getXattr(host, markName('origin'))?.subarray(OVL_FB_HEADER);
}

/** The path of a name in a folder of a tree. */
export function childOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The path of the folder that holds a path; the root's is the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The bytes of a path of an upper folder or tree, given with one character a byte, on the host. */
export function hostPath(root: string, path: string): Buffer {
  return path === ''
    ? Buffer.from(root)
    : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}
