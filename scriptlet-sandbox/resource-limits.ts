import { setResourceLimit } from './libc.js';
import type { SandboxSpec } from './spec.js';

/** Resources of getrlimit(2). */
const RLIMIT = { DATA: 2, CORE: 4, NOFILE: 7 } as const;

/**
 * Sets the limits that the kernel keeps for each process, for this one and all that it starts. No core dumps: they
 * would be written into the view. Where no control group holds the memory, no process may have more than all may
 * together.
 */
export function limitResources({ limits }: SandboxSpec): void {
  lower(RLIMIT.CORE, 0);
  if (limits?.openFiles !== undefined) lower(RLIMIT.NOFILE, limits.openFiles);
  if (limits?.memoryBytes !== undefined && !limits.heldByGroup) lower(RLIMIT.DATA, limits.memoryBytes);
}

/** Raising a limit takes a privilege: without it, the one there is is lower still. */
function lower(resource: number, limit: number): void {
  try {
    setResourceLimit(resource, limit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
