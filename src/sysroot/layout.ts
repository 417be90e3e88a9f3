import { join } from 'node:path';

/** The only place that knows names on disk. All folders are on one file system, so that rename and link work. */
export function sysrootLayout(root: string) {
  return {
    root,
    marker: join(root, 'sysroot.json'),
    state: join(root, 'state.sqlite'),
    lock: join(root, 'lock'),
    bases: join(root, 'bases'),
    layers: join(root, 'layers'),
    /** A file for each plan; what it would deploy is a layer. */
    plans: join(root, 'plans'),
    deployments: join(root, 'deployments'),
    stage: join(root, 'stage'),
    packages: join(root, 'packages'),
    /** Logs of transactions that failed; those of the others are in their layer. */
    logs: join(root, 'logs'),
    current: join(root, 'current'),
    previous: join(root, 'previous'),
  };
}

export type SysrootLayout = ReturnType<typeof sysrootLayout>;

/** The folders that `init` makes; `links` and `renames` between them must not cross file systems. */
export const SYSROOT_FOLDERS = [
  'bases',
  'layers',
  'plans',
  'deployments',
  'stage',
  'packages',
  'logs',
] as const;

/** What a layer's folder, or the stage that becomes one, holds. */
export function layerLayout(folder: string) {
  return {
    folder,
    record: join(folder, 'layer.json'),
    changes: join(folder, 'changes.ndjson'),
    logs: join(folder, 'scriptlets'),
    upper: join(folder, 'upper'),
  };
}

export type LayerLayout = ReturnType<typeof layerLayout>;

/** What a deployment's folder, or the stage that becomes one, holds. */
export function deploymentLayout(folder: string) {
  return { folder, record: join(folder, 'deployment.json'), tree: join(folder, 'tree') };
}

export type DeploymentLayout = ReturnType<typeof deploymentLayout>;
