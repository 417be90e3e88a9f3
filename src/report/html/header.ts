import type { ChangeReport, ReportSubject, Warning } from '../change-report.js';
import { count, humanBytes, humanTime } from '../text.js';
import { type Html, html } from './escape.js';
import { enumeration, signedBytes } from './words.js';

const PACKAGE_VERBS = {
  added: 'add',
  upgraded: 'upgrade',
  downgraded: 'downgrade',
  replaced: 'replace',
  removed: 'remove',
} as const;

/** What the report is about and what would happen, in one sentence and a row of numbers. */
export function headerSection(report: ChangeReport): Html {
  return html`<header class="top"><div class="wide">
<p class="eyebrow"><span class="brand">Veneer</span> ${subjectName(report.subject)}</p>
<h1>${headline(report)}</h1>
${report.asked.command !== '' && html`<p class="command"><code>${report.asked.command}</code></p>`}
<ul class="chips" aria-label="In numbers">${chips(report)}</ul>
${details(report)}
</div></header>`;
}

/** The report as one sentence, such as `This plan would add 1 package, run 2 scriptlets and …`. */
export function headline(report: ChangeReport): string {
  const parts = [...packageParts(report), scriptletPart(report), pathPart(report)].filter(
    (part) => part !== '',
  );
  const doing = parts.length === 0 ? 'change nothing' : enumeration(parts);
  if (report.subject.kind === 'plan') return `This plan would ${doing}.`;
  if (report.subject.kind === 'deployment') return `To make this deployment, Veneer had to ${doing}.`;
  return `Going from ${report.subject.before} to ${report.subject.after} would ${doing}.`;
}

/** `plan 3fa9c1 against base debian`. */
export function subjectName({ before, after }: ReportSubject): string {
  return `${after} against ${before}`;
}

function packageParts({ packages }: ChangeReport): string[] {
  return Object.entries(PACKAGE_VERBS).flatMap(([kind, verb]) => {
    const number = packages.filter((one) => one.kind === kind).length;
    return number === 0 ? [] : [`${verb} ${count(number, 'package')}`];
  });
}

function scriptletPart({ scriptlets }: ChangeReport): string {
  const ran = scriptlets.filter((one) => one.ran).length;
  return ran === 0 ? '' : `run ${count(ran, 'scriptlet')}`;
}

function pathPart({ totals: { added, changed, removed } }: ChangeReport): string {
  const total = added + changed + removed;
  return total === 0 ? '' : `touch ${count(total, 'path')}`;
}

function chips({ totals, warnings, scriptlets }: ChangeReport): Html[] {
  const failed = scriptlets.filter((one) => one.failed).length;
  return [
    chip('paths added', totals.added.toLocaleString('en-US'), 'added'),
    chip('changed', totals.changed.toLocaleString('en-US'), 'changed'),
    chip('removed', totals.removed.toLocaleString('en-US'), 'removed'),
    chip('written in place', totals.inPlace.toLocaleString('en-US'), ''),
    chip('on disk', signedBytes(totals.bytes), ''),
    ...(totals.downloadBytes === 0 ? [] : [chip('to download', humanBytes(totals.downloadBytes), '')]),
    ...(failed === 0
      ? []
      : [chip(failed === 1 ? 'scriptlet failed' : 'scriptlets failed', `${failed}`, 'high')]),
    html`<li><a class="chip ${worst(warnings)}" href="#warnings">${warningCount(warnings)}</a></li>`,
  ];
}

function chip(label: string, value: string, tone: string): Html {
  return html`<li class="chip ${tone}"><b>${value}</b> ${label}</li>`;
}

function warningCount(warnings: readonly Warning[]): Html {
  if (warnings.length === 0) return html`nothing deserves a look`;
  const high = warnings.filter((warning) => warning.severity === 'high').length;
  const verb = warnings.length === 1 ? 'deserves' : 'deserve';
  return html`<b>${warnings.length.toLocaleString('en-US')}</b> ${verb} a look${high > 0 && `, ${high} of them high`}`;
}

function worst(warnings: readonly Warning[]): string {
  return warnings[0]?.severity ?? 'none';
}

function details({ subject, asked, packages }: ChangeReport): Html {
  return html`<details class="about"><summary>How this was computed</summary><dl>
<dt>Base</dt><dd>${subject.base.name} <span class="dim">${subject.base.id}, digest ${subject.base.digest}</span></dd>
<dt>Made</dt><dd><time datetime="${subject.created}">${humanTime(subject.created)}</time></dd>
${subject.view !== null && html`<dt>View</dt><dd>${subject.view.kind}: ${subject.view.reason}</dd>`}
${asked.packages.map(
  (one) =>
    html`<dt>Asked for</dt><dd><code>${one.asked}</code> resolved to ${one.nevra}${dependencies(one.dependencies)}</dd>`,
)}
<dt>Packages changed</dt><dd>${packages.length.toLocaleString('en-US')}</dd>
</dl></details>`;
}

function dependencies(names: readonly string[]): Html {
  if (names.length === 0) return html`, which needs nothing more`;
  return html`, which needs ${names.length} more: <span class="dim">${names.join(', ')}</span>`;
}
