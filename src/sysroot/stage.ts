import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/processes.js';
import type { Sysroot } from './sysroot.js';

/** A folder for one transaction's work in progress. */
export interface Stage {
  id: string;
  folder: string;
}

/** Makes a stage with a name of its own. */
export function openStage({ stage }: Sysroot): Stage {
  const id = `${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`;
  const folder = join(stage, id);
  mkdirSync(folder, { mode: 0o700 });
  return { id, folder };
}

/**
 * Removes what a killed command left in progress; only to be called with the lock held. Mounts are never among it:
 * they live in the namespace of a process that is gone. `rm` copes with any name and depth. Answers how many.
 */
export async function removeStaleStages({ stage }: Sysroot): Promise<number> {
  const names = readdirSync(stage);
  for (const name of names) await removeFolder(join(stage, name));
  return names.length;
}

/** Removes a folder with all that it holds. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Names that are no UTF-8 are more than node:fs walks: rm takes bytes as they are.
    await run('rm', ['-rf', '--one-file-system', '--', folder]);
  }
}

/** The stages there are: work in progress while a command runs, otherwise rubbish. */
export function listStages({ stage }: Sysroot): string[] {
  return readdirSync(stage);
}
