import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { folderOf, hostPath } from './changes.js';
import { writeCopyChanges } from './copy-changes.js';
import { normaliseFuseMarks } from './fuse-overlayfs.js';
import { keepingTimes } from './metadata.js';
import { fillMovedFolders } from './moved.js';
import type { ViewFolders, ViewKind } from './spec.js';

/** What is left to put right after a run. */
export interface Unsettled extends ViewFolders {
  kind: ViewKind;
  /** Mount points that the tree lacked, as the run told. */
  madeMountPoints: readonly string[];
}

/**
 * Brings the upper folder of a finished run into one form, whatever the view was: that of overlayfs, without a mount
 * point that the sandbox made for itself, and without a folder that shows another place of the tree.
 */
export function settleUpper({ kind, madeMountPoints, ...folders }: Unsettled): void {
  if (kind === 'copy') writeCopyChanges(folders);
  if (kind === 'fuse-overlayfs') normaliseFuseMarks(folders);
  if (kind === 'overlay') fillMovedFolders(folders);
  for (const path of madeMountPoints.toReversed()) removeMountPoint(folders.upper, path);
}

/** What has come to lie in it belongs to the run: then it stays. */
function removeMountPoint(upper: string, path: string): void {
  const host = hostPath(upper, path);
  const parent = hostPath(upper, folderOf(path));
  const stat = lstatSync(host, { throwIfNoEntry: false });
  if (stat === undefined) return;
  keepingTimes(parent, () => {
    try {
      if (stat.isDirectory()) rmdirSync(host);
      else if (stat.isFile() && stat.size === 0) unlinkSync(host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  });
}
