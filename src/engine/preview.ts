import { openManifest } from '../base/index.js';
import { linkedDeployment } from '../deployment/index.js';
import type { PlanInfo, PreviewOutcome } from '../report/results.js';
import { type Sysroot, syncFileSystem } from '../sysroot/index.js';
import { assemble, type DeploymentPlan } from './assemble.js';
import { publishLayer } from './deploy.js';
import type { RunOptions } from './events.js';
import { obtainLayer } from './obtain-layer.js';
import { newPlanId, writePlan } from './plans.js';
import { inSession, type Session } from './session.js';
import type { Goal } from './transaction.js';
import type { DeploymentRecordOf } from './types.js';
import { unchangedOutcome } from './unchanged.js';

/**
 * The same way as `runTransaction`, up to the layer, which is kept as a plan: nothing is checked out and nothing is
 * deployed. Costs in proportion to what changes, not to the base.
 */
export async function previewTransaction(
  sysroot: Sysroot,
  goal: (session: Session) => Goal,
  options: RunOptions,
): Promise<PreviewOutcome> {
  return inSession(sysroot, options, async (session) => {
    const { base, request: compute } = goal(session);
    const request = await session.phase('resolve', () => compute(session));
    const { durations } = session;
    if (unchangedOutcome(session, base, request) !== undefined) {
      return { plan: null, reused: false, rerun: null, durations };
    }
    const manifest = openManifest(base);
    try {
      const assembled = assemble(session, { base, request });
      const signal = options.signal ?? new AbortController().signal;
      const layer = await obtainLayer(session, { plan: assembled, manifest, signal });
      await session.phase('sync', () => syncFileSystem(session.stage.folder));
      const plan = planOf(session, assembled, layer?.facts);
      await session.phase('commit', () => {
        if (layer !== undefined) publishLayer(session, layer);
        writePlan(sysroot, plan);
      });
      const reused = layer !== undefined && durations.transact === undefined;
      return { plan, reused, rerun: session.rerun, durations };
    } finally {
      manifest.close();
    }
  });
}

function planOf(
  session: Session,
  { base, request, packages }: DeploymentPlan,
  layer: { key: string; counts: PlanInfo['changes'] } | undefined,
): PlanInfo {
  const { id, name, digest } = base;
  return {
    id: newPlanId(session.sysroot),
    created: new Date().toISOString(),
    command: session.options.command ?? '',
    base: { id, name, digest },
    request,
    packages,
    layer: layer?.key ?? null,
    onto: linkedDeployment<DeploymentRecordOf>(session.sysroot, 'current')?.info.id ?? null,
    applied: null,
    changes: layer?.counts ?? { added: 0, changed: 0, removed: 0, inPlace: 0 },
  };
}
