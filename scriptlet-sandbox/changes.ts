import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { getXattr } from './libc.js';

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
   * For `other`: the tree's inode that this one was copied up from, because it was opened for writing or its
   * metadata was changed *in place* (overlayfs's origin mark); empty where it has the mark but no handle.
   * Undefined: it was newly made, or replaced by rename.
   */
  origin?: Buffer | undefined;
  stat: BigIntStats;
}

/** Reads an upper folder in byte order, parents before what they hold. Source of the marks: kernel, overlayfs.rst. */
export function* readChanges(upper: string): Generator<Change> {
  const pending: Change[] = [{ path: '', kind: 'directory', stat: lstatSync(upper, { bigint: true }) }];
  for (let change = pending.pop(); change !== undefined; change = pending.pop()) {
    yield change;
    if (change.kind !== 'directory' && change.kind !== 'opaque') continue;
    const names = readdirSync(hostPath(upper, change.path), 'latin1').sort().reverse();
    for (const name of names)
      pending.push(classify(upper, change.path === '' ? name : `${change.path}/${name}`));
  }
}

function classify(upper: string, path: string): Change {
  const host = hostPath(upper, path);
  const stat = lstatSync(host, { bigint: true });
  if (stat.isCharacterDevice() && stat.rdev === 0n) return { path, kind: 'removed', stat };
  if (!stat.isDirectory()) return { path, kind: 'other', stat, origin: originHandle(host) };
  const opaque = getXattr(host, 'trusted.overlay.opaque')?.toString() === 'y';
  return { path, kind: opaque ? 'opaque' : 'directory', stat };
}

/** The file handle inside an origin mark: struct ovl_fb has 21 bytes before it (version, magic, len, flags, type, uuid). */
function originHandle(host: Buffer): Buffer | undefined {
  const OVL_FB_HEADER = 21;
  return getXattr(host, 'trusted.overlay.origin')?.subarray(OVL_FB_HEADER);
}

function hostPath(upper: string, path: string): Buffer {
  return path === ''
    ? Buffer.from(upper)
    : Buffer.concat([Buffer.from(`${upper}/`), Buffer.from(path, 'latin1')]);
}
