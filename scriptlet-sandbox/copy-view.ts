import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childOf, hostPath } from './changes.js';
import type { ViewFolders } from './spec.js';

/**
 * An inode of the copy as it was before anything ran: where it came from, and its times of change and birth in
 * nanoseconds. A file system gives the number of a removed inode to the next one that is made: the birth tells.
 */
export interface CopiedInode {
  path: string;
  ctimeNs: bigint;
  birthtimeNs: bigint;
}

/** Where the copy lies, and what was known of it before the run. */
export function copyLayout(work: string): { copy: string; baseline: string } {
  return { copy: join(work, 'copy'), baseline: join(work, 'baseline') };
}

/**
 * A private copy of the tree, with what the upper folder holds already on top; blocks are shared where the file system
 * can. What changed in it is found afterwards by inode, change time, then content. Answers the copy's folder.
 */
export function makeCopy({ tree, upper, work }: ViewFolders): string {
  const { copy, baseline } = copyLayout(work);
  const args = ['-a', '--reflink=auto', '--'];
  execFileSync('cp', [...args, `${tree}/.`, copy], { stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(baseline, JSON.stringify(inodesOf(copy)));
  // Another inode, as in an overlay: what lies in the upper folder was not written in place.
  execFileSync('cp', ['--remove-destination', ...args, `${upper}/.`, copy], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return copy;
}

/** What `makeCopy` noted, by inode number. */
export function readBaseline(work: string): Map<bigint, CopiedInode> {
  const lines = JSON.parse(readFileSync(copyLayout(work).baseline, 'utf8')) as Noted[];
  return new Map(
    lines.map(([ino, path, ctime, birth]) => [
      BigInt(ino),
      { path, ctimeNs: BigInt(ctime), birthtimeNs: BigInt(birth) },
    ]),
  );
}

type Noted = [ino: string, path: string, ctime: string, birth: string];

function inodesOf(copy: string): Noted[] {
  const found: Noted[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const name of readdirSync(hostPath(copy, folder), 'latin1')) {
      const path = childOf(folder, name);
      const stat = lstatSync(hostPath(copy, path), { bigint: true });
      if (stat.isDirectory()) pending.push(path);
      else found.push([`${stat.ino}`, path, `${stat.ctimeNs}`, `${stat.birthtimeNs}`]);
    }
  }
  return found;
}
