import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Sysroot } from './sysroot.js';

/**
 * Runs a transaction and, when it fails, keeps its logs under `logs/<transaction>/`, as the stage they lie in goes
 * away. The work is told that place beforehand, so that its errors can name it.
 */
export async function keepLogs<T>(
  { logs: kept }: Sysroot,
  { logs, transaction }: { logs: string; transaction: string },
  work: (place: string) => Promise<T>,
): Promise<T> {
  const place = join(kept, transaction);
  try {
    return await work(place);
  } catch (error) {
    if (existsSync(logs)) cpSync(logs, place, { recursive: true });
    throw error;
  }
}
