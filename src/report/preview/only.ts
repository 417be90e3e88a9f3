import { packageNameOf } from '../../rpm/nevra.js';
import { VeneerError } from '../../support/errors.js';
import type { ChangeReport, FileChange, ReportedCause, ReportTotals } from '../change-report.js';

/** A report of one package's effects alone. Throws E_USAGE, listing the packages there are, where it has none. */
export function onlyPackage(report: ChangeReport, wanted: string): ChangeReport {
  const isMeant = (nevra: string) => nevra !== '' && (nevra === wanted || packageNameOf(nevra) === wanted);
  const known = [
    ...report.packages.flatMap(({ before, after }) => [before, after]),
    ...report.scriptlets.map((scriptlet) => scriptlet.package),
  ].filter(Boolean);
  if (!known.some(isMeant)) {
    throw new VeneerError('E_USAGE', `${wanted} is no package of this report`, {
      lines: [...new Set(known)].sort(),
      hint: 'name one of these, with or without its version',
    });
  }
  const isCause = (cause: ReportedCause) => cause.by !== 'rpm' && isMeant(cause.package);
  const files = report.files.filter(({ causes }) => causes.some(isCause));
  const packages = report.packages.filter(({ before, after }) => isMeant(before) || isMeant(after));
  const scriptlets = report.scriptlets.filter((scriptlet) => isMeant(scriptlet.package));
  return {
    ...report,
    ...{ packages, scriptlets, files },
    totals: totalsOf(files, packages),
    meaning: report.meaning.filter(({ causes }) => causes.some(isCause)),
    warnings: report.warnings.filter((warning) => isMeant(warning.package ?? '')),
    durations: {
      phases: {},
      scriptletsMs: scriptlets.reduce((sum, { durationMs }) => sum + durationMs, 0),
    },
  };
}

function totalsOf(files: readonly FileChange[], packages: ChangeReport['packages']): ReportTotals {
  const count = (kind: FileChange['kind']) => files.filter((file) => file.kind === kind).length;
  return {
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    inPlace: files.filter(({ inPlace }) => inPlace).length,
    bytes: files.reduce((sum, { before, after }) => sum + (after?.size ?? 0) - (before?.size ?? 0), 0),
    downloadBytes: packages.reduce((sum, { downloadSize }) => sum + (downloadSize ?? 0), 0),
  };
}
