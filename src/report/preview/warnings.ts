import { packageNameOf } from '../../rpm/nevra.js';
import type { ChangeReport, Warning } from '../change-report.js';
import type { View } from '../style.js';
import { printable } from '../text.js';
import { title, wrappedWords } from './layout.js';

const COLOURS = { high: 'red', medium: 'yellow', low: 'dim' } as const;
const SUMMARY_WARNINGS = 15;

/** What deserves a look, worst first; the summary counts minor ones by rule. */
export function warningSection({ warnings }: ChangeReport, view: View, all: boolean): string[] {
  if (warnings.length === 0) return [];
  const serious = warnings.filter(({ severity }) => severity !== 'low');
  const shown = all ? warnings : serious.slice(0, SUMMARY_WARNINGS);
  const left = warnings.filter((warning) => !shown.includes(warning));
  const of = (severity: string) => warnings.filter((warning) => warning.severity === severity).length;
  return [
    title('WORTH A LOOK', `${of('high')} high, ${of('medium')} medium, ${of('low')} low`, view),
    ...shown.flatMap((warning) => lines(warning, view)),
    ...leftLines(left, view),
  ];
}

function lines({ rule, severity, text, scriptlet, package: owner }: Warning, view: View): string[] {
  const by = scriptlet ?? (owner && packageNameOf(owner));
  const isSaid = by === null || text.startsWith(by);
  const said = `  ${severity.padEnd(6)}  ${printable(text)} [${rule}]${isSaid ? '' : ` by ${printable(by)}`}`;
  return wrappedWords(said, view, 10).map(view.style[COLOURS[severity]]);
}

function leftLines(left: readonly Warning[], view: View): string[] {
  if (left.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { rule } of left) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const parts = [...counts].map(([rule, number]) => `${number} ${rule}`);
  return wrappedWords(`  and ${parts.join(', ')} (--files shows them)`, view, 4).map(view.style.dim);
}
