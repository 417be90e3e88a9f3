import type { TreeEntry } from './entry.js';
import type { TreePath } from './path.js';

/**
 * Collects the names of one tree that share an inode. The link count only rules names out: it counts the names that
 * other trees (checkouts of the same base) have for the inode as well.
 */
export class HardlinkGroups {
  readonly #names = new Map<string, TreePath[]>();

  /** Takes note of one entry of the tree. */
  add(entry: TreeEntry): void {
    if (entry.nlink < 2 || entry.type === 'directory') return;
    const inode = `${entry.dev}:${entry.ino}`;
    const names = this.#names.get(inode);
    if (names) names.push(entry.path);
    else this.#names.set(inode, [entry.path]);
  }

  /** The groups of two names or more, in the order in which their first names were added. */
  list(): TreePath[][] {
    return [...this.#names.values()].filter((names) => names.length > 1);
  }
}

/** The paths whose set of names differs between two lists of groups; each group must be sorted. */
export function differingGroups(
  before: readonly (readonly TreePath[])[],
  after: readonly (readonly TreePath[])[],
): TreePath[] {
  const groupBefore = groupByName(before);
  const groupAfter = groupByName(after);
  const names = new Set([...groupBefore.keys(), ...groupAfter.keys()]);
  return [...names].filter((name) => groupBefore.get(name) !== groupAfter.get(name)).sort(byBytes);
}

/** Compares two tree paths by their bytes, for Array.sort. */
export function byBytes(a: TreePath, b: TreePath): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function groupByName(groups: readonly (readonly TreePath[])[]): Map<TreePath, string> {
  // No name holds a NUL, so it separates names without doubt.
  return new Map(
    groups.flatMap((names) => {
      const group = names.join('\0');
      return names.map((name) => [name, group] as const);
    }),
  );
}
