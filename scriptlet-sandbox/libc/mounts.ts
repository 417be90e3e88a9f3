import { closeSync, constants, openSync } from 'node:fs';
import { AT_FDCWD, checked, cPath, libc, syscall } from './call.js';

const bound = {
  mount: libc.func(
    'int mount(const void *source, const void *target, const char *type, unsigned long flags, const char *data)',
  ),
  chroot: libc.func('int chroot(const void *path)'),
  umount2: libc.func('int umount2(const void *target, int flags)'),
  pivot_root: libc.func('int pivot_root(const void *folder, const void *old)'),
};

export interface MountRequest {
  source: Buffer | string;
  target: Buffer | string;
  type?: string | null;
  flags?: number;
  data?: string | null;
}

/** mount(2). */
export function mount({ source, target, type = null, flags = 0, data = null }: MountRequest): void {
  checked('mount', bound.mount(cPath(source), cPath(target), type, flags, data), target);
}

/** umount2(2). */
export function unmount(target: Buffer | string, flags = 0): void {
  checked('umount2', bound.umount2(cPath(target), flags), target);
}

/** chroot(2); the working folder becomes the new root's. */
export function changeRoot(path: string): void {
  checked('chroot', bound.chroot(cPath(path)), path);
  process.chdir('/');
}

/** Makes a mount read-only or writable, with or without all mounts below it (mount_setattr(2)). */
export function setMountReadOnly(
  path: string,
  readOnly: boolean,
  reach: 'this mount' | 'with all below',
): void {
  const SYS_mount_setattr = 442;
  const AT_RECURSIVE = 0x8000;
  const MOUNT_ATTR_RDONLY = 1n;
  const attributes = Buffer.alloc(32);
  attributes.writeBigUInt64LE(MOUNT_ATTR_RDONLY, readOnly ? 0 : 8);
  const flags = reach === 'this mount' ? 0 : AT_RECURSIVE;
  syscall('mount_setattr', SYS_mount_setattr, AT_FDCWD, cPath(path), flags, attributes, attributes.length);
}

/**
 * Opens a folder by a path that is looked up as if `root` were the root folder: no symlink and no `..` leads out
 * (openat2(2), RESOLVE_IN_ROOT). Undefined where there is no such folder.
 */
export function openInRoot(root: string, path: string): number | undefined {
  const SYS_openat2 = 437;
  const RESOLVE_IN_ROOT = 0x10n;
  const O_PATH = 0x200000;
  const folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  const how = Buffer.alloc(24);
  how.writeBigUInt64LE(BigInt(O_PATH | constants.O_DIRECTORY), 0);
  how.writeBigUInt64LE(RESOLVE_IN_ROOT, 16);
  try {
    return syscall('openat2', SYS_openat2, folder, cPath(path), how, how.length);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  } finally {
    closeSync(folder);
  }
}

/** pivot_root(2) with both folders the same: the new root has the old one mounted over it (pivot_root(2), NOTES). */
export function pivotRoot(folder: string): void {
  checked('pivot_root', bound.pivot_root(cPath(folder), cPath(folder)), folder);
}
