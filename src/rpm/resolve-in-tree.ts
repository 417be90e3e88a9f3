import { lstatSync, readlinkSync } from 'node:fs';
import { isErrno } from '../support/errors.js';
import { childPath, onHost, parentPath, type TreePath } from '../tree/path.js';

/** As many as the kernel follows before it says ELOOP (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Follows every symlink of a path the way a process chrooted to the tree would: absolute targets start at the tree's
 * root and `..` stops there. Undefined where the path leads to nothing, or round in circles.
 */
export function resolveInTree(treeRoot: string, path: TreePath): TreePath | undefined {
  let resolved = '' as TreePath;
  let links = 0;
  const pending = path.split('/');
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      resolved = parentPath(resolved);
      continue;
    }
    const next = childPath(resolved, Buffer.from(name, 'latin1'));
    const target = linkTarget(treeRoot, next);
    if (target === undefined) return undefined;
    if (target === '') {
      resolved = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return undefined;
    if (target.startsWith('/')) resolved = '' as TreePath;
    pending.unshift(...target.split('/'));
  }
  return resolved;
}

/** A symlink's target; '' for what is no symlink, undefined for what is not there. */
function linkTarget(treeRoot: string, path: TreePath): string | undefined {
  const host = onHost(treeRoot, path);
  try {
    return lstatSync(host).isSymbolicLink() ? readlinkSync(host, 'latin1') : '';
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
