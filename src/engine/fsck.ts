import { type Base, findBase, listBases } from '../base/index.js';
import { checkDeployment, type Deployment, linkedDeployment, listDeployments } from '../deployment/index.js';
import { findLayer, readLayerChanges } from '../layer/index.js';
import type { FsckFinding } from '../report/results.js';
import { readInstalled } from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import { listStages, type Sysroot } from '../sysroot/index.js';
import { displayPath } from '../tree/path.js';
import { verifyBaseIn } from './bases.js';
import type { RunOptions } from './events.js';
import type { DeploymentRecordOf } from './types.js';

export interface FsckOptions extends RunOptions {
  /** Whether to read every byte of every base as well. */
  data: boolean;
}

/** Looks for damage in the whole sysroot and names it; changes nothing. An empty list means that it is sound. */
export async function fsck(sysroot: Sysroot, options: FsckOptions): Promise<FsckFinding[]> {
  const findings: FsckFinding[] = [];
  for (const base of await guarded(findings, 'bases', () => listBases(sysroot.bases))) {
    findings.push(...(await guarded(findings, `base ${base.id}`, () => checkBase(sysroot, base, options))));
  }
  for (const deployment of await guarded(findings, 'deployments', () =>
    listDeployments<DeploymentRecordOf>(sysroot),
  )) {
    const subject = `deployment ${deployment.info.id}`;
    findings.push(...(await guarded(findings, subject, () => checkOne(sysroot, deployment))));
  }
  for (const link of ['current', 'previous'] as const) {
    await guarded(findings, link, () => {
      linkedDeployment(sysroot, link);
      return [];
    });
  }
  for (const name of listStages(sysroot)) {
    findings.push({
      subject: 'stage',
      path: name,
      problem: 'was left by a command that was killed, or that is still at work',
    });
  }
  return findings;
}

async function checkBase(sysroot: Sysroot, base: Base, options: FsckOptions): Promise<FsckFinding[]> {
  const findings = await verifyBaseIn(sysroot, base.id, options);
  readInstalled(base.tree, { files: false });
  return findings;
}

function checkOne(sysroot: Sysroot, { info, tree }: Deployment<DeploymentRecordOf>): FsckFinding[] {
  const base = findBase(sysroot.bases, info.base.id);
  const layer = info.layer === null ? undefined : findLayer(sysroot, info.layer);
  if (info.layer !== null && layer === undefined) {
    throw new VeneerError('E_DAMAGE', `its layer ${info.layer} is missing`);
  }
  const parts = layer && { upper: layer.upper, changes: readLayerChanges(layer) };
  readInstalled(tree, { files: false });
  return checkDeployment({ tree, base, layer: parts }).map(({ path, problem }) => ({
    subject: `deployment ${info.id}`,
    path: displayPath(path),
    problem,
  }));
}

/** A part that cannot be read at all is a finding, not the end of the search. */
async function guarded<T>(
  findings: FsckFinding[],
  subject: string,
  look: () => T[] | Promise<T[]>,
): Promise<T[]> {
  try {
    return await look();
  } catch (error) {
    findings.push({ subject, path: '', problem: error instanceof Error ? error.message : String(error) });
    return [];
  }
}
