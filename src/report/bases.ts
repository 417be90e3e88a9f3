import type { BaseInfo } from './results.js';
import type { View } from './style.js';
import { table } from './table.js';
import { count, humanBytes, humanTime, printable } from './text.js';

/** The bases of a sysroot as a table. */
export function basesText(bases: readonly BaseInfo[], view: View): string {
  if (bases.length === 0) return 'There is no base yet. Next: veneer base import FOLDER-OR-TAR --name NAME';
  const rows = bases.map((base) => [
    base.name,
    String(base.paths),
    humanBytes(base.bytes),
    String(base.packages),
    String(base.usedBy.length),
    humanTime(base.created),
    base.id,
  ]);
  return table(
    [
      { title: 'NAME' },
      { title: 'PATHS', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'PACKAGES', align: 'right' },
      { title: 'USED BY', align: 'right' },
      { title: 'IMPORTED' },
      { title: 'ID', shrink: true },
    ],
    rows,
    view,
  );
}

/** What an import did. */
export function importedText(base: BaseInfo & { already: boolean }, view: View): string {
  const name = view.style.bold(printable(base.name));
  const holds = `${count(base.paths, 'path')}, ${humanBytes(base.bytes)}, ${count(base.packages, 'package')}`;
  const line = base.already
    ? `base ${name} holds the very same tree already`
    : `imported base ${name} (${printable(base.id)})`;
  return `${line}\n  ${holds}\nnext: veneer install --base ${printable(base.name)} PACKAGE.rpm`;
}

/** What a removal did. */
export function removedText(base: BaseInfo): string {
  return `removed base ${printable(base.name)} (${printable(base.id)}), ${humanBytes(base.bytes)}`;
}
