import {
  mountReadOnly,
  type RunEnd,
  runInView,
  SandboxError,
  throwAwayView,
  type ViewFolders,
} from '../../scriptlet-sandbox/index.js';
import { findBase, listBases } from '../base/index.js';
import { listDeployments } from '../deployment/index.js';
import { isErrno, VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { isMounted, requireEmptyFolder, type Sysroot } from '../sysroot/index.js';
import { findPlan, isPlanId, layerOfPlan } from './plans.js';
import { findTree } from './queries.js';

/** A tree to look into: one that is on disk, or a plan's layer over its base. */
export type Shown = Pick<ViewFolders, 'tree' | 'layer'> & { label: string };

/** Finds what a user wants to look into: a plan by its id, or as `findTree` does. Throws E_NO_PLAN and E_NO_DEPLOYMENT. */
export function findShown(sysroot: Sysroot, ref = 'current'): Shown {
  if (!isPlanId(sysroot, ref)) {
    const { label, tree } = findTree(sysroot, ref);
    return { label, tree };
  }
  const plan = findPlan(sysroot, ref);
  const { tree } = findBase(sysroot.bases, plan.base.id);
  return { label: `plan ${plan.id}`, tree, layer: layerOfPlan(sysroot, plan)?.upper };
}

export interface ShellOptions {
  /** The command and its arguments; the tree's own shell unless given. */
  argv: readonly [string, ...string[]];
  /** Whether stdin, stdout and stderr are a terminal for the shell to have. */
  terminal: boolean;
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * Runs a shell, or another command, in a view of a plan, a deployment or a base, confined as scriptlets are. What it
 * changes is thrown away with the view. Throws E_NOT_PERMITTED and E_USAGE where it cannot be run.
 */
export async function shellIn(shown: Shown, options: ShellOptions): Promise<RunEnd> {
  const view = throwAwayView(shown.tree, shown.layer);
  try {
    return await runInView(view, { ...options, stdio: [0, 1, 2] });
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const code = error.code === 'E_NOT_FOUND' ? 'E_USAGE' : 'E_NOT_PERMITTED';
    throw new VeneerError(code, error.message, { hint: error.hint, cause: error });
  }
}

/**
 * Shows a plan, a deployment or a base read-only at an empty folder, until `unmountFrom`. Nothing is copied. Throws
 * E_USAGE where the folder is none or not empty, and E_NOT_PERMITTED.
 */
export function mountAt(shown: Shown, folder: string): void {
  requireEmptyFolder(folder);
  try {
    mountReadOnly(shown, folder);
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'EACCES', 'EINVAL', 'ENODEV')) throw error;
    throw new VeneerError(
      'E_NOT_PERMITTED',
      `cannot mount ${shown.label} at ${folder}: ${(error as Error).message}`,
      {
        hint: 'mounting for others to see needs root; `veneer shell` needs it not',
        cause: error,
      },
    );
  }
}

/** Takes away what `mountAt` put at a folder. Throws E_USAGE where nothing of Veneer's is mounted there. */
export async function unmountFrom(sysroot: Sysroot, folder: string): Promise<void> {
  const trees = [...listBases(sysroot.bases), ...listDeployments(sysroot)].map(({ tree }) => tree);
  if (!isMounted(folder, { source: 'veneer', trees })) {
    throw new VeneerError('E_USAGE', `nothing that \`veneer mount\` put there is at ${folder}`);
  }
  await run('umount', ['--', folder]);
}
