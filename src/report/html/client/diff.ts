import { element, unseen } from './dom.js';

interface Line {
  number: number;
  text: string;
}

/** Where two lines differ: what comes before and after it is the same. */
interface Middle {
  start: number;
  /** How many characters are the same at the end. */
  end: number;
}

/** A unified diff side by side: what was on the left, what is on the right. */
export function sideBySide(diff: string, path: string): HTMLElement {
  const table = element('div', 'diff');
  table.setAttribute('role', 'group');
  table.setAttribute('aria-label', `Difference of ${path}`);
  const run: { old: Line[]; new: Line[] } = { old: [], new: [] };
  let oldNumber = 0;
  let newNumber = 0;
  const flush = () => {
    table.append(...changedPairs(run.old.splice(0), run.new.splice(0)));
  };
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      flush();
      [oldNumber, newNumber] = [Number(hunk[1]), Number(hunk[2])];
      table.append(element('div', 'hunk', line));
    } else if (oldNumber === 0 && newNumber === 0) {
      // The two lines with the file's names come before the first hunk.
    } else if (line.startsWith('-')) run.old.push({ number: oldNumber++, text: line.slice(1) });
    else if (line.startsWith('+')) run.new.push({ number: newNumber++, text: line.slice(1) });
    else if (line.startsWith('\\')) {
      flush();
      table.append(element('div', 'hunk', line.slice(2)));
    } else {
      flush();
      table.append(samePair(line.slice(1), oldNumber++, newNumber++));
    }
  }
  flush();
  return table;
}

function samePair(text: string, oldNumber: number, newNumber: number): HTMLElement {
  return element(
    'div',
    'pair same',
    element('div', 'old', lineNumber(oldNumber), element('code', '', text)),
    element('div', 'new', lineNumber(newNumber), element('code', '', text)),
  );
}

function changedPairs(before: readonly Line[], after: readonly Line[]): HTMLElement[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => {
    const [left, right] = [before[index], after[index]];
    const middle = left && right ? differentMiddle(left.text, right.text) : null;
    return element('div', 'pair', changedCell('del', left, middle), changedCell('ins', right, middle));
  });
}

function changedCell(tag: 'del' | 'ins', line: Line | undefined, middle: Middle | null): HTMLElement {
  const className = tag === 'del' ? 'old' : 'new';
  if (line === undefined) return element('div', `${className} empty`);
  const word = unseen(tag === 'del' ? 'removed: ' : 'added: ');
  return element(tag, className, lineNumber(line.number), word, marked(line.text, middle));
}

function lineNumber(number: number): HTMLElement {
  return element('span', 'line', String(number));
}

/** A line with its different part marked, unless the whole line is different. */
function marked(text: string, middle: Middle | null): HTMLElement {
  if (middle === null) return element('code', '', text);
  const end = text.length - middle.end;
  const part = text.slice(middle.start, end);
  return element(
    'code',
    '',
    text.slice(0, middle.start),
    part === '' ? null : element('mark', '', part),
    text.slice(end),
  );
}

function differentMiddle(a: string, b: string): Middle | null {
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  // Two lines that have little in common read better without marks.
  return start + end < shortest / 3 ? null : { start, end };
}
