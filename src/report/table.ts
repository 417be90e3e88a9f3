import type { View } from './style.js';
import { printable } from './text.js';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** Cut with an ellipsis where the table would be wider than the view: for text that is good to have only. */
  shrink?: boolean;
}

const GAP = '  ';

/** Aligned columns under a head line; cells are escaped here, so that they may hold anything. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], view: View): string {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = columnWidths(columns, cells, view.width);
  const head = line(
    columns.map((column) => column.title),
    columns,
    widths,
  );
  return [view.style.dim(head), ...cells.map((row) => line(row, columns, widths))].join('\n');
}

/** Rows aligned in columns without a head, indented: for lists inside a longer text. */
export function alignedLines(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const columns = (rows[0] ?? []).map(() => ({ title: '' }));
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = columnWidths(columns, cells, Number.POSITIVE_INFINITY);
  return cells.map((row) => indent + line(row, columns, widths));
}

/** Words joined with commas into lines that fit the view; lines after the first are indented. */
export function wrapped(items: readonly string[], indent: number, view: View): string {
  const room = Math.max(20, view.width - indent);
  const lines: string[] = [];
  for (const item of items.map(printable)) {
    const joined = lines.length === 0 ? item : `${lines.at(-1)}, ${item}`;
    if (lines.length === 0) lines.push(item);
    else if (joined.length < room) lines[lines.length - 1] = joined;
    else {
      lines[lines.length - 1] += ',';
      lines.push(item);
    }
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  limit: number,
): number[] {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, length(row[index] ?? '')), length(column.title)),
  );
  const total = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1));
  const shrinking = columns.findIndex((column) => column.shrink);
  if (shrinking < 0 || total <= limit) return widths;
  // Ten columns stay: less says nothing any more, and the line is too long anyway.
  return widths.map((width, index) => (index === shrinking ? Math.max(10, width - (total - limit)) : width));
}

function line(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return row
    .map((cell, index) => pad(cut(cell, widths[index] ?? 0), widths[index] ?? 0, columns[index]?.align))
    .join(GAP)
    .trimEnd();
}

function cut(cell: string, width: number): string {
  return length(cell) <= width ? cell : `${[...cell].slice(0, width - 1).join('')}…`;
}

function pad(cell: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - length(cell)));
  return align === 'right' ? blanks + cell : cell + blanks;
}

function length(text: string): number {
  return [...text].length;
}
