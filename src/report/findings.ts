import type { DoctorCheck, FsckFinding } from './results.js';
import type { View } from './style.js';
import { count, printable } from './text.js';

/** What verify or fsck found, grouped by what is damaged; `checked` says in words what was looked at. */
export function findingsText(findings: readonly FsckFinding[], checked: string, view: View): string {
  if (findings.length === 0) return `${view.style.green('ok')}: ${printable(checked)}, no damage found`;
  const lines: string[] = [];
  for (const subject of new Set(findings.map((finding) => finding.subject))) {
    lines.push(view.style.bold(printable(subject)));
    for (const finding of findings.filter((one) => one.subject === subject)) lines.push(findingLine(finding));
  }
  return [...lines, view.style.red(`damage: ${count(findings.length, 'finding')}`)].join('\n');
}

/** What this machine offers and what is missing, with the way to get it. */
export function doctorText(checks: readonly DoctorCheck[], view: View): string {
  const width = Math.max(0, ...checks.map((check) => check.name.length));
  const lines = checks.flatMap((check) => [
    `${verdict(check, view)}  ${printable(check.name).padEnd(width)}  ${printable(check.detail)}`,
    ...(check.ok || check.hint === undefined ? [] : [`${' '.repeat(width + 11)}${printable(check.hint)}`]),
  ]);
  const missing = checks.filter((check) => !check.ok && check.required).length;
  const end = missing === 0 ? 'Veneer can work here' : `Veneer cannot work here: ${missing} missing`;
  return [...lines, missing === 0 ? view.style.green(end) : view.style.red(end)].join('\n');
}

function findingLine({ path, problem }: FsckFinding): string {
  return path === '' ? `  ${printable(problem)}` : `  ${printable(path)}: ${printable(problem)}`;
}

function verdict(check: DoctorCheck, { style }: View): string {
  if (check.ok) return style.green('ok     ');
  return check.required ? style.red('missing') : style.yellow('without');
}
