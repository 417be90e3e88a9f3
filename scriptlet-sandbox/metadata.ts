import { chmodSync, lchownSync, lstatSync } from 'node:fs';
import { getXattr, listXattrs, setTimes, setXattr } from './libc.js';

/**
 * Gives a file or folder the owner, mode, extended attributes and times of another. The owner comes first, as a change
 * of owner clears set-uid bits and file capabilities; the times last. Marks that overlayfs made for itself stay behind.
 */
export function copyMetadata(from: Buffer, to: Buffer): void {
  const stat = lstatSync(from, { bigint: true });
  lchownSync(to, Number(stat.uid), Number(stat.gid));
  chmodSync(to, Number(stat.mode) & 0o7777);
  for (const name of listXattrs(from)) {
    if (!name.startsWith('trusted.overlay.')) setXattr(to, name, getXattr(from, name) ?? Buffer.alloc(0));
  }
  setTimes(to, stat.atimeNs, stat.mtimeNs);
}
