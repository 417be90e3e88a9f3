import type { FileChange, ReportedPackage, ReportTotals } from '../change-report.js';
import type { PathPair } from './pairs.js';
import type { Located } from './side.js';

/** The sums of a report. Names that share an inode count once. */
export function totalsOf(
  files: readonly FileChange[],
  pairs: readonly PathPair[],
  packages: readonly ReportedPackage[],
): ReportTotals {
  const count = (kind: FileChange['kind']) => files.filter((file) => file.kind === kind).length;
  const before = bytesOf(pairs.flatMap((pair) => pair.before ?? []));
  const after = bytesOf(pairs.flatMap((pair) => pair.after ?? []));
  return {
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    inPlace: files.filter(({ inPlace }) => inPlace).length,
    bytes: after - before,
    downloadBytes: packages.reduce((sum, { downloadSize }) => sum + (downloadSize ?? 0), 0),
  };
}

function bytesOf(located: readonly Located[]): number {
  const inodes = new Map(located.map(({ entry }) => [`${entry.dev}:${entry.ino}`, entry.size]));
  return [...inodes.values()].reduce((sum, size) => sum + size, 0);
}
