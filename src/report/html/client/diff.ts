import { commonEnds, type DiffLine, type DiffRow, diffRows } from './diff-rows.js';
import { element, unseen } from './dom.js';

/** Two lines that have less than this part in common read better without marks. */
const WORTH_MARKS = 1 / 3;

/** A unified diff side by side: what was on the left, what is on the right. */
export function sideBySide(diff: string, path: string): HTMLElement {
  const table = element('div', 'diff', ...diffRows(diff).map(drawnRow));
  table.setAttribute('role', 'group');
  table.setAttribute('aria-label', `Difference of ${path}`);
  return table;
}

function drawnRow(row: DiffRow): HTMLElement {
  if (row.kind === 'note') return element('div', 'hunk', row.text);
  const { before, after } = row;
  if (row.kind === 'same')
    return element('div', 'pair same', sameCell('old', before), sameCell('new', after));
  return element('div', 'pair', changedCell('del', before, after), changedCell('ins', after, before));
}

function sameCell(side: string, line: DiffLine | null): HTMLElement {
  return element('div', side, lineNumber(line?.number ?? 0), element('code', '', line?.text ?? ''));
}

function changedCell(tag: 'del' | 'ins', line: DiffLine | null, other: DiffLine | null): HTMLElement {
  const side = tag === 'del' ? 'old' : 'new';
  if (line === null) return element('div', `${side} empty`);
  const word = unseen(tag === 'del' ? 'removed: ' : 'added: ');
  return element(tag, side, lineNumber(line.number), word, markedLine(line.text, other?.text));
}

function lineNumber(number: number): HTMLElement {
  return element('span', 'line', String(number));
}

/** A line with the part marked in which it differs from the line beside it. */
function markedLine(text: string, other: string | undefined): HTMLElement {
  if (other === undefined) return element('code', '', text);
  const { start, end } = commonEnds(text, other);
  if (start + end < WORTH_MARKS * Math.min(text.length, other.length)) return element('code', '', text);
  const part = text.slice(start, text.length - end);
  const mark = part === '' ? null : element('mark', '', part);
  return element('code', '', text.slice(0, start), mark, text.slice(text.length - end));
}
