import {
  collectChanges as collectFrom,
  type TreeChange,
  type ViewFolders,
} from '../../scriptlet-sandbox/index.js';
import type { Cause } from '../rpm/events.js';
import type { TreePath } from '../tree/path.js';
import { type Acts, causesOf } from './causes.js';
import { stampOf } from './stamp.js';

/** One path that a layer changes in its base's tree. */
export interface LayerChange extends Omit<TreeChange, 'origin'> {
  path: TreePath;
  /** True where the base's inode itself would have been written, had it not been for the view. */
  inPlace: boolean;
  /**
   * Who changed it, each once, the last one last: the payload that brought it and the scriptlet that edited it. Empty
   * for a folder that was copied to the upper folder and nothing more.
   */
  causes: Cause[];
  /** Of what is no folder: what would tell that it was changed afterwards; see `checkUpper`. */
  stamp?: string | undefined;
}

/** What of the base is needed to make sense of an upper folder. */
export interface BaseView extends ViewFolders {
  /** Every set of names in the tree that share an inode. */
  hardlinkGroups(): TreePath[][];
}

/**
 * Reads what a transaction left in its settled upper folder, in path order, and frees the files there of overlayfs's
 * own marks, as the same inodes will be linked into a deployment. Costs in proportion to the changes, not to the base.
 */
export function collectChanges({ hardlinkGroups, ...folders }: BaseView, acts: Acts): LayerChange[] {
  const found = collectFrom(folders, hardlinkGroups) as (TreeChange & { path: TreePath })[];
  const causes = causesOf(found, acts);
  return found.map(({ path, kind, form, origin }) => ({
    ...{ path, kind, form, inPlace: origin !== undefined },
    causes: causes.get(path) ?? [],
    stamp: form === 'other' ? stampOf(folders.upper, path) : undefined,
  }));
}
