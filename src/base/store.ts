import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isErrno, VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { Manifest, type Totals } from './manifest.js';

/** An imported, immutable root file system. */
export interface Base {
  /** `<name>-<first 12 digits of the digest>`, which is its folder's name too. */
  id: string;
  name: string;
  /** sha256 over every entry of the manifest, as hex digits. */
  digest: string;
  folder: string;
  tree: string;
  manifestFile: string;
  /** ISO 8601. */
  created: string;
  source: string;
  totals: Totals;
  /** What the import's `prepare` found out. */
  facts: Record<string, unknown>;
}

export const FORMAT_VERSION = 1;

/** Where things are in a base's folder, or in the stage that becomes one. */
export function layout(folder: string): { tree: string; manifest: string; record: string } {
  return {
    tree: join(folder, 'tree'),
    manifest: join(folder, 'manifest.sqlite'),
    record: join(folder, 'base.json'),
  };
}

/** All bases, by name and then oldest first; none where the folder does not exist. Throws E_BASE_DAMAGED. */
export function listBases(basesDir: string): Base[] {
  return folderNames(basesDir)
    .map((name) => loadBase(join(basesDir, name)))
    .sort((a, b) => compare(a.name, b.name) || compare(a.created, b.created) || compare(a.id, b.id));
}

/**
 * Finds a base by its id, by its name (the newest import of that name) or by the beginning of its id.
 * Throws E_NO_BASE, listing what there is, when none matches or the beginning of several ids does.
 */
export function findBase(basesDir: string, nameOrPrefix: string): Base {
  const bases = listBases(basesDir);
  const exact =
    bases.find(({ id }) => id === nameOrPrefix) ?? bases.findLast(({ name }) => name === nameOrPrefix);
  if (exact) return exact;
  const matching = nameOrPrefix === '' ? [] : bases.filter(({ id }) => id.startsWith(nameOrPrefix));
  if (matching.length === 1 && matching[0]) return matching[0];
  const ambiguous = matching.length > 1;
  throw new VeneerError(
    'E_NO_BASE',
    ambiguous ? `'${nameOrPrefix}' is the beginning of several bases` : `there is no base '${nameOrPrefix}'`,
    {
      lines: (ambiguous ? matching : bases).map(({ id }) => id),
      hint:
        bases.length === 0 ? 'run `veneer base import SOURCE --name NAME` first' : 'run `veneer base list`',
    },
  );
}

/** Removes a base; `stage` is a path of the same file system to move it to first, so that it is never half there. */
export async function removeBase(base: Base, stage: string): Promise<void> {
  renameSync(base.folder, stage);
  await run('rm', ['-rf', '--one-file-system', '--', stage]);
}

/** Opens the list of everything in the base. Throws E_BASE_DAMAGED. */
export function openManifest(base: Base): Manifest {
  return Manifest.open(base.manifestFile);
}

/** Reads a base's own record. Throws E_BASE_DAMAGED when it is missing or unreadable. */
export function loadBase(folder: string): Base {
  const { tree, manifest, record } = layout(folder);
  try {
    const { formatVersion, name, digest, created, source, totals, facts } = JSON.parse(
      readFileSync(record, 'utf8'),
    );
    if (formatVersion !== FORMAT_VERSION)
      throw new Error(`its format is ${formatVersion}, not ${FORMAT_VERSION}`);
    const id = basename(folder);
    if (`${name}-${String(digest).slice(0, 12)}` !== id) throw new Error(`it describes ${name} ${digest}`);
    return { id, name, digest, folder, tree, manifestFile: manifest, created, source, totals, facts };
  } catch (error) {
    throw new VeneerError('E_BASE_DAMAGED', `cannot read ${record}: ${(error as Error).message}`, {
      hint: 'run `veneer fsck`',
      cause: error,
    });
  }
}

function folderNames(basesDir: string): string[] {
  try {
    return readdirSync(basesDir);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
