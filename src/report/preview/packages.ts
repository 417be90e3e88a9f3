import { packageNameOf } from '../../rpm/nevra.js';
import type { ChangeReport, ReportedPackage } from '../change-report.js';
import type { View } from '../style.js';
import { count, humanBytes, printable } from '../text.js';
import { columnsOf, fitted, shortened, title } from './layout.js';

const MARKS = { added: '+', upgraded: '^', downgraded: 'v', replaced: '=', removed: '-' } as const;
const COLOURS = {
  added: 'green',
  upgraded: 'green',
  downgraded: 'yellow',
  replaced: 'yellow',
  removed: 'red',
} as const;

const SIZE_COLUMNS = 10;
/** Less room than this for a summary says nothing. */
const WORTH_READING = 14;

/** What was asked and what it was resolved to, with sizes. */
export function packageSection({ packages, asked, totals }: ChangeReport, view: View): string[] {
  if (packages.length === 0) return [];
  const download = totals.downloadBytes === 0 ? '' : `download ${humanBytes(totals.downloadBytes)}, `;
  const size = packages.reduce((sum, { sizeDifference }) => sum + sizeDifference, 0);
  const summary = `${count(packages.length, 'package')}, ${download}${signed(size)} when installed`;
  const names = packages.map((one) => columnsOf(nameOf(one)));
  const widest = Math.min(Math.max(...names), view.width - SIZE_COLUMNS - 6);
  return [title('PACKAGES', summary, view), ...packages.map((one) => line(one, { asked, view, widest }))];
}

function line(
  one: ReportedPackage,
  { asked, view, widest }: { asked: ChangeReport['asked']; view: View; widest: number },
): string {
  const size = signed(one.sizeDifference).padStart(SIZE_COLUMNS);
  const head = `  ${MARKS[one.kind]} ${fitted(nameOf(one), widest)}  ${size}`;
  const room = view.width - columnsOf(head) - 2;
  const why = room < WORTH_READING ? '' : shortened(whyOf(one, asked), room);
  return `${view.style[COLOURS[one.kind]](head)}  ${view.style.dim(why)}`.trimEnd();
}

function nameOf({ before, after, kind }: ReportedPackage): string {
  if (before === '' || after === '') return printable(after || before);
  const version = after.slice(packageNameOf(after).length + 1);
  return printable(kind === 'replaced' ? after : `${before} -> ${version}`);
}

/** What it is for, or for which package it comes. */
function whyOf({ after, requested, summary }: ReportedPackage, asked: ChangeReport['asked']): string {
  const needing = asked.packages.find(({ dependencies }) => dependencies.includes(after));
  const text = requested || needing === undefined ? summary : `needed by ${packageNameOf(needing.nevra)}`;
  return printable(text);
}

function signed(bytes: number): string {
  return bytes < 0 ? `-${humanBytes(-bytes)}` : `+${humanBytes(bytes)}`;
}
