import { changeCounts } from './changes.js';
import type { PlanInfo } from './results.js';
import type { View } from './style.js';
import { table } from './table.js';
import { humanTime, printable } from './text.js';

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
  return [
    `plan ${id}: ${changeCounts(plan.changes)}; nothing was deployed`,
    `  veneer apply ${id}          deploys exactly these files; no script runs again`,
    `  veneer plan show ${id} --files --scripts    shows everything`,
    `  veneer shell ${id}          looks into the result`,
  ].join('\n');
}
