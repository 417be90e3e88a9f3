import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { setTimes, setXattr } from '../../scriptlet-sandbox/index.js';
import type { Metadata } from '../tree/aspects.js';
import { onHost, type TreePath } from '../tree/path.js';
import { linkAll } from './link.js';
import type { CheckoutOptions, CheckoutSource } from './source.js';

/**
 * Makes `target`, which must not exist, a hardlink copy of a base: folders are new, everything else shares its inode.
 * The base is not read beyond its manifest. The times of folders are left for `finishFolders`, after the merge.
 * Throws node:fs errors; EMLINK (65,000 names of one inode on ext4) among them.
 */
export async function checkOut(
  source: CheckoutSource,
  target: string,
  options: CheckoutOptions = {},
): Promise<void> {
  for (const folder of source.directories()) {
    mkdirSync(onHost(target, folder.path), { mode: 0o700 });
    applyMetadata(onHost(target, folder.path), folder);
  }
  await linkAll(source, target, options);
}

/** Gives a folder owner, mode and extended attributes, in the order in which none undoes another. */
export function applyMetadata(host: Buffer, { uid, gid, mode, xattrs }: Metadata): void {
  if (uid !== 0 || gid !== 0) chownSync(host, uid, gid);
  chmodSync(host, mode);
  for (const [name, value] of Object.entries(xattrs)) {
    if (!name.startsWith('trusted.overlay.')) setXattr(host, name, Buffer.from(value, 'base64'));
  }
}

/**
 * Sets the modification times of all folders, the last thing that is done to a tree: those of the layer as it left
 * them, the others as the base has them, whatever linking and renaming did to them. Folders that are gone are passed over.
 */
export function finishFolders(target: string, base: Iterable<Metadata>, layer: Iterable<Metadata>): void {
  const times = new Map<TreePath, bigint>();
  for (const { path, mtimeNs } of base) times.set(path, mtimeNs);
  for (const { path, mtimeNs } of layer) times.set(path, mtimeNs);
  for (const [path, mtimeNs] of times) {
    const host = onHost(target, path);
    if (lstatSync(host, { throwIfNoEntry: false })?.isDirectory()) setTimes(host, mtimeNs, mtimeNs);
  }
}
