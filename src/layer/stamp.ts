import { lstatSync } from 'node:fs';
import { onHost, type TreePath } from '../tree/path.js';

/** Mode, owner, size and time of modification in nanoseconds: what a change of a file moves. */
export function stampOf(upper: string, path: TreePath): string {
  const { mode, uid, gid, size, mtimeNs } = lstatSync(onHost(upper, path), { bigint: true });
  return [mode.toString(8), uid, gid, size, mtimeNs].join(' ');
}
