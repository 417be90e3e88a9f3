import { findBase, openManifest } from '../base/index.js';
import { nextId } from '../deployment/index.js';
import { checkUpper } from '../layer/index.js';
import type { Outcome, PlanInfo } from '../report/results.js';
import { deploymentLayout, type Sysroot } from '../sysroot/index.js';
import type { DeploymentPlan } from './assemble.js';
import { checkOutBase, mergeInto, publish, syncStage, verifyDeployment } from './deploy.js';
import type { RunOptions } from './events.js';
import { findPlan, layerOfPlan, requireFresh, writePlan } from './plans.js';
import { inSession, type Session } from './session.js';

/**
 * Deploys the very files of a plan: no scriptlet runs again. Costs the checkout of the base. Throws E_NO_PLAN,
 * E_PLAN_APPLIED, E_PLAN_STALE, and E_DAMAGE where a file of the plan is missing or not what was shown.
 */
export function applyPlan(sysroot: Sysroot, ref: string, options: RunOptions = {}): Promise<Outcome> {
  return inSession(sysroot, options, async (session) => {
    const shown = findPlan(sysroot, ref);
    requireFresh(sysroot, shown);
    const layer = layerOfPlan(sysroot, shown);
    if (layer !== undefined) checkUpper(layer);
    const plan = assembleAgain(session, shown);
    const manifest = openManifest(plan.base);
    try {
      const signal = options.signal ?? new AbortController().signal;
      await session.phase('checkout', () => checkOutBase(session, { plan, manifest, signal }));
      await session.phase('merge', () => mergeInto(plan, manifest, layer));
      const outcome = await session.phase('verify', () => verifyDeployment(session, plan, layer));
      await session.phase('sync', () => syncStage(plan));
      return await session.phase('commit', () => {
        const published = publish(session, { plan, layer }, outcome);
        writePlan(sysroot, { ...shown, applied: published.deployment.id });
        return published;
      });
    } finally {
      manifest.close();
    }
  });
}

function assembleAgain({ sysroot, stage }: Session, shown: PlanInfo): DeploymentPlan {
  return {
    id: nextId(sysroot, shown.layer),
    base: findBase(sysroot.bases, shown.base.id),
    request: shown.request,
    packages: shown.packages,
    layerKey: shown.layer,
    stage: deploymentLayout(`${stage.folder}/deployment`),
  };
}
