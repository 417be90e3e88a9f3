import type { Cause } from '../../rpm/events.js';
import { differingAspects } from '../../tree/aspects.js';
import { compareTrees } from '../../tree/compare.js';
import { isAtOrBelow, type TreePath } from '../../tree/path.js';
import { walk } from '../../tree/walk.js';
import type { Located, Side } from './side.js';

/** A path that may differ between two sides. */
export interface PathPair {
  path: TreePath;
  before: Located | undefined;
  after: Located | undefined;
  causes: readonly Cause[];
  inPlace: boolean;
}

interface Told {
  causes: readonly Cause[];
  inPlace: boolean;
}

/**
 * The paths that differ between two sides, in path order, by what their layers tell; trees are walked only where the
 * two sides do not stand on the same one. The rpmdbs are left out, and folders of which nothing but times moved.
 */
export async function findPairs(before: Side, after: Side): Promise<PathPair[]> {
  const told = new Map<TreePath, Told>();
  if (before.tree !== after.tree) {
    for await (const { path } of compareTrees(before.tree, after.tree, { ignore: ignoreLinks })) {
      told.set(path, { causes: [], inPlace: false });
    }
  }
  tell(told, before);
  tell(told, after);
  const rpmdbs = new Set([before.rpmdb.folder, after.rpmdb.folder]);
  return [...told]
    .filter(([path]) => !isAtOrBelow(path, rpmdbs))
    .map(([path, { causes, inPlace }]) => ({
      ...{ path, causes, inPlace },
      before: before.find(path),
      after: after.find(path),
    }))
    .filter(isChange)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function ignoreLinks(_path: TreePath, aspect: string): boolean {
  return aspect === 'hardlinks' || aspect === 'mtime';
}

/** A side without an upper folder has its changes inside the tree: they serve those that were found already. */
function tell(told: Map<TreePath, Told>, side: Side): void {
  for (const { path, form, causes, inPlace } of side.changes) {
    if (!side.layered && !told.has(path)) continue;
    told.set(path, { causes, inPlace });
    if (!side.layered || form === 'directory') continue;
    for (const below of hiddenBelow(side, path))
      if (!told.has(below)) told.set(below, { causes, inPlace: false });
  }
}

/** What a layer takes away with a folder, which it names by the folder alone. */
function hiddenBelow(side: Side, path: TreePath): TreePath[] {
  const entries = pathsFrom(side.tree, path);
  return entries.filter((below) => below !== path);
}

function pathsFrom(tree: string, path: TreePath): TreePath[] {
  try {
    return Array.from(walk(tree, { from: path }), (entry) => entry.path);
  } catch (error) {
    // The layer made the folder anew: the tree has nothing there.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function isChange({ before, after }: PathPair): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const [a, b] = [before.entry, after.entry];
  if (a.dev === b.dev && a.ino === b.ino) return false;
  return a.type !== 'directory' || differingAspects(a, b).some((aspect) => aspect !== 'mtime');
}
