import { mkdirSync } from 'node:fs';
import type { Metadata } from '../tree/aspects.js';
import { applyMetadata, applyTime, lstatIn } from '../tree/metadata.js';
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
    applyMetadata(target, folder);
  }
  await linkAll(source, target, options);
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
    if (lstatIn(target, path)?.isDirectory()) applyTime(target, { path, mtimeNs });
  }
}
