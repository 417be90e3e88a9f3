import { lstatSync, rmdirSync } from 'node:fs';
import {
  type Change,
  copiedUpInodes,
  fileHandle,
  fillMovedFolders,
  listXattrs,
  readChanges,
  removeXattr,
  setTimes,
} from '../../scriptlet-sandbox/index.js';
import type { Cause } from '../rpm/events.js';
import { readEntry } from '../tree/entry.js';
import { lstatIn } from '../tree/metadata.js';
import { isAtOrBelow, onHost, parentPath, type TreePath, treePath } from '../tree/path.js';
import { causesOf, findActs, type Testimony } from './causes.js';
import { adopt, type Orphan } from './orphans.js';

/** One path that a layer changes in its base's tree. */
export interface LayerChange {
  path: TreePath;
  /** `touched`: a folder of the base in which something else changed, and perhaps its times. */
  kind: 'added' | 'changed' | 'removed' | 'touched';
  /** How the merge has to treat it. */
  form: Change['kind'];
  /** True where the base's inode itself would have been written, had it not been for the view. */
  inPlace: boolean;
  /**
   * Other names of the same inode in the base, which the transaction left alone: they must be linked to the new
   * inode as well, or the hardlink group would fall apart.
   */
  alsoNamed: TreePath[];
  /**
   * Who changed it, each once, the last one last: the payload that brought it and the scriptlet that edited it. Empty
   * for a folder that was copied to the upper folder and nothing more.
   */
  causes: Cause[];
}

/** What of the base is needed to make sense of an upper folder. */
export interface BaseView {
  tree: string;
  /** Every set of names in the tree that share an inode. */
  hardlinkGroups(): TreePath[][];
  /** The folder that overlayfs worked in, with its index of hardlinked inodes. */
  work: string;
}

/**
 * Reads what a transaction left in an upper folder, in path order, and frees its files of overlayfs's own marks, as
 * the same inodes will be linked into a deployment. Costs in proportion to the changes, not to the base.
 */
export function collectChanges(base: BaseView, upper: string, testimony: Testimony): LayerChange[] {
  const acts = findActs({ tree: base.tree, upper, work: base.work }, testimony);
  fillMovedFolders({ tree: base.tree, upper, work: base.work });
  const indexed = copiedUpInodes(base.work);
  let changes = [...readChanges(upper)];
  const written = indexed.size > 0 || changes.some(({ origin }) => origin !== undefined);
  const groups = written ? groupsByHandle(base) : new Map<string, TreePath[]>();
  const orphans = findOrphans(indexed, changes, groups);
  for (const orphan of orphans) adopt(base.tree, upper, orphan);
  if (orphans.length > 0) changes = [...readChanges(upper)];
  const covered = coveredPaths(changes);
  const found = changes.flatMap((change) => {
    const path = change.path as TreePath;
    if (change.kind === 'other') stripMarks(onHost(upper, path));
    const kind = kindOf(base.tree, upper, change);
    const handle = change.origin?.toString('hex');
    const group = handle === undefined ? [] : (groups.get(handle) ?? []);
    const alsoNamed = group.filter((name) => !isAtOrBelow(name, covered));
    return kind === undefined ? [] : [{ path, kind, form: change.kind, handle, alsoNamed }];
  });
  const causes = causesOf(found, acts);
  return found.map(({ handle, ...change }) => ({
    ...change,
    inPlace: handle !== undefined,
    causes: causes.get(change.path) ?? [],
  }));
}

/** Takes away mount points that the sandbox had to make, leaving their parents' times as the transaction left them. */
export function removeMountPoints(upper: string, made: readonly string[]): void {
  for (const path of made.map(treePath)) {
    const parent = onHost(upper, parentPath(path));
    const { atimeNs, mtimeNs } = lstatSync(parent, { bigint: true });
    try {
      rmdirSync(onHost(upper, path));
    } catch {
      continue; // a package brought it, or something in it: then it is the package's
    }
    setTimes(parent, atimeNs, mtimeNs);
  }
}

/** Hardlink groups of the base by the handle of their inode, which is what an origin mark and an index entry hold. */
function groupsByHandle(base: BaseView): Map<string, TreePath[]> {
  const byHandle = new Map<string, TreePath[]>();
  for (const group of base.hardlinkGroups()) {
    const [first] = group;
    const handle = first === undefined ? undefined : fileHandle(onHost(base.tree, first));
    if (handle !== undefined) byHandle.set(handle.bytes.toString('hex'), group);
  }
  return byHandle;
}

/** An inode that was written, and then lost the name it was written by, lives on under the group's other names. */
function findOrphans(
  indexed: ReadonlyMap<string, string>,
  changes: readonly Change[],
  groups: ReadonlyMap<string, TreePath[]>,
): Orphan[] {
  const named = new Set(changes.map(({ origin }) => origin?.toString('hex')));
  const covered = coveredPaths(changes);
  return [...indexed].flatMap(([handle, inode]) => {
    const name = groups.get(handle)?.find((path) => !isAtOrBelow(path, covered));
    return name === undefined || named.has(handle) ? [] : [{ inode, name }];
  });
}

/** Paths whose base content, with all below, is hidden by the upper folder. */
function coveredPaths(changes: readonly Change[]): Set<string> {
  return new Set(changes.filter(({ kind }) => kind !== 'directory').map(({ path }) => path));
}

/** A whiteout of what the base does not have (made and removed in the view) is no change. */
function kindOf(tree: string, upper: string, change: Change): LayerChange['kind'] | undefined {
  const path = change.path as TreePath;
  const before = lstatIn(tree, path);
  if (change.kind === 'removed') return before === undefined ? undefined : 'removed';
  if (before === undefined) return 'added';
  return change.kind === 'directory' && before.isDirectory() && sameFolder(tree, upper, path)
    ? 'touched'
    : 'changed';
}

function sameFolder(tree: string, upper: string, path: TreePath): boolean {
  const [a, b] = [readEntry(tree, path), readEntry(upper, path)];
  const own = (xattrs: Record<string, string>) =>
    JSON.stringify(Object.entries(xattrs).filter(([name]) => !name.startsWith('trusted.overlay.')));
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && own(a.xattrs) === own(b.xattrs);
}

function stripMarks(host: Buffer): void {
  for (const name of listXattrs(host)) if (name.startsWith('trusted.overlay.')) removeXattr(host, name);
}
