import { VeneerError } from '../support/errors.js';
import { HeaderError, parseHeader } from './header.js';
import { type FactsOptions, type PackageFacts, packageFacts } from './package-facts.js';
import { findRpmdb, type Rpmdb } from './rpmdb.js';
import { brokenDatabase, explain, openRpmdb } from './rpmdb-database.js';

export interface ReadInstalledOptions extends FactsOptions {
  /** True also lists each package's files; left out otherwise, they are most of what there is to read. */
  files?: boolean | undefined;
  /** True also lists the imported keys, which rpm keeps as pseudo packages called gpg-pubkey. */
  keys?: boolean | undefined;
  /** Where the rpmdb is, if the caller has found it already. */
  rpmdb?: Rpmdb | undefined;
}

const KEY_PACKAGE = 'gpg-pubkey';

/**
 * The packages in a tree's rpmdb, in the order they were installed. Reads the database itself, so it needs no rpm and
 * no lock, works on a read-only tree and leaves nothing behind in it.
 * Throws E_NO_RPMDB, E_RPMDB_UNSUPPORTED for another database than sqlite, and E_RPMDB_BROKEN.
 */
export function readInstalled(treeRoot: string, options: ReadInstalledOptions = {}): PackageFacts[] {
  const { files = false, keys = false, rpmdb = findRpmdb(treeRoot) } = options;
  if (rpmdb.backend !== 'sqlite') {
    throw new VeneerError(
      'E_RPMDB_UNSUPPORTED',
      `/${rpmdb.file}: is an rpmdb of the ${rpmdb.backend} kind, which Veneer cannot read`,
      {
        hint: 'convert it with `rpmdb --rebuilddb --define "_db_backend sqlite"` on the system it comes from',
      },
    );
  }
  const packages = readHeaders(treeRoot, rpmdb, files);
  return keys ? packages : packages.filter(({ name }) => name !== KEY_PACKAGE);
}

function readHeaders(treeRoot: string, rpmdb: Rpmdb, files: boolean): PackageFacts[] {
  const { database, close } = openRpmdb(treeRoot, rpmdb);
  try {
    // One row at a time: all headers of a large base together take a few hundred megabytes.
    const rows = database.prepare<[], HeaderRow>('SELECT hnum, blob FROM Packages ORDER BY hnum').iterate();
    return Array.from(rows, (row) => factsOf(row, rpmdb, files));
  } catch (error) {
    throw explain(rpmdb, error);
  } finally {
    close();
  }
}

/** A row of the table that rpm's sqlite backend keeps headers in (lib/backend/sqlite.c). */
interface HeaderRow {
  hnum: number;
  blob: Buffer;
}

function factsOf({ hnum, blob }: HeaderRow, rpmdb: Rpmdb, files: boolean): PackageFacts {
  try {
    if (!Buffer.isBuffer(blob)) throw new HeaderError('it is not stored as bytes');
    return packageFacts(parseHeader(blob), { files });
  } catch (error) {
    if (!(error instanceof HeaderError)) throw error;
    throw brokenDatabase(rpmdb, `header ${hnum}: ${error.message}`, error);
  }
}
