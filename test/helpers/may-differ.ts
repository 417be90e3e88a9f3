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
  {
    path: /^\/var\/cache\/ldconfig\/aux-cache$/,
    aspects: ['content'],
    reason: 'ldconfig keeps the inode number and ctime of each library in it',
  },
  {
    path: /^\/var\/log\/alternatives\.log$/,
    aspects: ['content'],
    reason: 'each line begins with the time of the run; its size is compared',
  },
  {
    path: /^\/etc\/ssh\/ssh_host_[a-z0-9]+_key(\.pub)?$/,
    aspects: ['content', 'size'],
    reason:
      'keys that the scriptlet of openssh-server makes at random; leading zeros of their numbers are left out',
  },
  {
    path: /^\/etc\/ssl\/(certs\/ssl-cert-snakeoil\.pem|private\/ssl-cert-snakeoil\.key)$/,
    aspects: ['content', 'size'],
    reason: 'a key and certificate that the scriptlet of ssl-cert makes at random, the same way',
  },
];

/** Whether the table has the difference. */
export function mayDiffer(path: string, aspect: Aspect | 'existence'): boolean {
  return MAY_DIFFER.some((exception) => exception.path.test(path) && exception.aspects.includes(aspect));
}
