import type { PackageLine } from './results.js';
import type { View } from './style.js';
import { table } from './table.js';
import { count, humanBytes } from './text.js';

/** Packages as a table, with their number and size below it; what the layer brought is marked. */
export function packagesText(packages: readonly PackageLine[], view: View): string {
  if (packages.length === 0) return 'no such package here; `veneer packages` lists all';
  const rows = packages.map((line) => [line.nevra, line.origin, humanBytes(line.size), line.summary]);
  const columns = [
    { title: 'PACKAGE' },
    { title: 'FROM' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'SUMMARY', shrink: true },
  ];
  const layered = packages.filter((line) => line.origin === 'layer').length;
  const size = packages.reduce((sum, line) => sum + line.size, 0);
  const total = `${count(packages.length, 'package')}, ${humanBytes(size)}; ${layered} from the layer`;
  return `${table(columns, rows, view)}\n${view.style.dim(total)}`;
}
