import { chmodSync, createWriteStream, mkdirSync, rmSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimes } from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';
import { type Finished, run } from '../support/processes.js';
import { displayPath, onHost, parentPath, type TreePath } from '../tree/path.js';
import { parseTarListing, type TarMember } from './tar-listing.js';
import { findUnsafeMember, memberPath } from './tar-safety.js';
import { refuseForeignMembers } from './without-root.js';

/** In the C locale tar neither converts names between charsets nor translates its messages. */
const TAR_ENV = { env: { LC_ALL: 'C' } };
const LISTING_LIMIT_BYTES = 2 ** 29;

/**
 * Unpacks a tar, plain or compressed, into `treeDir`, which is made; nothing is unpacked before every member is known
 * to stay inside. Throws E_TAR_UNSAFE, E_TAR_BROKEN, and E_BASE_SOURCE for an empty archive or what is none.
 */
export async function importTar(archive: string, treeDir: string): Promise<void> {
  const members = await listMembers(archive);
  const unsafe = findUnsafeMember(members);
  if (unsafe) {
    const name = displayPath(unsafe.member.name as TreePath).slice(1);
    throw new VeneerError('E_TAR_UNSAFE', `the member '${name}' of ${archive} ${unsafe.reason}`, {
      hint: 'nothing was unpacked; make the archive with `tar -C ROOT -c .`',
    });
  }
  refuseForeignMembers(members);
  mkdirSync(treeDir);
  const preserve = [
    '--numeric-owner',
    '--same-owner',
    '-p',
    '--xattrs',
    '--xattrs-include=*',
    '--acls',
    '--sparse',
  ];
  const done = await run('tar', ['-x', '-f', archive, '--force-local', '-C', treeDir, ...preserve], {
    ...TAR_ENV,
    reject: false,
  });
  if (done.exitCode !== 0) throw broken(archive, done);
  settleImpliedFolders(treeDir, members);
}

/** Writes a stream, such as standard input, to a file that `importTar` can then read twice. */
export async function spool(input: Readable, file: string): Promise<void> {
  try {
    await pipeline(input, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

async function listMembers(archive: string): Promise<TarMember[]> {
  const empty = new VeneerError('E_BASE_SOURCE', `${archive} is an empty archive`);
  if (statSync(archive).size === 0) throw empty;
  const format = ['-tvR', '--numeric-owner', '--quoting-style=c', '-P', '--full-time'];
  const listed = await run('tar', [...format, '-f', archive, '--force-local'], {
    ...TAR_ENV,
    reject: false,
    maxBuffer: LISTING_LIMIT_BYTES,
  });
  if (listed.exitCode !== 0) throw broken(archive, listed);
  const { members, complete } = parseTarListing(listed.stdout);
  if (!complete) throw broken(archive, { ...listed, stderr: 'tar: the end of the archive is missing' });
  if (members.length === 0) throw empty;
  return members;
}

function broken(archive: string, { stdout, stderr }: Finished): VeneerError {
  const lines = stderr.trim().split('\n');
  if (/Cannot exec/.test(stderr)) {
    return new VeneerError('E_MISSING_PROGRAM', `the program that unpacks ${archive} is not installed`, {
      lines,
    });
  }
  const hasMembers = stdout.includes('"');
  if (!hasMembers && /does not look like a tar archive/.test(stderr)) {
    return new VeneerError('E_BASE_SOURCE', `${archive} is neither a folder nor a tar archive`, { lines });
  }
  return new VeneerError('E_TAR_BROKEN', `the archive ${archive} is broken or truncated`, {
    lines,
    hint: 'fetch or make it again and compare its checksum',
  });
}

/**
 * Gives folders that the archive has no member for, such as `usr` when it only lists `usr/bin/sh`, the mode 0755 and
 * the time 0. tar made them now and with our umask: the same archive would be another base with each import.
 */
function settleImpliedFolders(treeDir: string, members: readonly TarMember[]): void {
  const implied = new Set<TreePath>(['' as TreePath]);
  for (const { name } of members) {
    for (let path = memberPath(name) as TreePath; path !== ''; path = parentPath(path)) {
      implied.add(parentPath(path));
    }
  }
  for (const { name, kind } of members)
    if (kind === 'directory') implied.delete(memberPath(name) as TreePath);
  for (const path of implied) {
    chmodSync(onHost(treeDir, path), 0o755);
    setTimes(onHost(treeDir, path), 0n, 0n);
  }
}
