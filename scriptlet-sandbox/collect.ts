import { lstatSync } from 'node:fs';
import { type Change, type ChangeKind, hostPath, readChanges } from './changes.js';
import { addName, findHardlinkGroups, findLeftNames, groupsByKey } from './hardlinks.js';
import { listXattrs, removeXattr } from './libc.js';
import { isMark, markName } from './marks.js';
import { sameMetadata } from './metadata.js';
import { copiedUpInodes } from './overlay-index.js';
import type { ViewFolders } from './spec.js';

/** One path that a run changed in its tree. */
export interface TreeChange {
  /** Relative to the tree's root, bytes as latin1 characters; '' is the root itself. */
  path: string;
  /** `touched`: a folder of the tree in which something else changed, and perhaps its times. */
  kind: 'added' | 'changed' | 'removed' | 'touched';
  /** How a merge has to treat it. */
  form: ChangeKind;
  /**
   * Where the tree's inode itself would have been written, had it not been for the view: what this one was copied up
   * from, by the kernel's handle in hex; '' where the handle is not known.
   */
  origin?: string | undefined;
}

/**
 * Reads what a run left in a settled upper folder, in path order. Where it wrote an inode of the tree by one name,
 * the inode's other names are given to the upper folder as well, so that hardlink groups stay whole. Frees the files of
 * overlayfs's own marks, as the same inodes may be linked elsewhere. Costs in proportion to the changes, not to the
 * tree, but for `hardlinkGroups`, which is asked for every set of the tree's names that share an inode where one of
 * the tree's files was written; without it the tree is walked.
 */
export function collectChanges(
  folders: ViewFolders,
  hardlinkGroups: () => readonly (readonly string[])[] = () => findHardlinkGroups(folders.tree),
): TreeChange[] {
  const changes = withWholeGroups(folders, hardlinkGroups);
  for (const { path, kind } of changes)
    if (kind !== 'removed') stripMarks(hostPath(folders.upper, path), kind);
  return changes.flatMap((change) => {
    const kind = kindOf(folders, change);
    const { path, kind: form, origin } = change;
    return kind === undefined ? [] : [{ path, kind, form, origin: origin?.toString('hex') }];
  });
}

function withWholeGroups(
  folders: ViewFolders,
  hardlinkGroups: () => readonly (readonly string[])[],
): Change[] {
  const changes = [...readChanges(folders.upper)];
  const copiedUp = copiedUpInodes(folders.work);
  if (copiedUp.size === 0 && changes.every(({ origin }) => origin === undefined)) return changes;
  const groups = groupsByKey(folders.tree, hardlinkGroups());
  const left = findLeftNames(folders.upper, changes, { groups, copiedUp });
  for (const name of left) addName(folders, name);
  return left.length === 0 ? changes : [...readChanges(folders.upper)];
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

/** Only that a folder hides the tree's is still needed: what else overlayfs noted was for its own use. */
function stripMarks(host: Buffer, kind: ChangeKind): void {
  const kept = kind === 'opaque' ? markName('opaque') : undefined;
  for (const name of listXattrs(host)) if (isMark(name) && name !== kept) removeXattr(host, name);
}
