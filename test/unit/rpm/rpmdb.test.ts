import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findRpmdb, requireWritable } from '../../../src/rpm/rpmdb.js';
import { codeOf, errorOf, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();
let trees = 0;

test.each([
  ['usr/lib/sysimage/rpm', 'rpmdb.sqlite', 'sqlite'],
  ['var/lib/rpm', 'Packages.db', 'ndb'],
  ['usr/share/rpm', 'Packages', 'bdb'],
])('in /%s, %s is found as %s', (place, name, backend) => {
  const tree = makeTree({ [`${place}/${name}`]: '' });
  expect(findRpmdb(tree)).toEqual({ folder: place, file: `${place}/${name}`, backend });
});

test('links between the places are followed inside the tree', () => {
  const tree = makeTree({
    'usr/lib/sysimage/rpm': { link: '/var/lib/rpm' },
    'var/lib': { link: '../state' },
  });
  mkdirSync(join(tree, 'state/rpm'), { recursive: true });
  writeFileSync(join(tree, 'state/rpm/rpmdb.sqlite'), '');
  expect(findRpmdb(tree).folder).toBe('state/rpm');
});

test('no link leads out of the tree', async () => {
  const outside = makeTree({ 'rpm/rpmdb.sqlite': '' });
  for (const link of [`${outside}/rpm`, `${'../'.repeat(12)}${outside}/rpm`]) {
    expect(await codeOf(() => findRpmdb(makeTree({ 'usr/lib/sysimage/rpm': { link } })))).toBe('E_NO_RPMDB');
  }
});

test('links that go round in circles lead nowhere', async () => {
  const tree = makeTree({
    'usr/share/rpm': { link: '../../var/lib/rpm' },
    'var/lib/rpm': { link: '/usr/share/rpm' },
  });
  expect(await codeOf(() => findRpmdb(tree))).toBe('E_NO_RPMDB');
});

test('a tree without an rpmdb says where it was looked for', async () => {
  const error = await errorOf(() => findRpmdb(makeTree({ 'etc/passwd': '' })));
  expect(error?.code).toBe('E_NO_RPMDB');
  expect(error?.lines).toEqual([
    'looked in /usr/lib/sysimage/rpm',
    'looked in /var/lib/rpm',
    'looked in /usr/share/rpm',
  ]);
});

test('a database that is a link to another file is refused', async () => {
  const tree = makeTree({ 'var/lib/rpm/rpmdb.sqlite': { link: '/etc/passwd' } });
  expect(await codeOf(() => findRpmdb(tree))).toBe('E_RPMDB_BROKEN');
});

test.each([
  ['rpmdb.sqlite', 'none'],
  ['Packages.db', 'E_RPMDB_UNSUPPORTED'],
  ['Packages', 'E_RPMDB_UNSUPPORTED'],
])('whether %s can be written: %s', async (name, code) => {
  const rpmdb = findRpmdb(makeTree({ [`var/lib/rpm/${name}`]: '' }));
  expect(await codeOf(() => requireWritable(rpmdb))).toBe(code);
});

function makeTree(entries: Record<string, string | { link: string }>): string {
  trees += 1;
  const tree = join(folder, `tree-${trees}`);
  for (const [path, entry] of Object.entries(entries)) {
    const host = join(tree, path);
    mkdirSync(dirname(host), { recursive: true });
    if (typeof entry === 'string') writeFileSync(host, entry);
    else symlinkSync(entry.link, host);
  }
  return tree;
}
