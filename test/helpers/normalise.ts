import type { ChangeReport, FileFacts } from '../../src/report/change-report.js';
import { packageNameOf } from '../../src/rpm/nevra.js';

/** What differs from run to run and from machine to machine, each with what stands for it. */
const VARYING: readonly [RegExp, string][] = [
  [/\/var\/tmp\/rpm-tmp\.\w{6}/g, '/var/tmp/rpm-tmp.XXXXXX'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\b/g, '2026-01-01T00:00:00.000Z'],
  [/SHA256:[A-Za-z0-9+/]{43}/g, `SHA256:${'X'.repeat(43)}`],
];

/** A report with the command, times, dates and digests of one and the same run. */
export function normalised(report: ChangeReport): ChangeReport {
  const command = 'veneer install PACKAGE.rpm --preview';
  const json = JSON.stringify({ ...report, asked: { ...report.asked, command } });
  const text = VARYING.reduce((so, [varying, stand]) => so.replace(varying, stand), json);
  const copy = JSON.parse(numbered(text)) as ChangeReport;
  for (const scriptlet of copy.scriptlets) {
    Object.assign(scriptlet, { durationMs: scriptlet.ran ? 5 : 0, cpuMs: 4 });
  }
  const phases = Object.fromEntries(['resolve', 'shadow', 'transact', 'collect'].map((phase) => [phase, 20]));
  copy.durations = { phases, scriptletsMs: 5 * copy.scriptlets.filter(({ ran }) => ran).length };
  return copy;
}

/** The same for packages of Debian, of which there are updates: versions and sizes are left out as well. */
export function normalisedReal(report: ChangeReport): ChangeReport {
  const nevras = new Set(
    [...report.packages.map(({ after }) => after), ...report.scriptlets.map((one) => one.package)].filter(
      Boolean,
    ),
  );
  const json = [...nevras].reduce(
    (text, nevra) =>
      text.replaceAll(JSON.stringify(nevra), JSON.stringify(`${packageNameOf(nevra)}-1-1.noarch`)),
    JSON.stringify(normalised(report)),
  );
  const copy = JSON.parse(json) as ChangeReport;
  for (const [at, one] of copy.packages.entries()) {
    const size = 100_000 * (at + 1);
    Object.assign(one, { installedSize: size, sizeDifference: size, downloadSize: size });
  }
  for (const { before, after } of copy.files) for (const facts of [before, after]) fixSize(facts);
  for (const { output } of copy.scriptlets) output.bytes = output.text.length;
  return { ...copy, totals: { ...copy.totals, bytes: 1_000_000, downloadBytes: 500_000 } };
}

function fixSize(facts: FileFacts | null): void {
  if (facts !== null) facts.size = 100;
}

/** Digests as numbers in order of appearance: equal ones stay equal, and others do not. */
function numbered(text: string): string {
  const digests = new Map<string, string>();
  return text.replace(/\b[0-9a-f]{64}\b/g, (digest) => {
    const known = digests.get(digest) ?? `${1000 + digests.size}${'0'.repeat(60)}`;
    digests.set(digest, known);
    return known;
  });
}
