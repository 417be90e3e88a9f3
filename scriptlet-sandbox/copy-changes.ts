import {
  type BigIntStats,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
} from 'node:fs';
import { childOf, folderOf, hostPath } from './changes.js';
import { type CopiedInode, copyLayout, readBaseline } from './copy-view.js';
import { makeWhiteout, setXattr } from './libc.js';
import { inUserNamespace, markName } from './marks.js';
import { copyMetadata, sameMetadata } from './metadata.js';
import { inodeKey, OVL_FB_HEADER } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/**
 * Writes what changed in the copy of a tree into the upper folder, in the form in which overlayfs would have left it:
 * whiteouts, opaque folders, origin marks. An inode of the copy whose change time is still the first one is unchanged;
 * of the others, those with the tree's metadata and content still are the tree's own file.
 */
export function writeCopyChanges(folders: ViewFolders): void {
  for (const name of readdirSync(folders.upper, 'latin1')) {
    rmSync(hostPath(folders.upper, name), { recursive: true });
  }
  new CopyChanges(folders).compareFolder('', true);
}

class CopyChanges {
  private readonly copy: string;
  private readonly baseline: Map<bigint, CopiedInode>;

  constructor(private readonly folders: ViewFolders) {
    this.copy = copyLayout(folders.work).copy;
    this.baseline = readBaseline(folders.work);
  }

  /** `inTree`: whether the tree has this folder at this path, so that what it lacks in the copy was removed. */
  compareFolder(folder: string, inTree: boolean): void {
    const { tree } = this.folders;
    const [from, to] = [hostPath(tree, folder), hostPath(this.copy, folder)];
    if (!inTree || folder === '' || !sameMetadata(from, to) || !sameTime(from, to)) this.bringFolder(folder);
    if (!inTree) setXattr(hostPath(this.folders.upper, folder), markName('opaque'), Buffer.from('y'));
    const names = new Set(readdirSync(to, 'latin1'));
    for (const name of names) this.compare(childOf(folder, name), inTree);
    for (const name of inTree ? readdirSync(from, 'latin1') : []) {
      if (names.has(name)) continue;
      this.bringFolder(folder);
      makeWhiteout(hostPath(this.folders.upper, childOf(folder, name)));
    }
    if (isThere(hostPath(this.folders.upper, folder))) copyMetadata(to, hostPath(this.folders.upper, folder));
  }

  private compare(path: string, inTree: boolean): void {
    const now = lstatSync(hostPath(this.copy, path), { bigint: true });
    const before = inTree ? statOf(hostPath(this.folders.tree, path)) : undefined;
    if (now.isDirectory()) {
      this.compareFolder(path, before?.isDirectory() === true);
      return;
    }
    const origin = this.originOf(now);
    const original = origin === undefined ? undefined : hostPath(this.folders.tree, origin.path);
    const same = origin !== undefined && original !== undefined && this.isOriginal(path, { now, origin });
    if (same && before?.ino === lstatSync(original, { bigint: true }).ino) return;
    this.bringFolder(folderOf(path));
    const to = hostPath(this.folders.upper, path);
    if (same) linkSync(original, to);
    else {
      linkSync(hostPath(this.copy, path), to);
      if (original !== undefined) markOrigin(to, original);
    }
  }

  private originOf({ ino, birthtimeNs }: BigIntStats): CopiedInode | undefined {
    const noted = this.baseline.get(ino);
    return noted?.birthtimeNs === birthtimeNs ? noted : undefined;
  }

  private isOriginal(path: string, { now, origin }: { now: BigIntStats; origin: CopiedInode }): boolean {
    const [copied, original] = [hostPath(this.copy, path), hostPath(this.folders.tree, origin.path)];
    if (now.ctimeNs === origin.ctimeNs) return true;
    return sameMetadata(copied, original) && sameTime(copied, original) && sameContent(copied, original);
  }

  private bringFolder(folder: string): void {
    const to = hostPath(this.folders.upper, folder);
    if (isThere(to)) return;
    this.bringFolder(folderOf(folder));
    mkdirSync(to);
  }
}

/** Symlinks take no `user.*` attribute: without root they go unmarked. */
function markOrigin(path: Buffer, original: Buffer): void {
  if (inUserNamespace() && !lstatSync(path).isFile()) return;
  const mark = Buffer.concat([Buffer.alloc(OVL_FB_HEADER), Buffer.from(inodeKey(original), 'hex')]);
  setXattr(path, markName('origin'), mark);
}

function isThere(path: Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function statOf(path: Buffer): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function sameTime(a: Buffer, b: Buffer): boolean {
  return lstatSync(a, { bigint: true }).mtimeNs === lstatSync(b, { bigint: true }).mtimeNs;
}

/** Compares two paths of the same type and permissions byte by byte. */
function sameContent(a: Buffer, b: Buffer): boolean {
  const [x, y] = [lstatSync(a), lstatSync(b)];
  if (x.isSymbolicLink()) return readlinkSync(a, 'latin1') === readlinkSync(b, 'latin1');
  if (!x.isFile()) return x.rdev === y.rdev;
  return x.size === y.size && sameBytes(a, b);
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  const files = [openSync(a, 'r'), openSync(b, 'r')] as const;
  const chunks = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)] as const;
  try {
    for (;;) {
      const [x, y] = [readSync(files[0], chunks[0]), readSync(files[1], chunks[1])];
      if (x !== y || !chunks[0].subarray(0, x).equals(chunks[1].subarray(0, y))) return false;
      if (x === 0) return true;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
