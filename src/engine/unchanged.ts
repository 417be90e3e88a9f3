import type { Base } from '../base/index.js';
import { linkedDeployment } from '../deployment/index.js';
import type { Outcome, Request } from '../report/results.js';
import type { DeploymentRecordOf, Session } from './types.js';

/** The outcome where the current deployment is of this base and request already; otherwise undefined. */
export function unchangedOutcome(session: Session, base: Base, request: Request): Outcome | undefined {
  const current = linkedDeployment<DeploymentRecordOf>(session.sysroot, 'current');
  if (current === undefined || current.info.base.id !== base.id) return undefined;
  if (digests(current.info.request) !== digests(request)) return undefined;
  return {
    changed: false,
    deployment: current.info,
    previous: linkedDeployment<DeploymentRecordOf>(session.sysroot, 'previous')?.info.id ?? null,
    reused: false,
    rerun: null,
    scriptlets: [],
    leftovers: [],
    durations: session.durations,
  };
}

function digests({ packages }: Request): string {
  return JSON.stringify(
    packages
      .map(({ sha256, dependencies }) => [sha256, dependencies.map((kept) => kept.sha256).sort()])
      .sort(),
  );
}
