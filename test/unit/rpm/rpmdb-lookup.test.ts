import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInstalled } from '../../../src/rpm/installed.js';
import { findRpmdb } from '../../../src/rpm/rpmdb.js';
import { openRpmdbLookup } from '../../../src/rpm/rpmdb-lookup.js';
import { type TreePath, treePath } from '../../../src/tree/path.js';
import { rpm, tinyWith } from '../../helpers/fixture-rpms.js';
import { temporaryFolder } from '../../helpers/workspace.js';

test('look-ups answer what the whole rpmdb says, for every path of every package', async () => {
  const packages = ['hello-1.0', 'probe-files-1', 'probe-names-1'].map((name) => rpm(name));
  const tree = await tinyWith(packages, join(temporaryFolder(), 'base'));
  const lookup = openRpmdbLookup(tree, findRpmdb(tree));
  const installed = readInstalled(tree, { files: true });
  const expected = new Map<TreePath, string[]>();
  for (const { nevra, files } of installed) {
    for (const { path } of files) expected.set(path, [...(expected.get(path) ?? []), nevra]);
  }
  expect(expected.size).toBeGreaterThan(300);
  for (const [path, owners] of expected) expect(lookup.ownersOf(path), path).toEqual(owners);
  expect(lookup.ownersOf(treePath('usr/share/hello/hello.conf'))).toEqual([]);
  expect(lookup.ownersOf(treePath('usr/nothing'))).toEqual([]);
  expect(lookup.named('hello').map(({ nevra }) => nevra)).toEqual(['hello-1.0-1.noarch']);
  expect(lookup.named('nothing')).toEqual([]);
  lookup.close();
});
