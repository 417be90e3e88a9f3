import Database from 'better-sqlite3';
import { VeneerError } from '../support/errors.js';
import type { TreePath } from '../tree/path.js';
import type { ManifestEntry } from './manifest-entry.js';
import { fromRow, INSERT, type Row, SCHEMA, toPath, toValues } from './manifest-rows.js';

/** What a base holds, counted. */
export interface Totals {
  paths: number;
  files: number;
  directories: number;
  symlinks: number;
  /** Devices, FIFOs and sockets. */
  others: number;
  /** Bytes of all files; names that share an inode count once. */
  bytes: number;
}

const FORMAT = '1';

/** The list of everything in a base: an SQLite file that is written once and only read afterwards. Must be closed. */
export class Manifest {
  private constructor(private readonly db: Database.Database) {}

  /**
   * Writes a new manifest; the entries must come sorted by the bytes of their paths, as `walk` yields them.
   * Nothing is synced: whoever publishes the stage it lies in does that, and a crash before then discards it.
   */
  static create(file: string, entries: Iterable<ManifestEntry>): void {
    const db = new Database(file);
    try {
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.exec(SCHEMA);
      db.transaction(() => insertAll(db, entries))();
    } finally {
      db.close();
    }
  }

  /** Opens a manifest for reading, on a read-only file system as well. Throws E_BASE_DAMAGED. */
  static open(file: string): Manifest {
    let db: Database.Database | undefined;
    try {
      db = new Database(file, { readonly: true, fileMustExist: true });
      const format = db.prepare("SELECT value FROM meta WHERE key = 'format'").pluck().get();
      if (format !== FORMAT) throw new Error(`its format is ${format}, not ${FORMAT}`);
      return new Manifest(db);
    } catch (error) {
      db?.close();
      throw new VeneerError(
        'E_BASE_DAMAGED',
        `cannot read the manifest ${file}: ${(error as Error).message}`,
        {
          hint: 'import the base again',
          cause: error,
        },
      );
    }
  }

  close(): void {
    this.db.close();
  }

  /** The entry of a path, or undefined where the base has none. */
  entry(path: TreePath): ManifestEntry | undefined {
    const row = this.rows('SELECT * FROM entries WHERE path = ?').get(Buffer.from(path, 'latin1'));
    return row && fromRow(row);
  }

  /** All entries in path order, the root ('') first. */
  *entries(): Generator<ManifestEntry> {
    for (const row of this.rows('SELECT * FROM entries ORDER BY id').iterate()) yield fromRow(row);
  }

  /** The directories in path order, so parents come before children. */
  *directories(): Generator<ManifestEntry> {
    const statement = this.rows("SELECT * FROM entries WHERE type = 'directory' ORDER BY id");
    for (const row of statement.iterate()) yield fromRow(row);
  }

  /** How many paths the base has; also the last rowid. */
  count(): number {
    return this.db.prepare('SELECT count(*) FROM entries').pluck().get() as number;
  }

  /** The paths that are not directories with rowids from `fromRowid` to `toRowid`, both included, in path order. */
  linkables(fromRowid: number, toRowid: number): TreePath[] {
    const statement = this.db.prepare<[number, number], Buffer>(
      "SELECT path FROM entries WHERE id BETWEEN ? AND ? AND type <> 'directory' ORDER BY id",
    );
    return statement.pluck().all(fromRowid, toRowid).map(toPath);
  }

  /** Every set of two or more names that share an inode, in path order. */
  hardlinkGroups(): TreePath[][] {
    const groups = new Map<number, TreePath[]>();
    const statement = this.db.prepare<[], { path: Buffer; group_id: number }>(
      'SELECT path, group_id FROM entries WHERE group_id IS NOT NULL ORDER BY group_id, id',
    );
    for (const { path, group_id } of statement.iterate()) {
      const names = groups.get(group_id);
      if (names) names.push(toPath(path));
      else groups.set(group_id, [toPath(path)]);
    }
    return [...groups.values()];
  }

  totals(): Totals {
    // Of a group only the row with the lowest id counts its bytes.
    const statement = this.db.prepare<[], Totals>(`
      SELECT count(*) AS paths,
        total(type = 'file') AS files,
        total(type = 'directory') AS directories,
        total(type = 'symlink') AS symlinks,
        total(type NOT IN ('file', 'directory', 'symlink')) AS others,
        total(iif(type = 'file' AND (group_id IS NULL OR id IN
          (SELECT min(id) FROM entries WHERE group_id IS NOT NULL GROUP BY group_id)), size, 0)) AS bytes
      FROM entries`);
    return statement.get() as Totals;
  }

  private rows(sql: string): Database.Statement<unknown[], Row> {
    return this.db.prepare<unknown[], Row>(sql).safeIntegers();
  }
}

function insertAll(db: Database.Database, entries: Iterable<ManifestEntry>): void {
  db.prepare("INSERT INTO meta VALUES ('format', ?)").run(FORMAT);
  const insert = db.prepare(INSERT);
  let last: string | undefined;
  for (const entry of entries) {
    if (last !== undefined && entry.path <= last) throw new Error('manifest entries must be in path order');
    last = entry.path;
    insert.run(...toValues(entry));
  }
}
