import { findBase, listBases } from '../base/index.js';
import { linkedDeployment } from '../deployment/index.js';
import { findLayer, type Layer } from '../layer/index.js';
import type { PlanInfo } from '../report/results.js';
import { VeneerError } from '../support/errors.js';
import {
  listPlanFiles,
  newPlanName,
  readPlanFile,
  removePlanFile,
  type Sysroot,
  writePlanFile,
} from '../sysroot/index.js';
import type { RunOptions } from './events.js';
import { inSession } from './session.js';
import type { DeploymentRecordOf } from './types.js';

/** What a plan's file holds. */
type PlanRecord = PlanInfo & { formatVersion: 1 };

/** All plans, oldest first. Throws E_DAMAGE where one cannot be read. */
export function listPlans(sysroot: Sysroot): PlanInfo[] {
  return listPlanFiles(sysroot)
    .map((id) => readPlan(sysroot, id))
    .sort((a, b) => (a.created < b.created ? -1 : 1));
}

/**
 * The plan that a user means: by its id or the beginning of it. Throws E_NO_PLAN, listing the candidates, where there
 * is none or more than one, and E_DAMAGE.
 */
export function findPlan(sysroot: Sysroot, ref: string): PlanInfo {
  return readPlan(sysroot, findPlanId(sysroot, ref));
}

function findPlanId(sysroot: Sysroot, ref: string): string {
  const ids = listPlanFiles(sysroot).sort();
  const matching = ids.filter((id) => id === ref || (ref !== '' && id.startsWith(ref)));
  const [only] = matching;
  if (only !== undefined && (matching.length === 1 || only === ref)) return only;
  const candidates = matching.length > 1 ? matching : ids;
  throw new VeneerError(
    'E_NO_PLAN',
    matching.length > 1
      ? `'${ref}' is the beginning of ${matching.length} plans`
      : `there is no plan '${ref}'`,
    {
      lines: candidates.map((id) => `${id}  ${commandOf(sysroot, id)}`),
      hint: ids.length === 0 ? 'make one with `veneer install --preview …`' : 'run `veneer plan list`',
    },
  );
}

/** Whether a user who names something means a plan: it looks like one, and no base has that very name. */
export function isPlanId(sysroot: Sysroot, ref: string): boolean {
  return /^p[0-9a-f]{1,6}$/.test(ref) && !listBases(sysroot.bases).some(({ name }) => name === ref);
}

/** Keeps a plan. */
export function writePlan(sysroot: Sysroot, plan: PlanInfo): void {
  writePlanFile(sysroot, plan.id, { formatVersion: 1, ...plan } satisfies PlanRecord);
}

/** A short id that no plan has yet. */
export function newPlanId(sysroot: Sysroot): string {
  return newPlanName(sysroot);
}

/** The layer of a plan; undefined where it layers nothing. Throws E_DAMAGE where it is gone. */
export function layerOfPlan(sysroot: Sysroot, plan: PlanInfo): Layer | undefined {
  if (plan.layer === null) return undefined;
  const layer = findLayer(sysroot, plan.layer);
  if (layer !== undefined) return layer;
  throw new VeneerError('E_DAMAGE', `the layer ${plan.layer} of plan ${plan.id} is missing`, {
    hint: `run \`veneer plan discard ${plan.id}\` and \`${plan.command}\``,
  });
}

/**
 * Throws E_PLAN_APPLIED for a plan that was deployed, and E_PLAN_STALE where its base is gone or another deployment
 * is current than when it was made: it would undo what was done since.
 */
export function requireFresh(sysroot: Sysroot, plan: PlanInfo): void {
  const again = { hint: `make a new plan: \`${plan.command}\`` };
  if (plan.applied !== null) {
    throw new VeneerError('E_PLAN_APPLIED', `plan ${plan.id} was applied already, as ${plan.applied}`, again);
  }
  const current = linkedDeployment<DeploymentRecordOf>(sysroot, 'current')?.info.id ?? null;
  if (current !== plan.onto) {
    const then = plan.onto ?? 'nothing';
    const message = `plan ${plan.id} was made when ${then} was current; now it is ${current ?? 'nothing'}`;
    throw new VeneerError('E_PLAN_STALE', message, again);
  }
  const base = findBase(sysroot.bases, plan.base.id);
  if (base.digest === plan.base.digest) return;
  throw new VeneerError('E_PLAN_STALE', `the base ${plan.base.id} is not the one of plan ${plan.id}`, again);
}

/**
 * Forgets a plan, also one that cannot be read, and answers its id. Its layer stays, as a deployment or another plan
 * may stand on it. Throws E_NO_PLAN.
 */
export function discardPlan(sysroot: Sysroot, ref: string, options: RunOptions = {}): Promise<string> {
  return inSession(sysroot, options, async () => {
    const id = findPlanId(sysroot, ref);
    removePlanFile(sysroot, id);
    return id;
  });
}

function commandOf(sysroot: Sysroot, id: string): string {
  try {
    return readPlan(sysroot, id).command;
  } catch {
    return '(damaged)';
  }
}

function readPlan(sysroot: Sysroot, id: string): PlanInfo {
  try {
    const { formatVersion, ...plan } = readPlanFile<PlanRecord>(sysroot, id);
    if (formatVersion !== 1) throw new Error(`its format is ${formatVersion}, not 1`);
    return plan;
  } catch (error) {
    throw new VeneerError('E_DAMAGE', `plan ${id} cannot be read: ${(error as Error).message}`, {
      hint: `run \`veneer plan discard ${id}\``,
      cause: error,
    });
  }
}
