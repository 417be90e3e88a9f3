import { isMark } from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';
import type { TreeEntry } from '../tree/entry.js';
import { displayPath } from '../tree/path.js';

/**
 * Refuses a tree that holds overlayfs's own marks, as an upper folder of a container does: in a view the kernel would
 * act on them (a whiteout hides, a redirect leads elsewhere) instead of showing them. Throws E_BASE_SOURCE.
 */
export function refuseOverlayMarks(entries: Iterable<TreeEntry>): void {
  for (const { path, type, rdev, xattrs } of entries) {
    const mark = Object.keys(xattrs).find(isMark);
    if (mark === undefined && !(type === 'char' && rdev === 0)) continue;
    throw new VeneerError(
      'E_BASE_SOURCE',
      `the tree has marks of overlayfs: ${displayPath(path)} ${mark === undefined ? 'is a whiteout' : `carries ${mark}`}`,
      { hint: 'import the mounted overlay, where its layers are put together, not one of its folders' },
    );
  }
}
