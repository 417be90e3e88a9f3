import { join } from 'node:path';
import type { Manifest } from '../base/index.js';
import { checkOut, finishFolders, mergeLayer } from '../checkout/index.js';
import { linkedDeployment, publishDeployment } from '../deployment/index.js';
import { type Layer, readLayerChanges } from '../layer/index.js';
import type { DeploymentInfo, Outcome } from '../report/results.js';
import { readInstalled } from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import { makeFolder, publishFolder, syncFileSystem, writeRecord } from '../sysroot/index.js';
import type { DeploymentPlan } from './assemble.js';
import { comparePackages } from './package-changes.js';
import type { DeploymentRecordOf, Session } from './types.js';

interface CheckingOut {
  plan: DeploymentPlan;
  manifest: Manifest;
  signal: AbortSignal;
}

/** Phase `checkout`: the base's tree with hardlinks, in the stage. */
export async function checkOutBase(session: Session, { plan, manifest, signal }: CheckingOut): Promise<void> {
  makeFolder(plan.stage.folder);
  const source = {
    tree: plan.base.tree,
    count: () => manifest.count(),
    directories: () => manifest.directories(),
    linkables: (from: number, to: number) => manifest.linkables(from, to),
  };
  await checkOut(source, plan.stage.tree, {
    signal,
    onProgress: (done, total) => session.report({ type: 'progress', what: 'link', done, total }),
  });
}

/** Phase `merge`: the layer's inodes replace the base's in the checkout; folder times come last. */
export function mergeInto({ stage }: DeploymentPlan, manifest: Manifest, layer: Layer | undefined): void {
  const folders = layer === undefined ? [] : mergeLayer(layer.upper, stage.tree, readLayerChanges(layer));
  finishFolders(stage.tree, manifest.directories(), folders);
}

/** Phase `verify`: the tree's rpmdb must list what was asked. Answers what there is to tell of the deployment. */
export function verifyDeployment(session: Session, plan: DeploymentPlan, layer: Layer | undefined): Outcome {
  const before = readInstalled(plan.base.tree, { files: false });
  const after = readInstalled(plan.stage.tree, { files: false });
  const names = new Set(after.map(({ nevra }) => nevra));
  const absent = plan.packages.filter(({ nevra }) => !names.has(nevra));
  if (absent.length > 0) {
    throw new VeneerError('E_TRANSACTION_DIED', 'the new rpmdb lacks packages that were to be installed', {
      lines: absent.map(({ nevra }) => nevra),
      hint: 'nothing was deployed',
    });
  }
  const { id, name, digest } = plan.base;
  const deployment: DeploymentInfo = {
    id: plan.id,
    created: new Date().toISOString(),
    base: { id, name, digest },
    request: plan.request,
    layer: layer?.facts.key ?? null,
    packages: comparePackages(before, after),
    changes: layer?.facts.counts ?? { added: 0, changed: 0, removed: 0, inPlace: 0 },
    command: session.options.command ?? '',
  };
  return {
    changed: true,
    deployment,
    previous: linkedDeployment<DeploymentRecordOf>(session.sysroot, 'current')?.info.id ?? null,
    reused: layer !== undefined && !isStaged(session, layer),
    rerun: session.rerun,
    scriptlets: layer?.facts.scriptlets ?? [],
    leftovers: layer?.facts.leftovers ?? [],
    durations: session.durations,
  };
}

/** Phase `sync`: all that the stage holds is durable before any of it gets its place. */
export function syncStage({ stage }: DeploymentPlan): void {
  syncFileSystem(stage.folder);
}

/** Phase `commit`: the layer, then the deployment with its record written last, then `current`. */
export function publish(
  session: Session,
  { plan, layer }: { plan: DeploymentPlan; layer: Layer | undefined },
  outcome: Outcome,
): Outcome {
  const { sysroot } = session;
  writeRecord(plan.stage.record, { formatVersion: 1, ...outcome.deployment });
  if (layer !== undefined) publishLayer(session, layer);
  publishDeployment(sysroot, plan.stage.folder, plan.id);
  session.deployed = plan.id;
  return outcome;
}

/** Gives a layer that was made in the stage its place; one that is stored stays where it is. */
export function publishLayer(session: Session, layer: Layer): void {
  if (isStaged(session, layer)) publishFolder(layer.folder, join(session.sysroot.layers, layer.facts.key));
}

/** Whether a layer was made by this session, and has no place of its own yet. */
export function isStaged({ stage }: Session, layer: Layer): boolean {
  return layer.folder.startsWith(`${stage.folder}/`);
}
