import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { getXattr, openByHandle } from './libc.js';
import { markName } from './marks.js';
import { OVL_FB_HEADER } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/** In `struct ovl_fb` (kernel, fs/overlayfs/overlayfs.h): version, magic, length, flags, type. */
const FLAGS_AT = 3;
const TYPE_AT = 4;
const FLAG_PATH_UPPER = 1 << 2;

/**
 * Answers where a folder of a view is in the end, by what `ViewWrite` names it with: a path from the view's root,
 * one character a byte. A folder that was renamed is found at its new place, one that was removed at its place in the
 * tree; undefined where it is nowhere. To be used before renamed folders are filled in, with the view unmounted.
 */
export function folderLocator(view: ViewFolders): (folder: string) => string | undefined {
  const found = new Map<string, string | undefined>();
  return (folder) => {
    if (folder.startsWith('/')) return folder.slice(1);
    if (!found.has(folder)) found.set(folder, locate(view, folder));
    return found.get(folder);
  };
}

/** The handle's own bytes, without what overlayfs puts before them: the form that origin marks are read in. */
export function ownHandle(inode: string): string {
  return inode.slice(2 * OVL_FB_HEADER);
}

/**
 * A folder of the tree has the handle that it has there, also after it was copied up: overlayfs's index leads from it
 * to the folder in `upper` (kernel, overlayfs.rst, "Index directory" and "NFS export").
 */
function locate({ tree, upper, work }: ViewFolders, folder: string): string | undefined {
  const handle = Buffer.from(folder, 'hex');
  if (((handle[FLAGS_AT] ?? 0) & FLAG_PATH_UPPER) !== 0) return pathIn(upper, handle);
  const copiedUp = upperHandle(join(work, 'index', folder));
  return (copiedUp && pathIn(upper, copiedUp)) ?? pathIn(tree, handle);
}

function upperHandle(index: string): Buffer | undefined {
  if (lstatSync(index, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return getXattr(Buffer.from(index), markName('upper'));
}

function pathIn(root: string, handle: Buffer): string | undefined {
  const real = { type: handle[TYPE_AT] ?? 0, bytes: handle.subarray(OVL_FB_HEADER) };
  const path = openByHandle(root, real, (fd) => readlinkSync(`/proc/self/fd/${fd}`, 'latin1'));
  const prefix = realpathSync(root, 'latin1');
  if (path === prefix) return '';
  return path?.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}
