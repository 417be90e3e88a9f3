import { join } from 'node:path';
import { isRootless, settleUpper } from '../../scriptlet-sandbox/index.js';
import type { Manifest } from '../base/index.js';
import {
  checkUpper,
  collectChanges,
  countChanges,
  findActs,
  findLayer,
  type Layer,
  type LayerRecord,
  makeLayerFolders,
  runTransactionIn,
  type TransactionResult,
  writeLayer,
} from '../layer/index.js';
import { findRpmdb, makeShadow, requireWritable, sealShadow } from '../rpm/index.js';
import { log } from '../support/log.js';
import { keepLogs, layerLayout, packageFile } from '../sysroot/index.js';
import type { DeploymentPlan } from './assemble.js';
import { makeWithoutRoot } from './make-without-root.js';
import { chooseRun } from './rerun.js';
import type { Session } from './session.js';

/** A scriptlet that never ends must not hold the lock for ever: half an hour, where the caller names no limit. */
const DEFAULT_TIME_LIMIT_MS = 30 * 60 * 1000;

interface Making {
  plan: DeploymentPlan;
  manifest: Manifest;
  signal: AbortSignal;
}

/**
 * The layer of a plan: the stored one where the same packages were layered on the same base before, so that no
 * scriptlet runs twice; otherwise a new one, made in the stage. Undefined where nothing is layered.
 */
export async function obtainLayer(session: Session, making: Making): Promise<Layer | undefined> {
  const { plan } = making;
  if (plan.layerKey === null) return undefined;
  const stored = findLayer(session.sysroot, plan.layerKey);
  if (stored !== undefined && session.options.fresh !== true) {
    checkUpper(stored);
    return stored;
  }
  const make = (whyCopy?: string) => makeLayer(session, making, whyCopy);
  const made = await (isRootless() ? makeWithoutRoot(session, making, make) : make());
  return stored === undefined
    ? made
    : chooseRun(session, { stored, made, rpmdb: findRpmdb(plan.base.tree).folder });
}

/**
 * Phases `shadow`, `transact` and `collect`: a new layer in the stage. `whyCopy`: why the transaction is to work on a
 * copy of the base, where it has to.
 */
async function makeLayer(session: Session, making: Making, whyCopy: string | undefined): Promise<Layer> {
  const { plan } = making;
  const layout = layerLayout(join(session.stage.folder, 'layer'));
  const folders = makeLayerFolders(layout, session.stage.folder);
  const rpmdb = findRpmdb(plan.base.tree);
  requireWritable(rpmdb);
  await session.phase('shadow', () => makeShadow(plan.base.tree, rpmdb, layout.upper));
  const result = await session.phase('transact', () =>
    keepLogs(session.sysroot, { logs: layout.logs, transaction: session.stage.id }, (moved) =>
      runTransactionIn({
        tree: plan.base.tree,
        upper: layout.upper,
        ...folders,
        view: whyCopy === undefined ? 'auto' : 'copy',
        input: { packages: filesOf(session, plan), dbPath: `/${rpmdb.folder}`, logs: layout.logs },
        keptLogs: moved,
        onEvent: (transaction) => session.report({ type: 'transaction', transaction }),
        signal: making.signal,
        timeLimitMs: session.options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS,
      }),
    ),
  );
  return session.phase('collect', () => {
    const { view, madeMountPoints } = result;
    log.info({ transaction: session.stage.id, ...view }, 'view');
    const used = { tree: plan.base.tree, upper: layout.upper, work: folders.work };
    const acts = findActs(used, { writes: result.writes, rpmdb: rpmdb.folder });
    settleUpper({ ...used, kind: view.kind, madeMountPoints });
    sealShadow(layout.upper, rpmdb);
    const hardlinkGroups = () => making.manifest.hardlinkGroups();
    const changes = collectChanges({ ...used, hardlinkGroups }, acts);
    if (whyCopy !== undefined) view.reason = whyCopy;
    const facts = layerRecord(plan, result, countChanges(changes));
    writeLayer(layout, facts, changes);
    return { ...layout, facts };
  });
}

function filesOf({ sysroot }: Session, { packages }: DeploymentPlan): { path: string; nevra: string }[] {
  return packages.map(({ sha256, nevra }) => ({ path: packageFile(sysroot, sha256), nevra }));
}

function layerRecord(
  { base, packages, layerKey }: DeploymentPlan,
  { elements, scriptlets, leftovers, view, watched }: TransactionResult,
  counts: LayerRecord['counts'],
): LayerRecord {
  return {
    formatVersion: 1,
    key: layerKey ?? '',
    base: { id: base.id, digest: base.digest },
    packages: packages.map(({ sha256 }) => sha256),
    elements,
    scriptlets,
    leftovers,
    view,
    watched,
    counts,
  };
}
