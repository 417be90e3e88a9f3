import type { Diff, FileDifference } from '../report/results.js';
import { readInstalled } from '../rpm/index.js';
import type { Sysroot } from '../sysroot/index.js';
import { compareTrees } from '../tree/compare.js';
import { displayPath } from '../tree/path.js';
import { comparePackages } from './package-changes.js';
import { findTree } from './queries.js';

export interface DiffOptions {
  /** Whether to compare the trees path by path as well. */
  files: boolean;
}

/** What differs between two deployments or bases. Files that are one inode in both are not read. */
export async function diffRefs(
  sysroot: Sysroot,
  a: string,
  b: string,
  { files }: DiffOptions,
): Promise<Diff> {
  const [before, after] = [findTree(sysroot, a), findTree(sysroot, b)];
  const installed = (tree: string) => readInstalled(tree, { files: false });
  return {
    a: before.label,
    b: after.label,
    packages: comparePackages(installed(before.tree), installed(after.tree)),
    files: files ? await compareFiles(before.tree, after.tree) : undefined,
  };
}

async function compareFiles(a: string, b: string): Promise<FileDifference[]> {
  const differences: FileDifference[] = [];
  for await (const { path, kind, what } of compareTrees(a, b)) {
    differences.push({ path: displayPath(path), kind, what });
  }
  return differences;
}
