import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { VeneerError } from '../support/errors.js';
import { onHost } from '../tree/path.js';
import type { Rpmdb } from './rpmdb.js';

/** Files that SQLite keeps beside a database while it is written, and that stay after a crash. */
export const SIDECARS = ['-wal', '-shm', '-journal'] as const;

/** In SQLite's file header: the versions needed to write and to read the file; 2 in both means write-ahead logging. */
const VERSION_BYTES = [18, 19] as const;
const SQLITE_HEADER_SIZE = 100;
const ROLLBACK_JOURNAL = 1;

/** An rpmdb that is open for reading; `close` also removes what had to be made to open it. */
export interface OpenRpmdb {
  database: Database.Database;
  close(): void;
}

/**
 * Opens a tree's rpmdb (sqlite) for reading. SQLite would recover a database, or make -wal and -shm beside it, when
 * it opens one in such a state: then a copy is opened instead, so that nothing is ever written into the tree.
 * Throws E_RPMDB_BROKEN; errors of later queries are for `explain`.
 */
export function openRpmdb(treeRoot: string, rpmdb: Rpmdb): OpenRpmdb {
  const file = onHost(treeRoot, rpmdb.file).toString();
  try {
    return openWithoutTrace(file);
  } catch (error) {
    throw explain(rpmdb, error);
  }
}

/** Which of SQLite's sidecars stand beside a database, with their sizes in bytes. */
export function sidecarsOf(file: string): { path: string; size: number }[] {
  return SIDECARS.flatMap((suffix) => {
    const found = statSync(file + suffix, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path: file + suffix, size: found.size }];
  });
}

/** Whether a database's own header says that it is written ahead into a -wal; also of a file that is no database. */
export function isWriteAhead(file: string): boolean {
  const header = Buffer.alloc(SQLITE_HEADER_SIZE);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, SQLITE_HEADER_SIZE, 0);
  } finally {
    closeSync(descriptor);
  }
  return VERSION_BYTES.some((at) => (header[at] ?? 0) > ROLLBACK_JOURNAL);
}

/** The error for a database that is damaged. */
export function brokenDatabase({ file }: Rpmdb, reason: string, cause?: unknown): VeneerError {
  return new VeneerError('E_RPMDB_BROKEN', `/${file}: the rpmdb is broken: ${reason}`, {
    hint: 'repair it with `rpmdb --rebuilddb` on the system it comes from, then import that again',
    cause,
  });
}

/** SQLite's errors become E_RPMDB_BROKEN; others are handed on. */
export function explain(rpmdb: Rpmdb, error: unknown): unknown {
  return error instanceof Database.SqliteError ? brokenDatabase(rpmdb, error.message, error) : error;
}

function openWithoutTrace(file: string): OpenRpmdb {
  const sidecars = sidecarsOf(file);
  if (sidecars.some(({ path, size }) => size > 0 && !path.endsWith('-shm'))) return openRecoveredCopy(file);
  if (sidecars.length === 0 && !isWriteAhead(file)) {
    return closing(new Database(file, { readonly: true, fileMustExist: true }));
  }
  const bytes = readFileSync(file);
  for (const at of VERSION_BYTES) bytes[at] = ROLLBACK_JOURNAL;
  return closing(new Database(bytes));
}

function closing(database: Database.Database): OpenRpmdb {
  return { database, close: () => database.close() };
}

/** What a crash left in -wal or -journal belongs to the database: SQLite brings both together in a copy. */
function openRecoveredCopy(file: string): OpenRpmdb {
  const folder = mkdtempSync(join(tmpdir(), 'veneer-rpmdb-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'rpmdb.sqlite');
    copyFileSync(file, copy);
    for (const { path } of sidecarsOf(file)) {
      // A -shm is only an index of the -wal; one made elsewhere would be stale.
      if (!path.endsWith('-shm')) copyFileSync(path, copy + path.slice(file.length));
    }
    const database = new Database(copy);
    database.pragma('journal_mode = DELETE');
    return { database, close: () => [database.close(), removeFolder()] };
  } catch (error) {
    removeFolder();
    throw error;
  }
}
