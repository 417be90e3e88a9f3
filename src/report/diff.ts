import { packageChangeLines } from './changes.js';
import type { Diff, FileDifference } from './results.js';
import type { View } from './style.js';
import { count, printable } from './text.js';

const MARKS = { added: '+', removed: '-', changed: '~' } as const;
const COLOURS = { added: 'green', removed: 'red', changed: 'yellow' } as const;

/** What is different in B against A: packages, and files where they were asked for. */
export function diffText(diff: Diff, view: View): string {
  const title = `${view.style.bold(printable(diff.a))} -> ${view.style.bold(printable(diff.b))}`;
  const parts = [title, packagePart(diff)];
  if (diff.files !== undefined) parts.push(filePart(diff.files, view));
  else parts.push(view.style.dim('files: add --files to see them'));
  return parts.join('\n');
}

function packagePart({ packages }: Diff): string {
  if (packages.length === 0) return 'packages: no difference';
  return [count(packages.length, 'package'), ...packageChangeLines(packages)].join('\n');
}

function filePart(files: readonly FileDifference[], view: View): string {
  if (files.length === 0) return 'files: no difference';
  return [count(files.length, 'path'), ...files.map((file) => fileLine(file, view))].join('\n');
}

function fileLine(file: FileDifference, view: View): string {
  const what = file.what.length === 0 ? '' : `  (${file.what.map(printable).join(', ')})`;
  return `  ${view.style[COLOURS[file.kind]](`${MARKS[file.kind]} ${printable(file.path)}`)}${view.style.dim(what)}`;
}
