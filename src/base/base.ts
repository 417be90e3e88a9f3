import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { renameNoReplace, syncfs } from '../../scriptlet-sandbox/index.js';
import { isErrno, VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { digestFiles } from '../tree/digest.js';
import { walk } from '../tree/walk.js';
import { importTree } from './import.js';
import { Manifest, type Totals } from './manifest.js';
import { filesToDigest, manifestDigest, manifestEntries } from './manifest-entry.js';
import { refuseOverlayMarks } from './overlay-marks.js';
import { type Base, FORMAT_VERSION, layout, listBases, loadBase } from './store.js';

export interface ImportProgress {
  step: 'copy' | 'prepare' | 'digest' | 'sync';
  /** Files read so far and in all, while digesting. */
  done?: number;
  total?: number;
}

export interface ImportBaseOptions {
  /** A folder, a tar, or `-` for a tar on standard input. */
  source: string;
  name: string;
  /** A folder to work in, on the file system of `basesDir`; it is gone afterwards, whether or not this succeeds. */
  stage: string;
  basesDir: string;
  /** What the source may not overlap; the parent of `basesDir` unless given. */
  sysroot?: string;
  stdin?: Readable;
  /** Looks at the imported tree and may change it; what it returns is kept as the base's facts. */
  prepare?: (treeDir: string) => Promise<object>;
  onProgress?: (progress: ImportProgress) => void;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Makes a base of a folder or tar. It appears under `basesDir` complete and durable, or not at all. Where a base of
 * the same name and content is there already, that one is returned and `already` is true.
 * Throws E_USAGE for a bad name, E_BASE_SOURCE, E_TAR_UNSAFE, E_TAR_BROKEN, and what `prepare` throws.
 */
export async function importBase(options: ImportBaseOptions): Promise<Base & { already: boolean }> {
  const { name, stage, basesDir, prepare = async () => ({}), onProgress = () => {} } = options;
  try {
    checkName(name);
    mkdirSync(stage, { recursive: true });
    const { tree } = layout(stage);
    onProgress({ step: 'copy' });
    await importTree(options.source, tree, { ...options, sysroot: options.sysroot ?? dirname(basesDir) });
    onProgress({ step: 'prepare' });
    const facts = await prepare(tree);
    const { digest, totals } = await writeManifest(stage, (done) => onProgress({ step: 'digest', ...done }));
    const existing = listBases(basesDir).find((base) => base.name === name && base.digest === digest);
    if (existing) return { ...existing, already: true };
    const source = options.source === '-' ? '-' : resolve(options.source);
    const created = new Date().toISOString();
    const record = { formatVersion: FORMAT_VERSION, name, digest, created, source, totals, facts };
    writeFileSync(layout(stage).record, `${JSON.stringify(record, null, 2)}\n`);
    onProgress({ step: 'sync' });
    return publish(stage, join(basesDir, `${name}-${digest.slice(0, 12)}`));
  } finally {
    // Published, the stage is no longer there; otherwise it is of no use to anyone.
    await run('rm', ['-rf', '--one-file-system', '--', stage]);
  }
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new VeneerError('E_USAGE', `'${name}' cannot be the name of a base`, {
    hint: 'use up to 64 letters, digits, dots, dashes and underscores, the first one a letter or digit',
  });
}

async function writeManifest(
  stage: string,
  onProgress: (done: { done: number; total: number }) => void,
): Promise<{ digest: string; totals: Totals }> {
  const { tree, manifest: file } = layout(stage);
  const walked = [...walk(tree)];
  refuseOverlayMarks(walked);
  const entries = manifestEntries(walked, await digestFiles(tree, filesToDigest(walked), onProgress));
  Manifest.create(file, entries);
  const manifest = Manifest.open(file);
  try {
    return { digest: manifestDigest(entries), totals: manifest.totals() };
  } finally {
    manifest.close();
  }
}

function publish(stage: string, folder: string): Base & { already: boolean } {
  mkdirSync(dirname(folder), { recursive: true });
  withFolder(stage, syncfs);
  try {
    renameNoReplace(stage, folder);
  } catch (error) {
    // Equal in name and in twelve digits of the digest, and not listed a moment ago: another import was faster.
    if (!isErrno(error, 'EEXIST')) throw error;
    return { ...loadBase(folder), already: true };
  }
  withFolder(dirname(folder), fsyncSync);
  return { ...loadBase(folder), already: false };
}

function withFolder(folder: string, action: (fd: number) => void): void {
  const fd = openSync(folder, 'r');
  try {
    action(fd);
  } finally {
    closeSync(fd);
  }
}
