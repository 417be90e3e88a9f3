import { lstatSync } from 'node:fs';
import { isErrno, VeneerError } from '../support/errors.js';
import { onHost, type TreePath, treePath } from '../tree/path.js';
import { resolveInTree } from './resolve-in-tree.js';

export type RpmdbBackend = 'sqlite' | 'ndb' | 'bdb';

/** Where a tree keeps its rpmdb. */
export interface Rpmdb {
  /** The real folder: no part of it is a symlink. */
  folder: TreePath;
  /** The database itself, inside that folder. */
  file: TreePath;
  backend: RpmdbBackend;
}

/** Fedora and SUSE's place first, then the classic one, then rpm-ostree's; most trees link them to one another. */
const FOLDERS = ['usr/lib/sysimage/rpm', 'var/lib/rpm', 'usr/share/rpm'].map(treePath);

/** The name each backend gives its database (lib/backend/*.c); a converted folder may still hold the older ones. */
const DATABASES: readonly (readonly [RpmdbBackend, string])[] = [
  ['sqlite', 'rpmdb.sqlite'],
  ['ndb', 'Packages.db'],
  ['bdb', 'Packages'],
];

/**
 * Finds the rpmdb of a tree; symlinks are followed inside the tree, never out of it.
 * Throws E_NO_RPMDB where there is none and E_RPMDB_BROKEN where the database is no regular file.
 */
export function findRpmdb(treeRoot: string): Rpmdb {
  for (const candidate of FOLDERS) {
    const folder = resolveInTree(treeRoot, candidate);
    const found = folder === undefined ? undefined : databaseIn(treeRoot, folder);
    if (found !== undefined) return found;
  }
  throw new VeneerError('E_NO_RPMDB', `${treeRoot}: has no rpmdb`, {
    lines: FOLDERS.map((folder) => `looked in /${folder}`),
    hint: 'packages can only be layered on a tree whose own packages are recorded by rpm',
  });
}

/** Throws E_RPMDB_UNSUPPORTED for a database that librpm of this host cannot write: anything but sqlite. */
export function requireWritable({ backend, file }: Rpmdb): void {
  if (backend === 'sqlite') return;
  throw new VeneerError(
    'E_RPMDB_UNSUPPORTED',
    `/${file}: is an rpmdb of the ${backend} kind, which librpm of this host cannot write`,
    { hint: 'convert it with `rpmdb --rebuilddb --define "_db_backend sqlite"` on the system it comes from' },
  );
}

function databaseIn(treeRoot: string, folder: TreePath): Rpmdb | undefined {
  for (const [backend, name] of DATABASES) {
    const file = `${folder}/${name}` as TreePath;
    const isRegular = regularFile(treeRoot, file);
    if (isRegular) return { folder, file, backend };
    if (isRegular === false) {
      // A link would lead rpm, and this program, to another file than the one that is copied and checked.
      throw new VeneerError('E_RPMDB_BROKEN', `/${file}: the rpmdb is not a regular file`);
    }
  }
  return undefined;
}

/** Undefined where there is nothing of that name. */
function regularFile(treeRoot: string, path: TreePath): boolean | undefined {
  try {
    return lstatSync(onHost(treeRoot, path)).isFile();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
