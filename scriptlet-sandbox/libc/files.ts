import { constants } from 'node:fs';
import koffi from 'koffi';
import { AT_FDCWD, checked, cPath, libc } from './call.js';

const bound = {
  mknod: libc.func('int mknod(const void *path, unsigned int mode, unsigned long device)'),
  syncfs: libc.func('int syncfs(int fd)'),
  flock: libc.func('int flock(int fd, int operation)'),
  openat: libc.func('int openat(int folder, const void *path, int flags, ...)'),
  utimensat: libc.func('int utimensat(int folder, const void *path, const int64_t *times, int flags)'),
  renameat2: libc.func(
    'int renameat2(int from, const void *old, int to, const void *path, unsigned int flags)',
  ),
};

const AT_SYMLINK_NOFOLLOW = 0x100;

/** Makes a whiteout as overlayfs knows it: a character device with the number 0:0, which needs no privilege. */
export function makeWhiteout(path: Buffer): void {
  checked('mknod', bound.mknod(cPath(path), constants.S_IFCHR, 0), path);
}

/** syncfs(2): makes all that the file system of this descriptor holds durable. */
export function syncfs(fd: number): void {
  checked('syncfs', bound.syncfs(fd));
}

/** flock(2) for writing without waiting; false when another open file description holds it. */
export function tryLock(fd: number): boolean {
  const LOCK_EX_NB = 2 | 4;
  if (bound.flock(fd, LOCK_EX_NB) === 0) return true;
  if (koffi.errno() === koffi.os.errno.EAGAIN) return false;
  checked('flock', -1);
  return false;
}

/** Sets access and modification time, in nanoseconds since the epoch, of the path itself (links are not followed). */
export function setTimes(path: Buffer, atimeNs: bigint, mtimeNs: bigint): void {
  const times = [atimeNs, mtimeNs].flatMap((ns) => {
    const seconds = ns >= 0n ? ns / 1_000_000_000n : (ns - 999_999_999n) / 1_000_000_000n;
    return [seconds, ns - seconds * 1_000_000_000n];
  });
  checked(
    'utimensat',
    bound.utimensat(AT_FDCWD, cPath(path), BigInt64Array.from(times), AT_SYMLINK_NOFOLLOW),
    path,
  );
}

/** openat(2) for appending to a file in an open folder; a process that has entered another root reaches it so. */
export function appendIn(folder: number, name: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
  return checked('openat', bound.openat(folder, cPath(name), flags, 'int', 0o644), name);
}

/** openat(2) for reading a file in an open folder. */
export function openIn(folder: number, name: string): number {
  return checked('openat', bound.openat(folder, cPath(name), constants.O_RDONLY, 'int', 0), name);
}

/** Renames inside an open folder. */
export function renameIn(folder: number, from: string, to: string): void {
  checked('renameat2', bound.renameat2(folder, cPath(from), folder, cPath(to), 0), to);
}

/** Renames, but fails with EEXIST where the new name is taken. */
export function renameNoReplace(from: Buffer | string, to: Buffer | string): void {
  const RENAME_NOREPLACE = 1;
  checked('renameat2', bound.renameat2(AT_FDCWD, cPath(from), AT_FDCWD, cPath(to), RENAME_NOREPLACE), to);
}
