import { findBase, listBases } from '../base/index.js';
import { linkedDeployment, listDeployments, sequence } from '../deployment/index.js';
import type { PackageLine, Request, Status } from '../report/results.js';
import { readInstalled, spellings } from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import type { Sysroot } from '../sysroot/index.js';
import { listBasesIn } from './bases.js';
import { noDeployment } from './install.js';
import type { DeploymentRecordOf } from './types.js';

/** What the sysroot holds. Needs no lock and no rpm. */
export function status(sysroot: Sysroot): Status {
  return {
    sysroot: sysroot.root,
    current: linkedDeployment<DeploymentRecordOf>(sysroot, 'current')?.info ?? null,
    previous: linkedDeployment<DeploymentRecordOf>(sysroot, 'previous')?.info ?? null,
    deployments: listDeployments<DeploymentRecordOf>(sysroot).map(({ info }) => info),
    bases: listBasesIn(sysroot),
  };
}

/** A tree that a user named, and the tree of the base that it stands on. */
export interface NamedTree {
  label: string;
  tree: string;
  baseTree: string;
  baseId: string;
  /** The key of its layer; null for a base, and for a deployment of nothing else. */
  layer: string | null;
  request: Request;
}

/**
 * Finds the tree that a user means: `current`, `previous`, a deployment's id, its number or the beginning of its id,
 * or a base. Throws E_NO_DEPLOYMENT listing what there is.
 */
export function findTree(sysroot: Sysroot, ref: string): NamedTree {
  const deployments = listDeployments<DeploymentRecordOf>(sysroot);
  const link =
    ref === 'current' || ref === 'previous' ? linkedDeployment<DeploymentRecordOf>(sysroot, ref) : undefined;
  const matching = deployments.filter(({ info }) => info.id.startsWith(ref));
  const named =
    link ??
    deployments.find(({ info }) => info.id === ref || String(sequence(info.id)) === ref) ??
    (matching.length === 1 ? matching[0] : undefined);
  if (named !== undefined) {
    const { id, base, layer, request } = named.info;
    const baseTree = findBase(sysroot.bases, base.id).tree;
    return { label: id, tree: named.tree, baseTree, baseId: base.id, layer, request };
  }
  const base = listBases(sysroot.bases).findLast(({ id, name }) => id === ref || name === ref);
  if (base !== undefined) {
    const { id, tree } = base;
    return { label: id, tree, baseTree: tree, baseId: id, layer: null, request: { packages: [] } };
  }
  if (ref === 'current') throw noDeployment();
  throw new VeneerError('E_NO_DEPLOYMENT', `there is no deployment or base '${ref}'`, {
    lines: [...deployments.map(({ info }) => info.id), ...listBases(sysroot.bases).map(({ id }) => id)],
    hint: 'run `veneer status`',
  });
}

/** The packages of a deployment or base, by name; only those of one name where one is given. Needs no rpm. */
export function listPackages(sysroot: Sysroot, ref = 'current', name?: string): PackageLine[] {
  const { tree, baseTree, label } = findTree(sysroot, ref);
  const inBase = new Set(readInstalled(baseTree, { files: false }).map(({ nevra }) => nevra));
  const lines = readInstalled(tree, { files: false })
    .filter((facts) => name === undefined || spellings(facts).includes(name))
    .map((facts) => {
      const { name: packageName, nevra, size, summary } = facts;
      const origin = inBase.has(nevra) ? ('base' as const) : ('layer' as const);
      return { name: packageName, nevra, size, summary, origin };
    })
    .sort((a, b) => (a.nevra < b.nevra ? -1 : 1));
  if (name !== undefined && lines.length === 0) {
    throw new VeneerError('E_UNKNOWN_PACKAGE', `${label} has no package ${name}`, {
      hint: 'run `veneer packages`',
    });
  }
  return lines;
}
