import { lstatSync, readlinkSync } from 'node:fs';
import { type Change, type ChangeKind, hostPath, readChanges } from './changes.js';
import {
  adopt,
  findHardlinkGroups,
  findOrphans,
  type GroupsByKey,
  groupsByKey,
  hiddenPaths,
  isHidden,
} from './hardlinks.js';
import { listXattrs, removeXattr } from './libc.js';
import { inUserNamespace, isMark } from './marks.js';
import { sameMetadata } from './metadata.js';
import { copiedUpInodes, inodeKey } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/** One path that a run changed in its tree. */
export interface TreeChange {
  /** Relative to the tree's root, bytes as latin1 characters; '' is the root itself. */
  path: string;
  /** `touched`: a folder of the tree in which something else changed, and perhaps its times. */
  kind: 'added' | 'changed' | 'removed' | 'touched';
  /** How a merge has to treat it. */
  form: ChangeKind;
  /** True where the tree's inode itself would have been written, had it not been for the view. */
  inPlace: boolean;
  /**
   * Other names of the same inode in the tree, which the run left alone: they must be linked to the new inode as
   * well, or the hardlink group would fall apart.
   */
  alsoNamed: string[];
}

/**
 * Reads what a run left in a settled upper folder, in path order, and frees its files of overlayfs's own marks, as the
 * same inodes may be linked elsewhere. Costs in proportion to the changes, not to the tree, but for `hardlinkGroups`,
 * which is asked for every set of the tree's names that share an inode where one of the tree's files was written;
 * without it the tree is walked.
 */
export function collectChanges(
  folders: ViewFolders,
  hardlinkGroups: () => readonly (readonly string[])[] = () => findHardlinkGroups(folders.tree),
): TreeChange[] {
  const copiedUp = copiedUpInodes(folders.work);
  let changes = readAll(folders);
  const written = copiedUp.size > 0 || changes.some(({ origin }) => origin !== undefined);
  const groups = written ? groupsByKey(folders.tree, hardlinkGroups()) : new Map<string, string[]>();
  const orphans = findOrphans(copiedUp, changes, groups);
  for (const orphan of orphans) adopt(folders, orphan);
  if (orphans.length > 0) changes = readAll(folders);
  const hidden = hiddenPaths(changes);
  for (const { path, kind } of changes) if (kind === 'other') stripMarks(hostPath(folders.upper, path));
  return changes.flatMap((change) => {
    const kind = kindOf(folders, change);
    return kind === undefined ? [] : [toTreeChange(change, kind, { groups, hidden })];
  });
}

/** Symlinks cannot carry `user.*` attributes: one of the tree that still leads to the same place was changed in place. */
function readAll({ tree, upper }: ViewFolders): Change[] {
  const changes = [...readChanges(upper)];
  if (!inUserNamespace()) return changes;
  for (const change of changes) {
    if (!change.stat.isSymbolicLink()) continue;
    const before = hostPath(tree, change.path);
    if (!statIn(tree, change.path)?.isSymbolicLink()) continue;
    const same = readlinkSync(before, 'latin1') === readlinkSync(hostPath(upper, change.path), 'latin1');
    if (same) change.origin = Buffer.from(inodeKey(before), 'hex');
  }
  return changes;
}

function toTreeChange(
  { path, kind: form, origin }: Change,
  kind: TreeChange['kind'],
  { groups, hidden }: { groups: GroupsByKey; hidden: ReadonlySet<string> },
): TreeChange {
  const group = origin === undefined ? [] : (groups.get(origin.toString('hex')) ?? []);
  const alsoNamed = group.filter((name) => !isHidden(name, hidden));
  return { path, kind, form, inPlace: origin !== undefined, alsoNamed };
}

/** A whiteout of what the tree does not have (made and removed in the view) is no change. */
function kindOf({ tree, upper }: ViewFolders, { path, kind }: Change): TreeChange['kind'] | undefined {
  const before = statIn(tree, path);
  if (kind === 'removed') return before === undefined ? undefined : 'removed';
  if (before === undefined) return 'added';
  const touched = kind === 'directory' && before.isDirectory();
  return touched && sameMetadata(hostPath(tree, path), hostPath(upper, path)) ? 'touched' : 'changed';
}

/** lstat, or undefined where nothing is there: also where a file stands in place of a folder above. */
function statIn(root: string, path: string) {
  try {
    return lstatSync(hostPath(root, path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function stripMarks(host: Buffer): void {
  for (const name of listXattrs(host)) if (isMark(name)) removeXattr(host, name);
}
