/** One row of a diff shown side by side: a note across both sides, or a line on each side, where there is one. */
export type DiffRow =
  | { kind: 'note'; text: string }
  | { kind: 'same' | 'different'; before: DiffLine | null; after: DiffLine | null };

export interface DiffLine {
  number: number;
  text: string;
}

/**
 * A unified diff as rows. Lines removed and the lines added in their place stand beside each other; the lines with the
 * files' names are left out.
 */
export function diffRows(diff: string): DiffRow[] {
  const rows: DiffRow[] = [];
  const run = { before: [] as DiffLine[], after: [] as DiffLine[] };
  const next = { before: 0, after: 0 };
  const finishRun = () => rows.push(...beside(run.before.splice(0), run.after.splice(0)));
  for (const line of inHunks(diff)) {
    const text = line.slice(1);
    if (line.startsWith('-')) run.before.push({ number: next.before++, text });
    else if (line.startsWith('+')) run.after.push({ number: next.after++, text });
    else {
      finishRun();
      const hunk = HUNK.exec(line);
      if (hunk !== null) [next.before, next.after] = [Number(hunk[1]), Number(hunk[2])];
      if (hunk !== null || line.startsWith('\\')) rows.push({ kind: 'note', text: line });
      else {
        const [before, after] = [next.before++, next.after++];
        rows.push({ kind: 'same', before: { number: before, text }, after: { number: after, text } });
      }
    }
  }
  finishRun();
  return rows;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The lines from the first hunk on. */
function inHunks(diff: string): string[] {
  const lines = diff.replace(/\n$/, '').split('\n');
  const first = lines.findIndex((line) => HUNK.test(line));
  return first === -1 ? [] : lines.slice(first);
}

function beside(before: readonly DiffLine[], after: readonly DiffLine[]): DiffRow[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
    kind: 'different',
    before: before[index] ?? null,
    after: after[index] ?? null,
  }));
}

/** How many characters two lines have in common at their start and, after that, at their end. */
export function commonEnds(a: string, b: string): { start: number; end: number } {
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return { start, end };
}
