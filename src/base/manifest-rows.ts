import type { EntryType } from '../tree/entry.js';
import type { TreePath } from '../tree/path.js';
import type { ManifestEntry } from './manifest-entry.js';

/**
 * The tables of a manifest. `id` is the rowid and counts up in path order from 1, so a range of ids is a range of
 * paths; blobs sort by memcmp, which is the order of a walk.
 */
export const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    type TEXT NOT NULL,
    mode INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    gid INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest TEXT NOT NULL,
    target BLOB NOT NULL,
    rdev INTEGER NOT NULL,
    xattrs TEXT NOT NULL,
    group_id INTEGER
  );
  CREATE INDEX entries_by_group ON entries (group_id) WHERE group_id IS NOT NULL;
`;

export const INSERT = `
  INSERT INTO entries (path, type, mode, uid, gid, size, mtime_ns, digest, target, rdev, xattrs, group_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
`;

/** A row as better-sqlite3 reads it with safe integers, since nanoseconds do not fit a double. */
export interface Row {
  path: Buffer;
  type: EntryType;
  mode: bigint;
  uid: bigint;
  gid: bigint;
  size: bigint;
  mtime_ns: bigint;
  digest: string;
  target: Buffer;
  rdev: bigint;
  xattrs: string;
  group_id: bigint | null;
}

/** The values of an entry in the order of `INSERT`. */
export function toValues(entry: ManifestEntry): unknown[] {
  const { type, mode, uid, gid, size, mtimeNs, digest, rdev, group } = entry;
  const path = Buffer.from(entry.path, 'latin1');
  const target = Buffer.from(entry.target, 'latin1');
  return [
    path,
    type,
    mode,
    uid,
    gid,
    size,
    mtimeNs,
    digest,
    target,
    rdev,
    JSON.stringify(entry.xattrs),
    group,
  ];
}

/** The entry that a row holds. */
export function fromRow(row: Row): ManifestEntry {
  return {
    path: toPath(row.path),
    type: row.type,
    mode: Number(row.mode),
    uid: Number(row.uid),
    gid: Number(row.gid),
    size: Number(row.size),
    mtimeNs: row.mtime_ns,
    digest: row.digest,
    target: row.target.toString('latin1'),
    rdev: Number(row.rdev),
    xattrs: JSON.parse(row.xattrs) as Record<string, string>,
    group: row.group_id === null ? null : Number(row.group_id),
  };
}

/** The path that a blob holds. */
export function toPath(blob: Buffer): TreePath {
  return blob.toString('latin1') as TreePath;
}
