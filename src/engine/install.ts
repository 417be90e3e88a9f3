import { join } from 'node:path';
import { findBase, listBases } from '../base/index.js';
import { linkedDeployment } from '../deployment/index.js';
import type { KeptPackage, Outcome, PreviewOutcome, Request, RequestedPackage } from '../report/results.js';
import { type ResolvedPackage, resolvePackages } from '../resolve/index.js';
import {
  digestFile,
  findRpmdb,
  type PackageFile,
  readInstalled,
  requireWritable,
  spellings,
} from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import { inParallel } from '../support/limits.js';
import { keepPackage, makeFolder, type Sysroot } from '../sysroot/index.js';
import type { RunOptions } from './events.js';
import { previewTransaction } from './preview.js';
import { type Goal, runTransaction } from './transaction.js';
import type { DeploymentRecordOf, Session } from './types.js';

export interface InstallRequest {
  /** RPM files by path, and names to look up in `from`. */
  packages: readonly string[];
  /** Folders of RPM files. */
  from: readonly string[];
  /** Which base; without it the current deployment's, or the only one there is. */
  base?: string | undefined;
}

/**
 * Layers packages on a base and makes the result the current deployment. The request grows by them; a package that
 * is in it already under the same name is replaced. Nothing is deployed where the request stays as it was.
 * Throws what resolving and the transaction throw; nothing has changed then.
 */
export function install(
  sysroot: Sysroot,
  wanted: InstallRequest,
  options: RunOptions = {},
): Promise<Outcome> {
  return runTransaction(sysroot, installGoal(sysroot, wanted), options);
}

/** The same up to the layer, which is kept as a plan; nothing is deployed. */
export function previewInstall(
  sysroot: Sysroot,
  wanted: InstallRequest,
  options: RunOptions = {},
): Promise<PreviewOutcome> {
  return previewTransaction(sysroot, installGoal(sysroot, wanted), options);
}

/**
 * Takes packages out of the request and deploys what is left of it. Throws E_NOT_LAYERED, and E_IN_BASE for a
 * package that only the base has.
 */
export function uninstall(
  sysroot: Sysroot,
  names: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return runTransaction(sysroot, uninstallGoal(sysroot, names), options);
}

/** The same up to the layer, which is kept as a plan; nothing is deployed. */
export function previewUninstall(
  sysroot: Sysroot,
  names: readonly string[],
  options: RunOptions = {},
): Promise<PreviewOutcome> {
  return previewTransaction(sysroot, uninstallGoal(sysroot, names), options);
}

function installGoal(sysroot: Sysroot, wanted: InstallRequest): () => Goal {
  if (wanted.packages.length === 0 && wanted.base === undefined) {
    throw new VeneerError('E_USAGE', 'name at least one package to install');
  }
  return () => {
    const base = chooseBase(sysroot, wanted.base);
    return {
      base,
      request: async (session) => {
        const resolved = await resolve(session, base.tree, wanted);
        const added = await keepAll(session, resolved);
        const names = new Set(added.map(({ name }) => name));
        const kept = currentRequest(sysroot).packages.filter(({ name }) => !names.has(name));
        return { packages: [...kept, ...added] };
      },
    };
  };
}

function uninstallGoal(sysroot: Sysroot, names: readonly string[]): () => Goal {
  if (names.length === 0) throw new VeneerError('E_USAGE', 'name at least one package to uninstall');
  return () => {
    const current = linkedDeployment<DeploymentRecordOf>(sysroot, 'current');
    if (current === undefined) throw noDeployment();
    const base = findBase(sysroot.bases, current.info.base.id);
    return {
      base,
      request: async () => {
        const { packages } = current.info.request;
        const removed = new Set(names.map((name) => findLayered(name, packages, current.tree, base.tree)));
        return { packages: packages.filter((requested) => !removed.has(requested)) };
      },
    };
  };
}

/** The base that a command means. Throws E_NO_BASE where that is not clear. */
export function chooseBase(sysroot: Sysroot, name: string | undefined) {
  if (name !== undefined) return findBase(sysroot.bases, name);
  const current = linkedDeployment<DeploymentRecordOf>(sysroot, 'current');
  if (current !== undefined) return findBase(sysroot.bases, current.info.base.id);
  const bases = listBases(sysroot.bases);
  const [only] = bases;
  if (only !== undefined && bases.length === 1) return only;
  throw new VeneerError(
    'E_NO_BASE',
    bases.length === 0 ? 'there is no base yet' : 'there are several bases',
    {
      lines: bases.map(({ id }) => id),
      hint: bases.length === 0 ? 'run `veneer base import SOURCE --name NAME`' : 'name one with --base',
    },
  );
}

function currentRequest(sysroot: Sysroot): Request {
  return linkedDeployment<DeploymentRecordOf>(sysroot, 'current')?.info.request ?? { packages: [] };
}

async function resolve(
  session: Session,
  treeRoot: string,
  wanted: InstallRequest,
): Promise<ResolvedPackage[]> {
  const rpmdb = findRpmdb(treeRoot);
  requireWritable(rpmdb);
  const cacheDir = join(session.stage.folder, 'resolve');
  makeFolder(cacheDir);
  const { packages, from } = wanted;
  return packages.length === 0
    ? []
    : resolvePackages({ arguments: packages, from, treeRoot, rpmdb, cacheDir });
}

/** Copies the packages into the sysroot: a request must not depend on files that the user may delete. */
function keepAll(session: Session, resolved: readonly ResolvedPackage[]): Promise<RequestedPackage[]> {
  return inParallel(resolved, async ({ asked, file, dependencies }) => ({
    asked,
    ...(await keep(session, file)),
    dependencies: await Promise.all(dependencies.map((dependency) => keep(session, dependency))),
  }));
}

async function keep({ sysroot, stage }: Session, { path, name, nevra }: PackageFile): Promise<KeptPackage> {
  const sha256 = await digestFile(path);
  keepPackage(sysroot, stage.folder, { path, sha256 });
  return { name, nevra, sha256 };
}

function findLayered(
  name: string,
  packages: readonly RequestedPackage[],
  deployedTree: string,
  baseTree: string,
): RequestedPackage {
  const layered = packages.find(
    (requested) =>
      requested.name === name || requested.nevra.startsWith(`${name}.`) || requested.nevra === name,
  );
  if (layered !== undefined) return layered;
  const needing = packages.find(({ dependencies }) =>
    dependencies.some((dependency) => dependency.name === name),
  );
  if (needing !== undefined) {
    throw new VeneerError('E_NOT_LAYERED', `${name} was not asked for: ${needing.name} needs it`, {
      hint: `uninstall ${needing.name}, and ${name} goes with it`,
    });
  }
  const isIn = (tree: string) =>
    readInstalled(tree, { files: false }).some((facts) => spellings(facts).includes(name));
  if (isIn(baseTree) || isIn(deployedTree)) {
    throw new VeneerError('E_IN_BASE', `${name} belongs to the base and cannot be uninstalled`, {
      hint: 'only layered packages can; `veneer status` lists them',
    });
  }
  throw new VeneerError('E_NOT_LAYERED', `${name} is not layered`, {
    lines: packages.map((requested) => requested.nevra),
    hint: 'run `veneer status` to see what is',
  });
}

/** The error of a command that needs a deployment where there is none. */
export function noDeployment(): VeneerError {
  return new VeneerError('E_NO_DEPLOYMENT', 'nothing is deployed yet', {
    hint: 'run `veneer install PACKAGE.rpm` first',
  });
}
