import type { PlanInfo, PreviewOutcome } from './results.js';
import type { View } from './style.js';
import { alignedLines, table } from './table.js';
import { count, humanTime, printable } from './text.js';

/** The plans there are, a line each: what made them, what they change, and whether they were applied. */
export function planListText(plans: readonly PlanInfo[], view: View): string {
  if (plans.length === 0) return 'no plans: `veneer install --preview …` makes one';
  const columns = [
    { title: 'PLAN' },
    { title: 'MADE' },
    { title: 'BASE' },
    { title: 'STATE' },
    { title: 'COMMAND', shrink: true },
  ];
  const rows = plans.map((plan) => [
    plan.id,
    humanTime(plan.created),
    plan.base.name,
    plan.applied === null ? 'open' : `applied as ${plan.applied}`,
    plan.command,
  ]);
  return table(columns, rows, view);
}

/** What can be done with a plan, under its report. */
export function planHintText(plan: PlanInfo): string {
  const id = printable(plan.id);
  const rows = [
    [`veneer apply ${id}`, 'deploys exactly these files'],
    [`veneer plan show ${id} --files`, 'every path, or --scripts'],
    [`veneer shell ${id}`, 'a shell in the result'],
  ];
  return [`kept as plan ${id}; nothing was deployed`, ...alignedLines(rows)].join('\n');
}

/** Whether anything ran, and what two runs of the same did differently. */
export function rerunText({ reused, rerun }: Pick<PreviewOutcome, 'reused' | 'rerun'>): string {
  if (reused) return 'no script ran: the same was run on this base before (--fresh runs it again)';
  if (rerun === null) return '';
  if (rerun.length === 0) return 'run again: it came out the same as before';
  const lines = rerun.map(({ path, kind, what }) => `  ${path}  ${[kind, ...what].join(', ')}`);
  return [`run again: ${count(rerun.length, 'path')} came out differently than before`, ...lines].join('\n');
}
