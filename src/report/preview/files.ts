import { packageNameOf } from '../../rpm/nevra.js';
import type { ChangeReport, FileChange, FileFacts, ReportedCause } from '../change-report.js';
import { registryOf } from '../registries.js';
import type { View } from '../style.js';
import { count, humanBytes, printable } from '../text.js';
import { broken, columnsOf, fitted, quoted, shortened, title, wrappedWords } from './layout.js';

/** So many lines of paths are in the summary. */
const SUMMARY_LINES = 20;
const COLOURS = { added: 'green', removed: 'red', changed: 'yellow' } as const;
const LEGEND = 'c content, p mode, u user, g group, x xattrs, C caps, t type, ! in place';
const UNCHANGED = '.......';
const DIFF_MARK = '      ';

/** What changes, path by path, with its cause; with `all`, every path with old and new values and text diffs. */
export function fileSection({ files, totals }: ChangeReport, view: View, all: boolean): string[] {
  if (files.length === 0) return [title('FILES', 'none', view)];
  const { added, changed, removed, bytes } = totals;
  const summary = `${added} new, ${changed} changed, ${removed} removed, ${signed(bytes)}`;
  const legend = files.some(({ kind }) => kind === 'changed') ? [view.style.dim(`  ${LEGEND}`)] : [];
  const lines = all ? files.flatMap((file) => wholeLines(file, view)) : summaryLines(files, view);
  return [title('FILES', summary, view), ...lines, ...legend];
}

/**
 * What was there before or what a scriptlet made says more than what a package brings as its own: the first are shown
 * path by path, the latter counted for each package.
 */
function summaryLines(files: readonly FileChange[], view: View): string[] {
  if (files.length <= SUMMARY_LINES) return files.map((file) => oneLine(file, view));
  const telling = files.filter((file) => !isPlainPayload(file));
  const counts = countByPackage(files.filter(isPlainPayload));
  const groups = counts.slice(0, 5).map(([label, number]) => groupLine(label, number, view));
  const shown = mostTelling(telling, SUMMARY_LINES - groups.length - 1);
  const more = files.length - shown.length - counts.slice(0, 5).reduce((sum, [, number]) => sum + number, 0);
  const rest =
    more === 0 ? '--files shows every path' : `${count(more, 'path')} more; --files shows every path`;
  return [...shown.map((file) => oneLine(file, view)), ...groups, view.style.dim(`  ${rest}`)];
}

/** What was the base's comes before what is new, and both before what tools keep for all packages and state. */
function mostTelling(files: readonly FileChange[], number: number): FileChange[] {
  const weight = ({ path, kind }: FileChange) => {
    if (registryOf(path) !== undefined || path.startsWith('/var/')) return 2;
    return kind === 'added' ? 1 : 0;
  };
  const chosen = new Set(files.toSorted((a, b) => weight(a) - weight(b)).slice(0, number));
  return files.filter((file) => chosen.has(file));
}

function isPlainPayload({ kind, causes }: FileChange): boolean {
  return kind === 'added' && causes.length > 0 && causes.every(({ by }) => by === 'payload');
}

function countByPackage(files: readonly FileChange[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { causes } of files) {
    const label = causeLabel(causes);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

function groupLine(label: string, number: number, view: View): string {
  const text = `  +++++++   ${count(number, 'path')} that ${label} ${label.includes(',') ? 'bring' : 'brings'}`;
  return view.style.green(shortened(text, view.width));
}

function oneLine(file: FileChange, view: View): string {
  const cause = shortened(causeLabel(file.causes), Math.max(16, Math.floor(view.width * 0.32)));
  const room = view.width - 12 - columnsOf(cause) - 2;
  const whole = printable(file.path) + targetOf(file);
  const name = fitted(columnsOf(whole) <= room ? whole : printable(file.path), room);
  return `${view.style[COLOURS[file.kind]](`${marks(file)}${name}`)}  ${view.style.dim(cause)}`.trimEnd();
}

function wholeLines(file: FileChange, view: View): string[] {
  const name = printable(file.path) + targetOf(file);
  const pieces = broken(name, view.width - 12);
  const painted = pieces.map((piece, at) =>
    view.style[COLOURS[file.kind]]((at === 0 ? marks(file) : ' '.repeat(12)) + piece),
  );
  const facts = [...values(file), ownerOf(file), `by ${causeLabel(file.causes) || 'an unknown hand'}`].filter(
    Boolean,
  );
  const details = wrappedWords(DIFF_MARK + facts.join('; '), view, DIFF_MARK.length).map(view.style.dim);
  return [...painted, ...details, ...diffLines(file, view)];
}

function marks({ letters, inPlace, kind }: FileChange): string {
  return `  ${letters} ${inPlace && kind === 'changed' ? '!' : ' '} `;
}

function targetOf({ before, after }: FileChange): string {
  const target = (after ?? before)?.target ?? '';
  return target === '' ? '' : ` -> ${printable(target)}`;
}

/** Old and new values of what changed; of what is new or gone, what it is. */
function values({ before, after, letters }: FileChange): string[] {
  const facts = after ?? before;
  if (facts === null) return [];
  if (before === null || after === null) return describe(facts);
  if (before.type !== after.type) return [`${before.type} -> ${after.type}`, ...describe(after).slice(1)];
  if (letters === UNCHANGED) return ['the same as before'];
  const pairs = describe(before).map((old, at) => [old, describe(after)[at] ?? '']);
  return pairs.flatMap(([old = '', now = '']) =>
    old === now ? [] : [`${old || 'none'} -> ${now || 'none'}`],
  );
}

function describe({
  type,
  mode,
  user,
  group,
  uid,
  gid,
  size,
  capabilities,
  sha256,
  xattrs,
}: FileFacts): string[] {
  return [
    type,
    mode,
    `${printable(user) || uid}:${printable(group) || gid}`,
    type === 'file' ? humanBytes(size) : '',
    capabilities,
    ...(sha256 === '' ? [''] : [`sha256 ${sha256.slice(0, 12)}`]),
    xattrs.map(printable).join(' '),
  ].filter((value, at) => at > 2 || value !== '');
}

function ownerOf({ owner }: FileChange): string {
  return owner === null ? "nobody's" : `of ${printable(packageNameOf(owner))}`;
}

function diffLines({ diff }: FileChange, view: View): string[] {
  if (diff === null) return [];
  const [, , ...lines] = diff.split('\n');
  return quoted(lines.join('\n'), view, DIFF_MARK).map((line) => {
    const first = line[DIFF_MARK.length];
    if (first === '+') return view.style.green(line);
    if (first === '-') return view.style.red(line);
    return view.style.dim(line);
  });
}

/** `hello, hello.post`: packages by name, scriptlets by that of their log. */
export function causeLabel(causes: readonly ReportedCause[]): string {
  const labels = causes.map((cause) => {
    if (cause.by === 'rpm') return 'rpm';
    return printable(cause.by === 'scriptlet' ? cause.name : packageNameOf(cause.package));
  });
  return labels.join(', ');
}

function signed(bytes: number): string {
  return bytes < 0 ? `-${humanBytes(-bytes)}` : `+${humanBytes(bytes)}`;
}
