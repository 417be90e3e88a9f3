import type Database from 'better-sqlite3';
import { parentPath, type TreePath } from '../tree/path.js';
import { type Header, HeaderError, parseHeader } from './header.js';
import { TAG } from './header-tags.js';
import { type PackageFacts, packageFacts } from './package-facts.js';
import type { Rpmdb } from './rpmdb.js';
import { brokenDatabase, explain, openRpmdb } from './rpmdb-database.js';

/** Answers single questions by rpm's own indexes, without reading every header. To be closed. */
export interface RpmdbLookup {
  /** The packages (NEVRA) that have a path in their list of files, the one installed first at the front. */
  ownersOf(path: TreePath): string[];
  /** The installed packages of a name, without their files. */
  named(name: string): PackageFacts[];
  close(): void;
}

/**
 * Opens an rpmdb (sqlite) below a folder of the host for look-ups; nothing is written there. Throws E_RPMDB_BROKEN,
 * also from the look-ups.
 */
export function openRpmdbLookup(root: string, rpmdb: Rpmdb): RpmdbLookup {
  const { database, close } = openRpmdb(root, rpmdb);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw error instanceof HeaderError
        ? brokenDatabase(rpmdb, error.message, error)
        : explain(rpmdb, error);
    }
  };
  const owners = guarded(() => ownerFinder(database));
  return {
    ownersOf: (path) => guarded(() => owners(path)),
    named: (name) => guarded(() => packagesNamed(database, name)),
    close,
  };
}

/** A file by its number in the header with that key. */
interface Found {
  hnum: number;
  idx: number;
}

interface Owner {
  nevra: string;
  /** Names of folders, and for each file the number of its own. */
  folders: string[];
  folderOf: number[];
}

/** The indexes know names of files and of folders; which belong together is in the header alone. */
function ownerFinder(database: Database.Database): (path: TreePath) => string[] {
  // Keys are bytes; cast from a blob, SQLite compares them as they are.
  const query = database.prepare<[Buffer, Buffer], Found>(
    `SELECT hnum, idx FROM Basenames b WHERE key = CAST(? AS TEXT)
     AND EXISTS (SELECT 1 FROM Dirnames d WHERE d.hnum = b.hnum AND d.key = CAST(? AS TEXT)) ORDER BY hnum`,
  );
  // Headers are large, and few packages own most of what is asked.
  const owners = new Map<number, Owner>();
  const ownerOf = (hnum: number): Owner => {
    const owner = owners.get(hnum) ?? readOwner(headerOf(database, hnum));
    owners.set(hnum, owner);
    return owner;
  };
  return (path) => {
    const folder = parentPath(path);
    const folderName = folder === '' ? '/' : `/${folder}/`;
    const name = path.slice(folder === '' ? 0 : folder.length + 1);
    const found = query.all(Buffer.from(name, 'latin1'), Buffer.from(folderName, 'latin1'));
    return found.flatMap(({ hnum, idx }) => {
      const { nevra, folders, folderOf } = ownerOf(hnum);
      return folders[folderOf[idx] ?? -1] === folderName ? [nevra] : [];
    });
  };
}

function packagesNamed(database: Database.Database, name: string): PackageFacts[] {
  const rows = database
    .prepare<[string], { hnum: number }>('SELECT DISTINCT hnum FROM Name WHERE key = ? ORDER BY hnum')
    .all(name);
  return rows.map(({ hnum }) => packageFacts(headerOf(database, hnum), { files: false }));
}

function headerOf(database: Database.Database, hnum: number): Header {
  const query = database.prepare<[number], { blob: Buffer }>('SELECT blob FROM Packages WHERE hnum = ?');
  const blob = query.get(hnum)?.blob;
  if (!Buffer.isBuffer(blob)) throw new HeaderError(`header ${hnum} is missing`);
  return parseHeader(blob);
}

function readOwner(header: Header): Owner {
  return {
    nevra: packageFacts(header, { files: false }).nevra,
    folders: header.byteStrings(TAG.DIRNAMES),
    folderOf: header.numbers(TAG.DIRINDEXES),
  };
}
