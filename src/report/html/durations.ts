import type { ChangeReport } from '../change-report.js';
import { humanDuration } from '../text.js';
import { bar } from './bars.js';
import { type Html, html } from './escape.js';

/** The phases on one line of time, and what the scriptlets took of it. */
export function durationsSection({ durations, scriptlets }: ChangeReport): Html {
  const phases = Object.entries(durations.phases);
  if (phases.length === 0) return html`<p class="calm">Nothing was run for this report.</p>`;
  const total = phases.reduce((sum, [, ms]) => sum + ms, 0);
  let now = 0;
  const rows = phases.map(([name, ms]) => {
    const row = phaseRow(name, ms, bar([{ from: now, length: ms, tone: 'good' }], total, 'mini'));
    now += ms;
    return row;
  });
  const ran = scriptlets.filter((one) => one.ran).length;
  return html`<p>${humanDuration(total)} in all${ran > 0 && `, ${humanDuration(durations.scriptletsMs)} of it in scriptlets`}.</p>
<dl class="phases">${rows}</dl>`;
}

function phaseRow(name: string, ms: number, place: Html): Html {
  return html`<div><dt>${name}</dt><dd class="place">${place}</dd><dd class="time">${humanDuration(ms)}</dd></div>`;
}
