import type { Aspect } from '../../src/tree/aspects.js';

interface Exception {
  /** Matches the path as people read it, with its leading slash. */
  path: RegExp;
  aspects: readonly (Aspect | 'existence')[];
  reason: string;
}

/**
 * All that may differ between a deployment and what plain rpm makes of the same. Times of what was written during
 * the two runs are left out by the oracle itself.
 */
export const MAY_DIFFER: readonly Exception[] = [
  {
    path: /^\/usr\/lib\/sysimage\/rpm\/rpmdb\.sqlite$/,
    aspects: ['size', 'content', 'mtime'],
    reason: 'pages in another order, install times and transaction ids; the headers are compared one by one',
  },
  {
    path: /^\/usr\/lib\/sysimage\/rpm\/(\.rpm\.lock|rpmdb\.sqlite-(wal|shm))$/,
    aspects: ['existence'],
    reason: 'bookkeeping of rpm and SQLite while the rpmdb is open; the deployment has none of it',
  },
  {
    path: /^\/usr\/lib\/sysimage\/rpm$/,
    aspects: ['mtime'],
    reason: 'the folder of that bookkeeping',
  },
  {
    path: /^\/var\/log\/probe-host$/,
    aspects: ['size', 'content'],
    reason: 'says what the scriptlet could reach: the sandbox refuses what plain rpm allows',
  },
];

/** Whether the table has the difference. */
export function mayDiffer(path: string, aspect: Aspect | 'existence'): boolean {
  return MAY_DIFFER.some((exception) => exception.path.test(path) && exception.aspects.includes(aspect));
}
