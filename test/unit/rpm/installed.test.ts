import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { DATABASE_FOLDER } from '../../../fixtures/rpm-home.js';
import { buildTiny } from '../../../fixtures/tiny.js';
import { readInstalled } from '../../../src/rpm/installed.js';
import { errorOf, plainRpmAll, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();
const base = join(folder, 'base');
let copies = 0;

beforeAll(async () => {
  await buildTiny(folder);
}, 60_000);

test('the packages are those that rpm lists', async () => {
  const expected = await plainRpmAll(base, '%{NEVRA}|%{INSTALLTIME}|%{LONGSIZE}|%{SHA256HEADER}');
  const lines = readInstalled(base).map((facts) =>
    [facts.nevra, facts.installTime, facts.size, facts.headerDigest].join('|'),
  );
  expect(lines.sort()).toEqual(expected);
  expect(lines).toHaveLength(3);
});

test('the files are those that rpm lists, and are left out unless asked for', async () => {
  const expected = await plainRpmAll(base, '[%{=NAME}|%{FILENAMES}|%{FILEMODES}|%{FILEDIGESTS}\\n]');
  const packages = readInstalled(base, { files: true });
  const lines = packages.flatMap(({ name, files }) =>
    files.map(({ path, mode, digest }) => `${name}|/${path}|${mode}|${digest}`),
  );
  expect(lines.sort()).toEqual(expected);
  expect(readInstalled(base).flatMap(({ files }) => files)).toEqual([]);
});

test('imported keys are left out unless asked for', () => {
  const tree = copyOfBase((database) => {
    // rpm's own key packages are made from a real key; to a reader they are a package of this name.
    const blob = database.prepare('SELECT blob FROM Packages LIMIT 1').pluck().get() as Buffer;
    const name = Buffer.from('filesystem\0');
    const at = blob.indexOf(name);
    const key = Buffer.concat([
      blob.subarray(0, at),
      Buffer.from('gpg-pubkey\0'),
      blob.subarray(at + name.length),
    ]);
    database.prepare('INSERT INTO Packages VALUES (99, ?)').run(key);
  });
  expect(readInstalled(tree)).toHaveLength(3);
  expect(readInstalled(tree, { keys: true }).map(({ name }) => name)).toContain('gpg-pubkey');
});

test('a database in WAL mode is read without anything being made or changed in the tree', () => {
  const tree = copyOfBase((database) => database.pragma('journal_mode = WAL'));
  const before = snapshot(tree);
  expect(readFileSync(databaseOf(tree))[18]).toBe(2);
  expect(readInstalled(tree)).toHaveLength(3);
  expect(snapshot(tree)).toEqual(before);
});

test('what a crash left in the -wal counts, and stays as it is in the tree', () => {
  const live = copyOfBase();
  const writer = new Database(databaseOf(live));
  writer.pragma('journal_mode = WAL');
  writer.pragma('foreign_keys = OFF');
  writer.exec('DELETE FROM Packages WHERE hnum = (SELECT max(hnum) FROM Packages)');
  const tree = join(folder, 'crashed');
  cpSync(live, tree, { recursive: true });
  writer.close();
  const before = snapshot(tree);
  expect(before.map(({ name }) => name)).toContain('rpmdb.sqlite-wal');
  expect(readInstalled(tree)).toHaveLength(2);
  expect(snapshot(tree)).toEqual(before);
});

test.each([
  ['is no database', (file: string) => writeFileSync(file, 'rubbish '.repeat(1000))],
  ['is empty', (file: string) => truncateSync(file, 0)],
  ['is cut off', (file: string) => truncateSync(file, 8192)],
  ['holds a header that is none', (file: string) => breakHeader(file)],
])('an rpmdb that %s is broken, and the error names it', async (_title, damage) => {
  const tree = copyOfBase();
  damage(databaseOf(tree));
  const error = await errorOf(() => readInstalled(tree));
  expect(error?.code).toBe('E_RPMDB_BROKEN');
  expect(error?.message).toContain('/usr/lib/sysimage/rpm/rpmdb.sqlite');
});

function copyOfBase(change?: (database: Database.Database) => void): string {
  copies += 1;
  const tree = join(folder, `copy-${copies}`);
  cpSync(join(base, DATABASE_FOLDER), join(tree, DATABASE_FOLDER), { recursive: true });
  if (change !== undefined) {
    const database = new Database(databaseOf(tree));
    change(database);
    database.close();
  }
  return tree;
}

function databaseOf(tree: string): string {
  return join(tree, DATABASE_FOLDER, 'rpmdb.sqlite');
}

function breakHeader(file: string): void {
  const database = new Database(file);
  database.prepare('UPDATE Packages SET blob = substr(blob, 1, 100) WHERE hnum = 2').run();
  database.close();
}

function snapshot(tree: string) {
  const where = join(tree, DATABASE_FOLDER);
  return ['.', ...readdirSync(where).sort()].map((name) => {
    const { mtimeNs, mode, size } = statSync(join(where, name), { bigint: true });
    const content = name === '.' ? '' : readFileSync(join(where, name)).toString('base64');
    return { name, mtimeNs, mode, size, content };
  });
}
