import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { DATABASE_FOLDER, withRpmHome } from '../../../fixtures/rpm-home.js';
import { VeneerError } from '../../../src/support/errors.js';
import { run } from '../../../src/support/processes.js';

/** A folder for one test file, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'veneer-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What plain rpm prints; the tree it may look at is given to it as a copy, since rpm writes locks where it reads. */
export function plainRpm(...args: string[]): Promise<string> {
  return withRpmHome(async ({ env }) => (await run('rpm', args, { env })).stdout);
}

/** What plain rpm prints of all packages in a tree, one line each, sorted. */
export async function plainRpmAll(tree: string, format: string): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'veneer-test-'));
  try {
    cpSync(join(tree, DATABASE_FOLDER), join(copy, DATABASE_FOLDER), { recursive: true });
    return (await plainRpm('--root', copy, '-qa', '--qf', `${format}\n`)).split('\n').filter(Boolean).sort();
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The error code that some work ends with, or 'none'; other errors than the user's are thrown on. */
export async function codeOf(work: () => unknown): Promise<string> {
  return (await errorOf(work))?.code ?? 'none';
}

/** The error for the user that some work ends with. */
export async function errorOf(work: () => unknown): Promise<VeneerError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof VeneerError) return error;
    throw error;
  }
}
