import type { ChangeReport, ReportedScriptlet } from '../change-report.js';
import { count, humanBytes, humanDuration, scriptletEnd } from '../text.js';
import { bar, type Span } from './bars.js';
import { type Html, html } from './escape.js';

/** What runs, in its order: all of it as one strip, then each scriptlet with its output and body. */
export function scriptletsSection({ scriptlets }: ChangeReport): Html {
  if (scriptlets.length === 0) return html`<p class="calm">No scriptlet runs.</p>`;
  const whole = scriptlets.reduce((sum, one) => sum + one.durationMs, 0);
  const starts = startTimes(scriptlets);
  const spans = scriptlets.map((one, index) => span(one, starts[index] ?? 0));
  return html`<div class="strip-frame">${bar(
    spans.filter(({ length }) => length > 0),
    whole,
    'strip',
  )}
<p class="dim">${humanDuration(whole)} in scriptlets, drawn one after another without rpm's own work between them.</p></div>
<ol class="scriptlets">${scriptlets.map((one, index) => html`<li id="scriptlet-${index}">${scriptletItem(one, bar(spans.slice(index, index + 1), whole, 'mini'))}</li>`)}</ol>`;
}

function startTimes(scriptlets: readonly ReportedScriptlet[]): number[] {
  let now = 0;
  return scriptlets.map((one) => {
    const start = now;
    now += one.durationMs;
    return start;
  });
}

function span(one: ReportedScriptlet, from: number): Span {
  return { from, length: one.ran ? one.durationMs : 0, tone: one.failed ? 'bad' : 'good' };
}

function scriptletItem(one: ReportedScriptlet, place: Html): Html {
  return html`<details class="scriptlet${!one.ran && ' skipped'}${one.failed && ' failed'}">
<summary><span class="name"><b>${one.name}</b> <span class="dim">${one.interpreter}</span></span>
<span class="notes">${notes(one)}</span>${one.ran && place}
<span class="time">${one.ran ? humanDuration(one.durationMs) : 'skipped'}</span></summary>
<div class="inside">${facts(one)}${output(one)}${body(one)}</div></details>`;
}

function notes(one: ReportedScriptlet): Html[] {
  const { tcp, udp, dns } = one.network;
  return [
    ...(one.failed ? [html`<span class="badge high">${end(one)}</span>`] : []),
    ...(tcp + udp + dns > 0 ? [html`<span class="badge medium">network</span>`] : []),
    ...(one.interpreterMissing !== null ? [html`<span class="badge medium">interpreter missing</span>`] : []),
    ...(one.commandsNotFound.length > 0 ? [html`<span class="badge medium">command not found</span>`] : []),
    ...(one.changedPaths > 0
      ? [html`<span class="badge plain">${count(one.changedPaths, 'path')}</span>`]
      : []),
  ];
}

function facts(one: ReportedScriptlet): Html {
  const { tcp, udp, dns } = one.network;
  return html`<dl>
<dt>Package</dt><dd>${one.package}</dd>
<dt>Kind</dt><dd>${one.kind}${one.firesFor.length > 0 && `, fires for ${one.firesFor.join(', ')}`}</dd>
<dt>Ended</dt><dd>${one.ran ? `${end(one)} after ${humanDuration(one.durationMs)}, ${humanDuration(one.cpuMs)} of CPU` : `did not run: ${one.skipped}`}</dd>
${one.commandsNotFound.length > 0 && html`<dt>Not found</dt><dd><code>${one.commandsNotFound.join(' ')}</code></dd>`}
${one.interpreterMissing !== null && html`<dt>Missing</dt><dd><code>${one.interpreterMissing}</code></dd>`}
${tcp + udp + dns > 0 && html`<dt>Network</dt><dd>tried ${tcp} TCP, ${udp} UDP, ${count(dns, 'name look-up')}</dd>`}
</dl>`;
}

function end({ ran, ...run }: ReportedScriptlet): string {
  return ran ? scriptletEnd({ ...run, lua: run.interpreter === '<lua>' }) : 'skipped';
}

function output({ name, output: { text, bytes, truncated } }: ReportedScriptlet): Html {
  if (bytes === 0) return html`<p class="dim">It wrote no output.</p>`;
  const cut = truncated && `, of which the end is shown`;
  return html`<h3>Output <span class="dim">${humanBytes(bytes)}${cut}</span></h3>
<pre tabindex="0" role="region" aria-label="Output of ${name}">${text}</pre>`;
}

function body(one: ReportedScriptlet): Html {
  if (one.body === '') return html`<p class="dim">It has no body: rpm runs ${one.interpreter} by itself.</p>`;
  return html`<details class="body"><summary>Body <span class="dim">${count(one.body.trimEnd().split('\n').length, 'line')}</span></summary>
<pre tabindex="0" role="region" aria-label="Body of ${one.name}">${one.body}</pre></details>`;
}
