import type { ChangeReport } from '../change-report.js';
import type { View } from '../style.js';
import { humanDuration, printable } from '../text.js';
import { title, wrappedWords } from './layout.js';

const SLOWEST = 3;
/** What is faster is not worth a place in the summary. */
const NOTABLE_MS = 10;

/** How long it took, by phase, and the slowest scriptlets. */
export function timeSection({ durations, scriptlets }: ChangeReport, view: View): string[] {
  const phases = Object.entries(durations.phases).filter(([, ms]) => ms >= NOTABLE_MS);
  const ran = scriptlets.filter(({ ran: didRun }) => didRun);
  if (phases.length === 0 && ran.length === 0) return [];
  const slowest = ran.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  const named = slowest.map(({ name, durationMs }) => `${printable(name)} ${humanDuration(durationMs)}`);
  const byPhase = phases.map(([phase, ms]) => `${printable(phase)} ${humanDuration(ms)}`);
  return [
    title('TIME', ran.length === 0 ? '' : `scripts ${humanDuration(durations.scriptletsMs)}`, view),
    ...(byPhase.length === 0 ? [] : wrappedWords(`  ${byPhase.join(', ')}`, view, 2)),
    ...(named.length === 0 ? [] : wrappedWords(`  slowest scripts: ${named.join(', ')}`, view, 4)),
  ];
}
