import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { buildRpm } from '../../../fixtures/build-rpm.js';
import { DATABASE_FOLDER } from '../../../fixtures/rpm-home.js';
import { buildTiny } from '../../../fixtures/tiny.js';
import { setXattr } from '../../../scriptlet-sandbox/index.js';
import { readInstalled } from '../../../src/rpm/installed.js';
import { findRpmdb } from '../../../src/rpm/rpmdb.js';
import { makeShadow, normalizeRpmdb, sealShadow } from '../../../src/rpm/shadow.js';
import { run } from '../../../src/support/processes.js';
import { readEntry } from '../../../src/tree/entry.js';
import { treePath } from '../../../src/tree/path.js';
import { codeOf, plainRpm, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();
const base = join(folder, 'base');
let upper: string;
let uppers = 0;

beforeAll(async () => {
  await buildTiny(folder);
  chownSync(join(base, 'usr/lib'), 8, 2);
  chmodSync(join(base, 'usr/lib/sysimage'), 0o2750);
  setXattr(Buffer.from(join(base, 'usr/lib/sysimage/rpm')), 'user.veneer', Buffer.from('kept'));
  chmodSync(databaseOf(base), 0o640);
  utimesSync(join(base, 'usr'), 1_234_567_890.123, 1_234_567_890.123);
}, 60_000);

beforeEach(() => {
  uppers += 1;
  upper = join(folder, `upper-${uppers}`);
  mkdirSync(upper);
});

test('a shadow lists the same packages, and every folder above it is like the base’s', async () => {
  await makeShadow(base, findRpmdb(base), upper);
  expect(readInstalled(upper)).toEqual(readInstalled(base));
  for (const path of ['', 'usr', 'usr/lib', 'usr/lib/sysimage', 'usr/lib/sysimage/rpm'].map(treePath)) {
    expect(identity(upper, path)).toEqual(identity(base, path));
  }
  const { mode, uid, gid, xattrs } = readEntry(upper, findRpmdb(base).file);
  const original = readEntry(base, findRpmdb(base).file);
  expect({ mode, uid, gid, xattrs }).toEqual({
    mode: 0o640,
    uid: original.uid,
    gid: original.gid,
    xattrs: original.xattrs,
  });
});

test('nothing in the base changes while a shadow is made, in WAL mode neither', async () => {
  const tree = join(folder, 'wal-base');
  await run('cp', ['-a', base, tree]);
  withWriter(tree, (database) => database.pragma('journal_mode = WAL'));
  const before = await fingerprint(tree);
  await makeShadow(tree, findRpmdb(tree), upper);
  expect(await fingerprint(tree)).toBe(before);
  expect(readInstalled(upper)).toHaveLength(3);
});

test('a base with the -wal of a program that died is refused', async () => {
  const tree = join(folder, 'crashed');
  cpSync(join(base, DATABASE_FOLDER), join(tree, DATABASE_FOLDER), { recursive: true });
  const live = new Database(databaseOf(tree));
  live.pragma('journal_mode = WAL');
  live.pragma('foreign_keys = OFF');
  live.exec('DELETE FROM Packages WHERE hnum = 1');
  expect(await codeOf(() => makeShadow(tree, findRpmdb(tree), upper))).toBe('E_RPMDB_BROKEN');
  live.close();
});

test('what plain rpm wrote into a shadow is there when it is sealed, in one file', async () => {
  await makeShadow(base, findRpmdb(base), upper);
  const rpm = await buildRpm({ name: 'added', version: '1', arch: 'noarch' }, folder);
  await plainRpm('--root', upper, '--nodeps', '--nosignature', '--force-debian', '--justdb', '-i', rpm);
  sealShadow(upper);
  const header = readFileSync(databaseOf(upper));
  expect([header[18], header[19]]).toEqual([1, 1]);
  expect(['-wal', '-shm', '-journal'].filter((suffix) => existsSync(databaseOf(upper) + suffix))).toEqual([]);
  expect(readInstalled(upper).map(({ name }) => name)).toContain('added');
});

test('the -wal of a killed rpm is taken in when the shadow is sealed', async () => {
  await makeShadow(base, findRpmdb(base), upper);
  const writer = new Database(databaseOf(upper));
  writer.pragma('journal_mode = WAL');
  writer.pragma('foreign_keys = OFF');
  writer.exec('DELETE FROM Packages WHERE hnum = 1');
  const killed = join(folder, 'killed');
  cpSync(upper, killed, { recursive: true });
  writer.close();
  sealShadow(killed);
  expect(readInstalled(killed)).toHaveLength(2);
  expect(existsSync(`${databaseOf(killed)}-wal`)).toBe(false);
});

test('a damaged shadow is not sealed', async () => {
  await makeShadow(base, findRpmdb(base), upper);
  truncateSync(databaseOf(upper), 20_480);
  expect(await codeOf(() => sealShadow(upper))).toBe('E_RPMDB_BROKEN');
});

test('an rpmdb that is in order already is not touched by normalizing it', async () => {
  const before = await fingerprint(base);
  normalizeRpmdb(base);
  expect(await fingerprint(base)).toBe(before);
});

test('normalizing ends WAL mode and keeps the times of the file and its folder', async () => {
  await makeShadow(base, findRpmdb(base), upper);
  withWriter(upper, (database) => database.pragma('journal_mode = WAL'));
  const { file, folder: place } = findRpmdb(upper);
  const before = [identity(upper, file), identity(upper, place)];
  normalizeRpmdb(upper);
  expect([identity(upper, file), identity(upper, place)]).toEqual(before);
  expect(readFileSync(databaseOf(upper))[18]).toBe(1);
  expect(readInstalled(upper)).toHaveLength(3);
});

function databaseOf(tree: string): string {
  return join(tree, DATABASE_FOLDER, 'rpmdb.sqlite');
}

function withWriter(tree: string, work: (database: Database.Database) => void): void {
  const database = new Database(databaseOf(tree));
  work(database);
  database.close();
}

function identity(tree: string, path: ReturnType<typeof treePath>) {
  const { type, mode, uid, gid, mtimeNs, xattrs } = readEntry(tree, path);
  return { type, mode, uid, gid, mtimeNs, xattrs };
}

/** Everything of a tree that a reader must leave alone, by plain tools. */
async function fingerprint(tree: string): Promise<string> {
  const script =
    'find . -printf "%p %y %m %U %G %s %T@ %i\\n" | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum';
  return (await run('sh', ['-c', script], { cwd: tree })).stdout;
}
