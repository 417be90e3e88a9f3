import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { VeneerError } from '../support/errors.js';
import {
  type DeploymentLayout,
  deploymentLayout,
  publishFolder,
  readRecord,
  readSymlink,
  replaceSymlink,
  type Sysroot,
} from '../sysroot/index.js';

/** What every deployment's record has; the engine keeps more in it. */
export interface DeploymentRecord {
  formatVersion: 1;
  id: string;
}

/** A deployment on disk with its record. */
export interface Deployment<R extends DeploymentRecord> extends DeploymentLayout {
  info: R;
}

/** All deployments, oldest first. Throws E_DAMAGE where a record cannot be read. */
export function listDeployments<R extends DeploymentRecord>(sysroot: Sysroot): Deployment<R>[] {
  return readdirSync(sysroot.deployments)
    .map((id) => loadDeployment<R>(sysroot, id))
    .sort((a, b) => sequence(a.info.id) - sequence(b.info.id));
}

/** The deployment that `current` or `previous` names, or undefined. Throws E_DAMAGE where the link leads nowhere. */
export function linkedDeployment<R extends DeploymentRecord>(
  sysroot: Sysroot,
  link: 'current' | 'previous',
): Deployment<R> | undefined {
  const target = readSymlink(sysroot[link]);
  return target === undefined ? undefined : loadDeployment<R>(sysroot, basename(target));
}

/** The number that starts a deployment's id; ids are given in order. */
export function sequence(id: string): number {
  return Number.parseInt(id, 10) || 0;
}

/** The id of the next deployment: a number and the beginning of its layer's key, or `base`. */
export function nextId(sysroot: Sysroot, layer: string | null): string {
  const last = Math.max(0, ...readdirSync(sysroot.deployments).map(sequence));
  return `${last + 1}-${layer?.slice(0, 8) ?? 'base'}`;
}

/**
 * Makes a finished, durable stage the current deployment. The one rename of `current` is the commit point; what was
 * current becomes `previous` before it, so that a crash in between leaves a current deployment that is whole.
 */
export function publishDeployment(sysroot: Sysroot, stage: string, id: string): void {
  publishFolder(stage, join(sysroot.deployments, id));
  switchTo(sysroot, id);
}

/** Makes a deployment current and the one that was current previous. */
export function switchTo(sysroot: Sysroot, id: string): void {
  const old = readSymlink(sysroot.current);
  if (old !== undefined) replaceSymlink(sysroot.previous, old);
  replaceSymlink(sysroot.current, `deployments/${id}`);
}

function loadDeployment<R extends DeploymentRecord>(sysroot: Sysroot, id: string): Deployment<R> {
  const layout = deploymentLayout(join(sysroot.deployments, id));
  try {
    const info = readRecord<R>(layout.record);
    if (info === undefined) throw new Error('it is missing');
    return { ...layout, info };
  } catch (error) {
    throw new VeneerError(
      'E_DAMAGE',
      `the record of deployment ${id} cannot be read: ${(error as Error).message}`,
      {
        hint: 'run `veneer fsck`',
        cause: error,
      },
    );
  }
}
