import { findBase } from '../base/index.js';
import { listDeployments } from '../deployment/index.js';
import { type Layer, readLayerChanges } from '../layer/index.js';
import {
  buildChangeReport,
  buildDifferenceReport,
  findWarnings,
  type ReportTree,
} from '../report/build/index.js';
import type { ChangeReport } from '../report/change-report.js';
import type { PlanInfo, Request } from '../report/results.js';
import { packageFile, type Sysroot } from '../sysroot/index.js';
import { findLayerOf } from './layer-changes.js';
import { findPlan, isPlanId, layerOfPlan } from './plans.js';
import { findTree } from './queries.js';
import type { DeploymentRecordOf } from './types.js';

/**
 * What a plan would change, path by path and script by script: in the deployment that was current when it was made,
 * or where there was none on this base, or it is gone, in the base. `durations`: milliseconds by phase, where the plan
 * was made just now. Throws E_DAMAGE where the plan's layer is gone.
 */
export async function reportPlan(
  sysroot: Sysroot,
  plan: PlanInfo,
  durations: Record<string, number> = {},
): Promise<ChangeReport> {
  const report = await reportAgainstBase(sysroot, plan, durations);
  const deployments = listDeployments<DeploymentRecordOf>(sysroot).map(({ info }) => info);
  const onto = deployments.find(({ id, base }) => id === plan.onto && base.id === plan.base.id);
  if (onto === undefined) return report;
  const { packages, totals, files, meaning } = await reportDifference(sysroot, onto.id, plan.id);
  const sizes = new Map(report.packages.map(({ after, downloadSize }) => [after, downloadSize]));
  const sized = packages.map((one) => ({ ...one, downloadSize: sizes.get(one.after) ?? null }));
  const downloadBytes = sized.reduce((sum, { downloadSize }) => sum + (downloadSize ?? 0), 0);
  const { scriptlets } = report;
  const leftovers = layerOfPlan(sysroot, plan)?.facts.leftovers ?? [];
  return {
    ...report,
    ...{ packages: sized, totals: { ...totals, downloadBytes }, files, meaning },
    subject: { ...report.subject, before: `deployment ${onto.id}` },
    // The scriptlets are those of the whole request, which all ran: what they tried is told as well.
    warnings: findWarnings({ files, scriptlets, leftovers }),
  };
}

function reportAgainstBase(
  sysroot: Sysroot,
  plan: PlanInfo,
  durations: Record<string, number>,
): Promise<ChangeReport> {
  const layer = layerOfPlan(sysroot, plan);
  const files = plan.packages.map(({ nevra, sha256 }) => [nevra, packageFile(sysroot, sha256)] as const);
  const scriptlets = layer?.facts.scriptlets ?? [];
  return buildChangeReport({
    subject: {
      kind: 'plan',
      before: `base ${plan.base.name}`,
      after: `plan ${plan.id}`,
      base: plan.base,
      created: plan.created,
      view: layer?.facts.view ?? null,
    },
    asked: askedOf(plan),
    base: { tree: findBase(sysroot.bases, plan.base.id).tree },
    layer: layer && { ...layer, changes: readLayerChanges(layer) },
    packageFiles: new Map(files),
    durations: {
      phases: durations,
      scriptletsMs: scriptlets.reduce((sum, { durationMs }) => sum + durationMs, 0),
    },
  });
}

/**
 * What differs between any two of plans, deployments and bases, in the form of a preview. Throws E_NO_PLAN,
 * E_NO_DEPLOYMENT and E_DAMAGE.
 */
export function reportDifference(sysroot: Sysroot, a: string, b: string): Promise<ChangeReport> {
  const [before, after] = [sideOf(sysroot, a), sideOf(sysroot, b)];
  return buildDifferenceReport({
    subject: {
      kind: 'difference',
      before: before.label,
      after: after.label,
      base: after.base,
      created: new Date().toISOString(),
      view: null,
    },
    asked: { command: '', packages: after.packages },
    before: before.tree,
    after: after.tree,
  });
}

interface ComparedSide {
  label: string;
  base: { id: string; name: string; digest: string };
  packages: ChangeReport['asked']['packages'];
  tree: ReportTree;
}

function sideOf(sysroot: Sysroot, ref: string): ComparedSide {
  if (isPlanId(sysroot, ref)) {
    const plan = findPlan(sysroot, ref);
    const { tree } = findBase(sysroot.bases, plan.base.id);
    const over = layerOver(layerOfPlan(sysroot, plan));
    const packages = packagesOf(plan.request);
    return { label: `plan ${plan.id}`, base: plan.base, packages, tree: { tree, ...over } };
  }
  const { label, baseId, request } = findTree(sysroot, ref);
  const { id, name, digest, tree } = findBase(sysroot.bases, baseId);
  // Not the deployment's own tree: two layers over one base are compared without a walk through either.
  const over = layerOver(findLayerOf(sysroot, ref));
  return { label, base: { id, name, digest }, packages: packagesOf(request), tree: { tree, ...over } };
}

function layerOver(layer: Layer | undefined) {
  return layer === undefined ? {} : { upper: layer.upper, changes: readLayerChanges(layer) };
}

function askedOf({ command, request }: PlanInfo): ChangeReport['asked'] {
  return { command, packages: packagesOf(request) };
}

function packagesOf({ packages }: Request): ChangeReport['asked']['packages'] {
  return packages.map(({ asked, nevra, dependencies }) => ({
    asked,
    nevra,
    dependencies: dependencies.map((dependency) => dependency.nevra),
  }));
}
