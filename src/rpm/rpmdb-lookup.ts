import type Database from 'better-sqlite3';
import { parentPath, type TreePath } from '../tree/path.js';
import { type Header, HeaderError, parseHeader } from './header.js';
import { TAG } from './header-tags.js';
import { formatNevra } from './nevra.js';
import { type PackageFacts, packageFacts } from './package-facts.js';
import type { Rpmdb } from './rpmdb.js';
import { brokenDatabase, explain, openRpmdb } from './rpmdb-database.js';

/** Answers single questions by rpm's own indexes, without reading every header. To be closed. */
export interface RpmdbLookup {
  /** The packages (NEVRA) that have a path in their list of files, the one installed first at the front. */
  ownersOf(path: TreePath): string[];
  /** The installed packages of a name. */
  named(name: string): PackageFacts[];
  close(): void;
}

interface Found {
  hnum: number;
  idx: number;
}

/** Headers are large, and few packages own most of what is asked. */
type Owner = { nevra: string; folders: string[]; folderOf: number[] };

/**
 * Opens an rpmdb (sqlite) below a folder of the host for look-ups; nothing is written there. Throws E_RPMDB_BROKEN,
 * also from the look-ups.
 */
export function openRpmdbLookup(root: string, rpmdb: Rpmdb): RpmdbLookup {
  const { database, close } = openRpmdb(root, rpmdb);
  const owners = new Map<number, Owner>();
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw error instanceof HeaderError
        ? brokenDatabase(rpmdb, error.message, error)
        : explain(rpmdb, error);
    }
  };
  // Keys are bytes; cast from a blob, SQLite compares them as they are.
  const byPath = guarded(() =>
    database.prepare<[Buffer, Buffer], Found>(
      `SELECT hnum, idx FROM Basenames b WHERE key = CAST(? AS TEXT)
       AND EXISTS (SELECT 1 FROM Dirnames d WHERE d.hnum = b.hnum AND d.key = CAST(? AS TEXT)) ORDER BY hnum`,
    ),
  );
  const ownerOf = (hnum: number): Owner => {
    const known = owners.get(hnum) ?? readOwner(headerOf(database, hnum));
    owners.set(hnum, known);
    return known;
  };
  return {
    ownersOf: (path) =>
      guarded(() => {
        const folder = parentPath(path);
        const name = folder === '' ? path : path.slice(folder.length + 1);
        const folderName = folder === '' ? '/' : `/${folder}/`;
        const found = byPath.all(Buffer.from(name, 'latin1'), Buffer.from(folderName, 'latin1'));
        const isInFolder = ({ hnum, idx }: Found) => {
          const { folders, folderOf } = ownerOf(hnum);
          return folders[folderOf[idx] ?? -1] === folderName;
        };
        return found.filter(isInFolder).map(({ hnum }) => ownerOf(hnum).nevra);
      }),
    named: (name) =>
      guarded(() => {
        const rows = database.prepare<[string], { hnum: number }>(
          'SELECT DISTINCT hnum FROM Name WHERE key = ? ORDER BY hnum',
        );
        return rows.all(name).map(({ hnum }) => packageFacts(headerOf(database, hnum), { files: false }));
      }),
    close,
  };
}

function headerOf(database: Database.Database, hnum: number): Header {
  const row = database
    .prepare<[number], { blob: Buffer }>('SELECT blob FROM Packages WHERE hnum = ?')
    .get(hnum);
  if (row === undefined || !Buffer.isBuffer(row.blob)) throw new HeaderError(`header ${hnum} is missing`);
  return parseHeader(row.blob);
}

function readOwner(header: Header): Owner {
  return {
    nevra: formatNevra({
      name: header.requiredString(TAG.NAME),
      epoch: header.numbers(TAG.EPOCH)[0],
      version: header.requiredString(TAG.VERSION),
      release: header.requiredString(TAG.RELEASE),
      arch: header.string(TAG.ARCH) ?? '',
    }),
    folders: header.byteStrings(TAG.DIRNAMES),
    folderOf: header.numbers(TAG.DIRINDEXES),
  };
}
