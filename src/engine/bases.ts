import { join } from 'node:path';
import { type Base, findBase, importBase, listBases, removeBase, verifyBase } from '../base/index.js';
import { listDeployments } from '../deployment/index.js';
import type { BaseInfo, FsckFinding } from '../report/results.js';
import { findRpmdb, normalizeRpmdb, readInstalled, requireWritable } from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import type { Sysroot } from '../sysroot/index.js';
import { displayPath } from '../tree/path.js';
import type { RunOptions } from './events.js';
import { inSession } from './session.js';
import type { DeploymentRecordOf } from './types.js';

/**
 * Imports a folder or tar as a base. Throws E_BASE_SOURCE, E_TAR_UNSAFE, E_TAR_BROKEN, and E_NO_RPMDB or
 * E_RPMDB_UNSUPPORTED where librpm could never layer anything on it.
 */
export function importBaseInto(
  sysroot: Sysroot,
  { source, name }: { source: string; name: string },
  options: RunOptions = {},
): Promise<BaseInfo & { already: boolean }> {
  return inSession(sysroot, options, async (session) => {
    const imported = await importBase({
      source,
      name,
      stage: join(session.stage.folder, 'base'),
      basesDir: sysroot.bases,
      sysroot: sysroot.root,
      stdin: process.stdin,
      prepare: async (tree) => {
        const rpmdb = findRpmdb(tree);
        requireWritable(rpmdb);
        normalizeRpmdb(tree, rpmdb);
        return { packages: readInstalled(tree, { files: false }).length, rpmdb: displayPath(rpmdb.folder) };
      },
      onProgress: ({ step, done, total }) => {
        if (done === undefined || total === undefined) session.report({ type: 'step', step });
        else session.report({ type: 'progress', what: 'digest', done, total });
      },
    });
    return { ...describeBase(sysroot, imported), already: imported.already };
  });
}

/** All bases with what stands on them. */
export function listBasesIn(sysroot: Sysroot): BaseInfo[] {
  return listBases(sysroot.bases).map((base) => describeBase(sysroot, base));
}

/** Removes a base. Throws E_NO_BASE, and E_BASE_IN_USE where a deployment stands on it. */
export function removeBaseFrom(sysroot: Sysroot, name: string, options: RunOptions = {}): Promise<BaseInfo> {
  return inSession(sysroot, options, async (session) => {
    const base = findBase(sysroot.bases, name);
    const info = describeBase(sysroot, base);
    if (info.usedBy.length > 0) {
      throw new VeneerError('E_BASE_IN_USE', `${base.id} is in use`, {
        lines: info.usedBy.map((id) => `deployment ${id} stands on it`),
        hint: 'a base goes only when no deployment needs it',
      });
    }
    await removeBase(base, join(session.stage.folder, 'removed-base'));
    return info;
  });
}

/** Compares bases with their manifests; with `data` every byte is read again. Answers what differs. */
export async function verifyBaseIn(
  sysroot: Sysroot,
  name: string,
  options: RunOptions & { data: boolean },
): Promise<FsckFinding[]> {
  const base = findBase(sysroot.bases, name);
  const findings = await verifyBase(base, {
    data: options.data,
    onProgress: ({ done, total }) => options.report?.({ type: 'progress', what: 'verify', done, total }),
  });
  return findings.map(({ path, what }) => ({
    subject: `base ${base.id}`,
    path: displayPath(path),
    problem: what.join(', '),
  }));
}

function describeBase(sysroot: Sysroot, base: Base): BaseInfo {
  const { id, name, digest, created, source, totals, facts } = base;
  return {
    ...{ id, name, digest, created, source },
    paths: totals.paths,
    bytes: totals.bytes,
    packages: Number(facts.packages ?? 0),
    usedBy: listDeployments<DeploymentRecordOf>(sysroot)
      .filter(({ info }) => info.base.id === id)
      .map(({ info }) => info.id),
  };
}
