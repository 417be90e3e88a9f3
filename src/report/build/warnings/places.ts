import type { FileChange, ReportedCause, Warning } from '../../change-report.js';

/** Folders that deployments share or that are the administrator's. */
const PLACES = [
  { folder: '/var', severity: 'low' },
  { folder: '/opt', severity: 'medium' },
  { folder: '/usr/local', severity: 'medium' },
] as const;

/** Paths outside of what a deployment holds for itself: one finding for each place and each that wrote there. */
export function warningsOfPlaces(files: readonly FileChange[]): Warning[] {
  return PLACES.flatMap(({ folder, severity }) => {
    const inside = files.filter(({ path }) => path.startsWith(`${folder}/`));
    const groups = new Map<string, { cause: ReportedCause | undefined; paths: string[] }>();
    for (const { path, causes } of inside) {
      const cause = causes.at(-1);
      const key = JSON.stringify(cause ?? null);
      const group = groups.get(key) ?? { cause, paths: [] };
      group.paths.push(path);
      groups.set(key, group);
    }
    return [...groups.values()].map(({ cause, paths }) => warning({ folder, severity }, cause, paths));
  });
}

function warning(
  { folder, severity }: { folder: string; severity: Warning['severity'] },
  cause: ReportedCause | undefined,
  paths: readonly string[],
): Warning {
  const [first = ''] = paths;
  const text =
    paths.length === 1
      ? `${first} is under ${folder}`
      : `${paths.length} paths under ${folder}, ${first} first`;
  return {
    rule: 'outside-usr',
    severity,
    text,
    path: paths.length === 1 ? first : folder,
    scriptlet: cause?.by === 'scriptlet' ? cause.name : null,
    package: cause === undefined || cause.by === 'rpm' ? null : cause.package,
  };
}
