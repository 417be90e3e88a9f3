import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isErrno, VeneerError } from '../support/errors.js';
import { readRecord, writeFileAtomically } from './atomic.js';
import { SYSROOT_FOLDERS, type SysrootLayout, sysrootLayout } from './layout.js';

/** An opened sysroot: the names in it. Holds nothing open and needs no closing. */
export type Sysroot = SysrootLayout;

const FORMAT_VERSION = 1;

/**
 * Makes a folder a sysroot; it is made where it is missing and must be empty.
 * Throws E_SYSROOT_EXISTS and E_SYSROOT_UNWRITABLE.
 */
export function initSysroot(folder: string): Sysroot {
  const layout = sysrootLayout(resolve(folder));
  if (existsSync(layout.marker)) {
    throw new VeneerError('E_SYSROOT_EXISTS', `${layout.root} is a sysroot already`, {
      hint: `run \`veneer status --sysroot ${layout.root}\` to see what it holds`,
    });
  }
  try {
    mkdirSync(layout.root, { recursive: true });
    refuseForeignContent(layout);
    for (const name of SYSROOT_FOLDERS) mkdirSync(join(layout.root, name), { recursive: true, mode: 0o755 });
    writeFileAtomically(layout.marker, `${JSON.stringify({ formatVersion: FORMAT_VERSION })}\n`);
  } catch (error) {
    throw asUnwritable(error, layout.root);
  }
  return openSysroot(folder);
}

/**
 * Opens a sysroot. Throws E_NOT_A_SYSROOT, E_SYSROOT_FORMAT for one that a newer Veneer made, and E_SYSROOT_SPLIT
 * where its folders are not all on one file system.
 */
export function openSysroot(folder: string): Sysroot {
  const named = resolve(folder);
  const layout = sysrootLayout(existsSync(named) ? realpathSync(named) : named);
  const version = formatOf(layout);
  if (version !== FORMAT_VERSION) {
    throw new VeneerError(
      'E_SYSROOT_FORMAT',
      `${layout.root} has format ${version}; this Veneer knows ${FORMAT_VERSION}`,
      {
        hint: 'use the version of Veneer that made it, or a newer one',
      },
    );
  }
  refuseSplit(layout);
  return layout;
}

/** Whether a folder belongs to the user who runs this; false where there is none. */
export function isOwnSysroot(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

/** Throws E_SYSROOT_UNWRITABLE where this process may not change the sysroot. */
export function requireWritableSysroot({ root }: Sysroot): void {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw asUnwritable(error, root);
  }
}

function refuseForeignContent({ root }: SysrootLayout): void {
  const known: readonly string[] = SYSROOT_FOLDERS;
  const foreign = readdirSync(root).filter((name) => !known.includes(name) && name !== 'sysroot.json.new');
  if (foreign.length === 0) return;
  throw new VeneerError('E_SYSROOT_EXISTS', `${root} is not empty and not a sysroot`, {
    lines: foreign.slice(0, 5),
    hint: 'name an empty folder, or one that does not exist yet',
  });
}

function formatOf(layout: SysrootLayout): unknown {
  let record: { formatVersion?: unknown } | undefined;
  try {
    record = readRecord(layout.marker);
  } catch (error) {
    throw new VeneerError('E_SYSROOT_FORMAT', `${layout.marker} cannot be read`, { cause: error });
  }
  if (record === undefined) {
    throw new VeneerError('E_NOT_A_SYSROOT', `${layout.root} is not a sysroot`, {
      hint: `run \`veneer init --sysroot ${layout.root}\` to make it one, or name another with --sysroot`,
    });
  }
  return record.formatVersion;
}

/** Hardlinks and renames cannot cross file systems, so one that is mounted in the middle is found before work starts. */
function refuseSplit(layout: SysrootLayout): void {
  const { dev } = statSync(layout.root);
  for (const name of SYSROOT_FOLDERS) {
    const stat = statSync(join(layout.root, name), { throwIfNoEntry: false });
    if (stat === undefined || stat.dev === dev) continue;
    throw new VeneerError(
      'E_SYSROOT_SPLIT',
      `${join(layout.root, name)} is on another file system than ${layout.root}`,
      {
        hint: 'a checkout is made of hardlinks: keep the whole sysroot on one file system',
      },
    );
  }
}

function asUnwritable(error: unknown, root: string): unknown {
  if (!isErrno(error, 'EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST')) return error;
  return new VeneerError('E_SYSROOT_UNWRITABLE', `${root} cannot be written: ${(error as Error).message}`, {
    hint: 'name a folder on a writable file system, or run as the user who owns it',
    cause: error,
  });
}
