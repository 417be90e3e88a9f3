import { readdirSync, realpathSync, rmSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { importTar, spool } from './import-tar.js';
import { refuseForeignFolder } from './without-root.js';

export interface ImportTreeOptions {
  /** A folder that the source may neither lie in nor contain: Veneer's own. */
  sysroot: string;
  /** What the source `-` reads; standard input unless given. */
  stdin?: Readable;
}

/**
 * Fills `treeDir`, which must not exist yet, from a folder or from a tar (plain or compressed; `-` reads one from
 * standard input and keeps it beside `treeDir` meanwhile). Hardlinks, owners, modes, xattrs, ACLs, capabilities, holes
 * and times in nanoseconds stay as they are. Throws E_BASE_SOURCE, E_TAR_UNSAFE, E_TAR_BROKEN or E_PROGRAM_FAILED.
 */
export async function importTree(source: string, treeDir: string, options: ImportTreeOptions): Promise<void> {
  if (source === '-') return importStream(options.stdin ?? process.stdin, treeDir);
  const stat = statSource(source);
  if (stat.isDirectory()) return importFolder(source, treeDir, options.sysroot);
  if (stat.isFile()) return importTar(source, treeDir);
  throw new VeneerError('E_BASE_SOURCE', `${source} is neither a folder nor a tar archive`);
}

async function importStream(input: Readable, treeDir: string): Promise<void> {
  const file = join(dirname(treeDir), 'standard-input.tar');
  await spool(input, file);
  try {
    await importTar(file, treeDir);
  } finally {
    rmSync(file, { force: true });
  }
}

function statSource(source: string): Stats {
  try {
    return statSync(source);
  } catch (error) {
    throw new VeneerError('E_BASE_SOURCE', `cannot read ${source}: ${(error as Error).message}`, {
      hint: 'name a folder that holds a root file system, or a tar of one',
      cause: error,
    });
  }
}

async function importFolder(source: string, treeDir: string, sysroot: string): Promise<void> {
  const from = realpathSync(source);
  const own = realpathSync(sysroot);
  if (isWithin(own, from) || isWithin(from, own)) {
    throw new VeneerError(
      'E_BASE_SOURCE',
      `the source ${from} and the sysroot ${own} lie one within the other`,
      {
        hint: 'copy the root file system elsewhere first, or choose another sysroot',
      },
    );
  }
  if (readdirSync(from, { encoding: 'buffer' }).length === 0) {
    throw new VeneerError('E_BASE_SOURCE', `the folder ${source} is empty`);
  }
  await refuseForeignFolder(from);
  // With `/.` cp gives the folder it makes the metadata of the source's root as well.
  await run('cp', ['-a', '--reflink=auto', '-x', '--', `${from}/.`, treeDir]);
}

/** Tells whether `path` is `folder` or lies in it; both must be real paths. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../');
}
