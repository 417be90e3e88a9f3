import {
  collectChanges as collectFrom,
  type TreeChange,
  type ViewFolders,
} from '../../scriptlet-sandbox/index.js';
import type { TreePath } from '../tree/path.js';

/** One path that a layer changes in its base's tree. */
export interface LayerChange extends TreeChange {
  path: TreePath;
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
export function collectChanges({ hardlinkGroups, ...folders }: BaseView): LayerChange[] {
  return collectFrom(folders, hardlinkGroups) as LayerChange[];
}
