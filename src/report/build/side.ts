import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { isMark } from '../../../scriptlet-sandbox/index.js';
import type { LayerChange } from '../../layer/index.js';
import { resolveInTree } from '../../rpm/resolve-in-tree.js';
import { findRpmdb, type Rpmdb } from '../../rpm/rpmdb.js';
import { isErrno } from '../../support/errors.js';
import { readEntry, type TreeEntry } from '../../tree/entry.js';
import { lstatIn } from '../../tree/metadata.js';
import { isAtOrBelow, onHost, parentPath, type TreePath } from '../../tree/path.js';

/** A tree to report on: as it is on disk, or with a layer's upper folder over it. */
export interface ReportTree {
  /** The folder of the tree itself, or of what the layer lies over. */
  tree: string;
  /** The layer's upper folder, where the layer is not merged into the tree. */
  upper?: string | undefined;
  /** What the tree's layer changed; without `upper` it serves to tell causes only. */
  changes?: readonly LayerChange[] | undefined;
}

/** An inode of one side: what lstat says of it and in which folder of the host it lies. */
export interface Located {
  entry: TreeEntry;
  root: string;
}

/** One of the two trees that a report compares, made ready to be looked into. */
export interface Side {
  tree: string;
  changes: readonly LayerChange[];
  /** True where `changes` say what lies over the tree. */
  layered: boolean;
  /** Where its rpmdb is, and in which folder of the host. */
  rpmdb: Rpmdb;
  rpmdbRoot: string;
  find(path: TreePath): Located | undefined;
  /** The bytes of a regular file; undefined for anything else. Links are not followed, nor those above it. */
  read(path: TreePath): Buffer | undefined;
}

/** Makes a side to look into. It reads nothing but the paths that it is asked for. Throws E_NO_RPMDB. */
export function makeSide({ tree, upper, changes = [] }: ReportTree): Side {
  const rootOf = upper === undefined ? () => tree : layeredRoot(tree, { upper, changes });
  const rpmdb = findRpmdb(tree);
  const isOwnPath = ownPaths();
  const find = (path: TreePath) => {
    const root = rootOf(path);
    const there = root !== undefined && isOwnPath(root, path) && lstatIn(root, path) !== undefined;
    return there ? { entry: withoutMarks(readEntry(root, path)), root } : undefined;
  };
  return {
    ...{ tree, changes, layered: upper !== undefined, rpmdb, find },
    rpmdbRoot: upper !== undefined && lstatIn(upper, rpmdb.file) ? upper : tree,
    read(path) {
      const found = find(path);
      return found?.entry.type === 'file' ? readUnfollowed(onHost(found.root, path)) : undefined;
    },
  };
}

/** overlayfs's own attributes say nothing of the file. */
function withoutMarks(entry: TreeEntry): TreeEntry {
  const own = Object.entries(entry.xattrs).filter(([name]) => !isMark(name));
  return { ...entry, xattrs: Object.fromEntries(own) };
}

/** Which of the two folders holds a path: what an upper folder removes or replaces hides what is below it. */
function layeredRoot(
  tree: string,
  { upper, changes }: { upper: string; changes: readonly LayerChange[] },
): (path: TreePath) => string | undefined {
  const kinds = new Map(changes.map(({ path, kind }) => [path, kind]));
  const hiding = new Set(changes.filter(({ form }) => form !== 'directory').map(({ path }) => path));
  return (path) => {
    const kind = kinds.get(path);
    if (kind !== undefined) return kind === 'removed' ? undefined : upper;
    return isAtOrBelow(path, hiding) ? undefined : tree;
  };
}

/** A link above a path may lead out of the tree, to files of the host. Folders are looked at once. */
function ownPaths(): (root: string, path: TreePath) => boolean {
  const known = new Map<string, boolean>();
  return (root, path) => {
    const folder = parentPath(path);
    const key = `${root}\0${folder}`;
    const own = known.get(key) ?? (folder === '' || resolveInTree(root, folder) === folder);
    known.set(key, own);
    return own;
  };
}

function readUnfollowed(host: Buffer): Buffer | undefined {
  try {
    const fd = openSync(host, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined;
    throw error;
  }
}
