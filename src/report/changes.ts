import type { ChangeCounts, PackageChange } from './results.js';
import { alignedLines } from './table.js';
import { count } from './text.js';

/** One line for each package that came, went or changed, what comes first at the top; none where there is no change. */
export function packageChangeLines(changes: readonly PackageChange[], indent = '  '): string[] {
  const order = ['added', 'upgraded', 'downgraded', 'replaced', 'removed'];
  const sorted = [...changes].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return alignedLines(
    sorted.map((change) => [change.kind, versions(change)]),
    indent,
  );
}

/** How many paths a layer touches, in one line. */
export function changeCounts(changes: ChangeCounts): string {
  const { added, changed, removed, inPlace } = changes;
  if (added + changed + removed === 0) return 'none';
  const total = `${count(added, 'path')} added, ${count(changed, 'path')} changed, ${count(removed, 'path')} removed`;
  return inPlace === 0 ? total : `${total} (${inPlace} in place)`;
}

function versions(change: PackageChange): string {
  if (change.before === '') return change.after;
  return change.after === '' ? change.before : `${change.before} -> ${change.after}`;
}
