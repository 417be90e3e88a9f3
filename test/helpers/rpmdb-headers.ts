import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FOLDER } from '../../fixtures/rpm-home.js';
import { parseHeader } from '../../src/rpm/header.js';
import { packageFacts } from '../../src/rpm/package-facts.js';

/** When, and in which transaction, a package was installed: all that two runs may put into its header differently. */
const TIME_TAGS = [1008, 1128];

const PREAMBLE = 8;
const INDEX_ENTRY = 16;

/** Every package's header as it lies in a tree's rpmdb, in hex without the two times, by its full name. */
export function rpmdbHeaders(tree: string): Map<string, string> {
  const database = new Database(join(tree, DATABASE_FOLDER, 'rpmdb.sqlite'), { readonly: true });
  try {
    const rows = database.prepare<[], { blob: Buffer }>('SELECT blob FROM Packages ORDER BY hnum').all();
    return new Map(
      rows.map(({ blob }) => [
        packageFacts(parseHeader(blob), { files: false }).nevra,
        withoutTimes(blob).toString('hex'),
      ]),
    );
  } finally {
    database.close();
  }
}

/** Zeroes the values of the time tags: an index of (tag, type, offset, count) precedes the data they lie in. */
function withoutTimes(blob: Buffer): Buffer {
  const copy = Buffer.from(blob);
  const entries = copy.readUInt32BE(0);
  for (let index = 0; index < entries; index++) {
    const entry = PREAMBLE + index * INDEX_ENTRY;
    if (!TIME_TAGS.includes(copy.readUInt32BE(entry))) continue;
    copy.writeUInt32BE(0, PREAMBLE + entries * INDEX_ENTRY + copy.readUInt32BE(entry + 8));
  }
  return copy;
}
