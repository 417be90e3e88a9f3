import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DATABASE_FOLDER } from '../../fixtures/rpm-home.js';
import { readPackageFile } from '../../src/rpm/package-file.js';
import type { Aspect } from '../../src/tree/aspects.js';
import { compareTrees, type TreeDifference } from '../../src/tree/compare.js';
import type { TreeEntry } from '../../src/tree/entry.js';
import { displayPath, onHost, type TreePath } from '../../src/tree/path.js';
import { mayDiffer } from './may-differ.js';
import { plainRpm, privateCopy } from './plain-rpm.js';
import { rpmdbHeaders } from './rpmdb-headers.js';
import { withFolder } from './workspace.js';

export interface OracleRequest {
  /** The base's tree: the plain rpm works on a copy of it. */
  baseTree: string;
  /** RPM files, in any order. */
  packages: readonly string[];
  /** What Veneer made of the same. */
  deploymentTree: string;
}

/**
 * Promise 3: fails unless a deployment's tree equals the one that plain `rpm --root` makes on a full private copy of
 * the base, path by path, and has the same headers in its rpmdb. What may differ is in `may-differ.ts`.
 */
export async function expectSameAsPlainRpm({
  baseTree,
  packages,
  deploymentTree,
}: OracleRequest): Promise<void> {
  await withFolder(async (folder) => {
    const copy = join(folder, 'copy');
    await privateCopy(baseTree, copy);
    const started = BigInt(Date.now()) * NS_PER_MS;
    await plainRpm(copy, ['-U', ...(await byName(packages))]);
    const differences = await differencesOf({ plain: copy, baseTree, deploymentTree, started });
    expect(differences, 'the deployment differs from what plain rpm makes').toEqual([]);
    expectSameHeaders(copy, deploymentTree);
  });
}

/** In the order in which Veneer hands them to rpm, which is that of their names whatever was asked first. */
async function byName(packages: readonly string[]): Promise<string[]> {
  const files = await Promise.all(packages.map(readPackageFile));
  return files.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ path }) => path);
}

interface Trees {
  plain: string;
  baseTree: string;
  deploymentTree: string;
  /** When plain rpm started, in nanoseconds: whatever it touched has a later ctime. */
  started: bigint;
}

const NS_PER_MS = 1_000_000n;
/** The kernel's clock for files is behind by up to a tick. */
const TICK = 20n * NS_PER_MS;

/** What was written since this file was loaded, by either side, has a time of its own. */
const LOADED = BigInt(Date.now()) * NS_PER_MS - TICK;

async function differencesOf(trees: Trees): Promise<string[]> {
  const ignore = (path: TreePath, aspect: Aspect | 'existence') =>
    mayDiffer(displayPath(path), aspect) || (aspect === 'content' && isUntouched(path, trees));
  const found: string[] = [];
  for await (const difference of compareTrees(trees.plain, trees.deploymentTree, { ignore })) {
    const what = difference.what.filter((aspect) => aspect !== 'mtime' || !isMadeNow(difference));
    if (difference.kind === 'changed' && what.length === 0) continue;
    found.push(describe(difference, what));
  }
  return found;
}

/** Saves reading gigabytes: a file that rpm left alone in the copy, and that is the base's own inode in the deployment. */
function isUntouched(path: TreePath, { plain, baseTree, deploymentTree, started }: Trees): boolean {
  const { ctimeNs } = lstatSync(onHost(plain, path), { bigint: true });
  if (ctimeNs >= started - TICK) return false;
  const base = lstatSync(onHost(baseTree, path), { throwIfNoEntry: false });
  return base?.ino === lstatSync(onHost(deploymentTree, path)).ino;
}

/** Of what scriptlets and rpm wrote just now the time is that of the run; packages' own files have another. */
function isMadeNow({ before, after }: TreeDifference): boolean {
  return before !== undefined && after !== undefined && before.mtimeNs > LOADED && after.mtimeNs > LOADED;
}

function describe({ path, kind, before, after }: TreeDifference, what: readonly Aspect[]): string {
  const name = displayPath(path);
  if (kind === 'added') return `${name}: only in the deployment`;
  if (kind === 'removed') return `${name}: only with plain rpm`;
  return `${name}: ${what.join(', ')}; plain rpm ${asText(before)}, deployment ${asText(after)}`;
}

function asText(entry: TreeEntry | undefined): string {
  return JSON.stringify({ ...entry, mtimeNs: String(entry?.mtimeNs), path: undefined });
}

function expectSameHeaders(plain: string, deploymentTree: string): void {
  for (const suffix of ['-wal', '-shm']) {
    expect(existsSync(join(deploymentTree, DATABASE_FOLDER, `rpmdb.sqlite${suffix}`))).toBe(false);
  }
  const expected = rpmdbHeaders(plain);
  const actual = rpmdbHeaders(deploymentTree);
  expect([...actual.keys()].sort(), 'the packages in the rpmdb').toEqual([...expected.keys()].sort());
  const different = [...expected].filter(([nevra, header]) => actual.get(nevra) !== header);
  expect(
    different.map(([nevra]) => nevra),
    'packages whose headers differ',
  ).toEqual([]);
}
