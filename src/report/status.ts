import { changeCounts, packageChangeLines } from './changes.js';
import type { BaseInfo, DeploymentInfo, Status } from './results.js';
import type { View } from './style.js';
import { wrapped } from './table.js';
import { count, humanBytes, humanTime, printable } from './text.js';

const INDENT = 4;
const LABEL = 10;

/** The state of a sysroot: current and previous deployment, the others, the bases; what to do next where it is empty. */
export function statusText(status: Status, view: View): string {
  const parts = [`sysroot ${printable(status.sysroot)}`];
  if (status.current !== null) parts.push(deploymentText(status.current, 'current', view));
  if (status.previous !== null) parts.push(deploymentText(status.previous, 'previous', view));
  parts.push(...othersText(status), basesText(status.bases));
  const next = nextStep(status);
  if (next !== undefined) parts.push(next);
  return parts.join('\n\n');
}

function deploymentText(deployment: DeploymentInfo, role: 'current' | 'previous', view: View): string {
  const { style } = view;
  const mark = role === 'current' ? style.green('●') : ' ';
  const asked = deployment.request.packages.map((requested) => requested.nevra);
  return [
    `${mark} ${style.bold(printable(deployment.id))}  ${role}`,
    field('base', `${printable(deployment.base.name)} (${printable(deployment.base.id)})`),
    field('created', humanTime(deployment.created)),
    field(
      'request',
      asked.length === 0 ? 'nothing: the base as it is' : wrapped(asked, INDENT + LABEL, view),
    ),
    ...packageFields(deployment),
    field('changes', changeCounts(deployment.changes)),
  ].join('\n');
}

function packageFields(deployment: DeploymentInfo): string[] {
  const [first, ...others] = packageChangeLines(deployment.packages, '');
  if (first === undefined) return [];
  return [field('packages', first), ...others.map((line) => field('', line))];
}

function othersText(status: Status): string[] {
  const shown = [status.current?.id, status.previous?.id];
  const others = status.deployments.filter((deployment) => !shown.includes(deployment.id));
  if (others.length === 0) return [];
  const lines = others.map(
    ({ id, base, created }) => `    ${printable(id)}  on ${printable(base.name)}, ${humanTime(created)}`,
  );
  return [['  other deployments', ...lines].join('\n')];
}

function basesText(bases: readonly BaseInfo[]): string {
  if (bases.length === 0) return '  bases: none';
  const lines = bases.map(
    (base) =>
      `    ${printable(base.name)}  ${count(base.paths, 'path')}, ${humanBytes(base.bytes)}, ${count(base.packages, 'package')}`,
  );
  return ['  bases', ...lines].join('\n');
}

function nextStep(status: Status): string | undefined {
  if (status.bases.length === 0) {
    return 'There is no base yet. Next: veneer base import FOLDER-OR-TAR --name NAME';
  }
  if (status.current === null) return 'Nothing is deployed yet. Next: veneer install PACKAGE.rpm';
  return undefined;
}

function field(label: string, value: string): string {
  return `${' '.repeat(INDENT)}${label.padEnd(LABEL)}${value}`;
}
