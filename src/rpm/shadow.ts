import { constants, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isErrno, VeneerError } from '../support/errors.js';
import { readEntry, type TreeEntry } from '../tree/entry.js';
import { applyMetadata, applyTime, foldersAbove } from '../tree/metadata.js';
import { onHost } from '../tree/path.js';
import { findRpmdb, type Rpmdb, requireWritable } from './rpmdb.js';
import { brokenDatabase, explain, isWriteAhead, openRpmdb, sidecarsOf } from './rpmdb-database.js';

/**
 * Puts a private copy of the base's rpmdb into the upper folder of a view, at the same place, for rpm to write into.
 * The folders above it, `upper` itself included, get the base's mode, owner, xattrs and mtime: they stand for the
 * base's own in the view. Nothing is written into the base. Throws E_RPMDB_UNSUPPORTED and E_RPMDB_BROKEN.
 */
export function makeShadow(baseTree: string, rpmdb: Rpmdb, upper: string): void {
  requireWritable(rpmdb);
  refuseSidecars(baseTree, rpmdb);
  const folders = foldersAbove(rpmdb.file).map((folder) => readEntry(baseTree, folder));
  for (const folder of folders) makeFolder(upper, folder);
  copyDatabase(baseTree, rpmdb, onHost(upper, rpmdb.file).toString());
  applyMetadata(upper, readEntry(baseTree, rpmdb.file));
  // Only now, and the deepest first: whatever is made in a folder moves the folder's mtime.
  for (const folder of folders.reverse()) applyTime(upper, folder);
}

/**
 * Ends the writing of a shadow rpmdb: what is in its -wal goes into the database, no -wal or -shm stays, and the
 * database is whole. Throws E_RPMDB_BROKEN where it is not. `tree` is the upper folder, or any tree that is private.
 */
export function sealShadow(tree: string, rpmdb: Rpmdb = findRpmdb(tree)): void {
  try {
    leaveWriteAhead(onHost(tree, rpmdb.file).toString(), (database) => {
      // All but the agreement of indexes with tables, which costs as much as reading everything twice.
      const problem = database.pragma('quick_check(1)', { simple: true });
      if (problem !== 'ok') throw brokenDatabase(rpmdb, String(problem));
    });
  } catch (error) {
    throw explain(rpmdb, error);
  }
}

/**
 * Brings the rpmdb of a tree that was just imported into the one state in which it can be read on a read-only mount:
 * no write-ahead log, nothing beside it. A database that is in that state, or of another backend, is not touched.
 * The times of the file and its folder stay as they were. Throws E_NO_RPMDB and E_RPMDB_BROKEN.
 */
export function normalizeRpmdb(tree: string, rpmdb: Rpmdb = findRpmdb(tree)): void {
  if (rpmdb.backend !== 'sqlite') return;
  const file = onHost(tree, rpmdb.file).toString();
  if (sidecarsOf(file).length === 0 && !isWriteAhead(file)) return;
  const touched = [readEntry(tree, rpmdb.file), readEntry(tree, rpmdb.folder)];
  sealShadow(tree, rpmdb);
  for (const entry of touched) applyTime(tree, entry);
}

/** In the view, what the base has beside its rpmdb would be taken for the shadow's, and corrupt it. */
function refuseSidecars(baseTree: string, rpmdb: Rpmdb): void {
  const [sidecar] = sidecarsOf(onHost(baseTree, rpmdb.file).toString());
  if (sidecar === undefined) return;
  throw new VeneerError(
    'E_RPMDB_BROKEN',
    `${sidecar.path}: was left beside the rpmdb by a program that died`,
    {
      hint: 'import the base again: that brings its rpmdb in order',
    },
  );
}

function makeFolder(upper: string, base: TreeEntry): void {
  try {
    mkdirSync(onHost(upper, base.path));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  applyMetadata(upper, base);
}

/**
 * A plain copy is what SQLite's online backup would make, at a tenth of its cost: nobody writes into a base, its rpmdb
 * has no write-ahead log, and nothing lies beside it. It is opened before, as what is no database must be told as such.
 */
function copyDatabase(baseTree: string, rpmdb: Rpmdb, copy: string): void {
  const { database, close } = openRpmdb(baseTree, rpmdb);
  try {
    database.pragma('schema_version');
  } catch (error) {
    throw explain(rpmdb, error);
  } finally {
    close();
  }
  copyFileSync(onHost(baseTree, rpmdb.file), copy, constants.COPYFILE_FICLONE);
}

/** SQLite leaves -wal and -shm to the last connection that closes; to leave the mode removes them and frees the file. */
function leaveWriteAhead(file: string, check: (database: Database.Database) => void): void {
  const database = new Database(file, { fileMustExist: true });
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.pragma('journal_mode = DELETE');
    check(database);
  } finally {
    database.close();
  }
  // What is still there belongs to no connection: rpm was killed between creating and using it.
  for (const { path } of sidecarsOf(file)) rmSync(path);
}
