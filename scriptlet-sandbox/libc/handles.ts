import { closeSync, constants, openSync } from 'node:fs';
import koffi from 'koffi';
import { AT_FDCWD, checked, cPath, libc } from './call.js';

const bound = {
  name_to_handle_at: libc.func(
    'int name_to_handle_at(int folder, const void *path, _Inout_ void *handle, _Out_ int *mountId, int flags)',
  ),
  open_by_handle_at: libc.func('int open_by_handle_at(int mount, const void *handle, int flags)'),
  fanotify_init: libc.func('int fanotify_init(unsigned int flags, unsigned int eventFlags)'),
  fanotify_mark: libc.func(
    'int fanotify_mark(int group, unsigned int flags, uint64_t mask, int folder, const void *path)',
  ),
};

/**
 * The kernel's handle of a file, without its mount: the same bytes that overlayfs keeps as the origin of a copied-up
 * file (name_to_handle_at(2)). Undefined where the file system has no handles.
 */
export function fileHandle(path: Buffer): { type: number; bytes: Buffer } | undefined {
  const MAX_HANDLE_SZ = 128;
  const handle = Buffer.alloc(8 + MAX_HANDLE_SZ);
  handle.writeUInt32LE(MAX_HANDLE_SZ, 0);
  if (bound.name_to_handle_at(AT_FDCWD, cPath(path), handle, [0], 0) < 0) {
    if (koffi.errno() === koffi.os.errno.ENOTSUP) return undefined;
    checked('name_to_handle_at', -1, path);
  }
  return { type: handle.readInt32LE(4), bytes: handle.subarray(8, 8 + handle.readUInt32LE(0)) };
}

/**
 * open_by_handle_at(2) for a file on the file system of `root`: calls `use` with an O_PATH descriptor of it, which is
 * closed afterwards. Undefined where the file is gone. Takes CAP_DAC_READ_SEARCH.
 */
export function openByHandle<T>(
  root: string,
  { type, bytes }: { type: number; bytes: Buffer },
  use: (fd: number) => T,
): T | undefined {
  const O_PATH = 0x200000;
  const handle = Buffer.alloc(8 + bytes.length);
  handle.writeUInt32LE(bytes.length, 0);
  handle.writeInt32LE(type, 4);
  bytes.copy(handle, 8);
  const folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const fd = bound.open_by_handle_at(folder, handle, O_PATH);
    if (fd < 0 && koffi.errno() === koffi.os.errno.ESTALE) return undefined;
    checked('open_by_handle_at', fd, root);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  } finally {
    closeSync(folder);
  }
}

/** A new fanotify(7) group whose events name folders by handle; reading it never waits and it is closed on exec. */
export function fanotifyInit(): number {
  const FAN_CLOEXEC_NONBLOCK = 0x1 | 0x2;
  const FAN_UNLIMITED_QUEUE = 0x10;
  const FAN_REPORT_FID_DIR_FID_NAME = 0x200 | 0x400 | 0x800;
  const flags = FAN_CLOEXEC_NONBLOCK | FAN_UNLIMITED_QUEUE | FAN_REPORT_FID_DIR_FID_NAME;
  return checked('fanotify_init', bound.fanotify_init(flags, 0));
}

/** Asks for events of a whole file system, given by a path on it. */
export function fanotifyMarkFileSystem(group: number, mask: number, path: string): void {
  const FAN_MARK_ADD_FILESYSTEM = 0x1 | 0x100;
  checked(
    'fanotify_mark',
    bound.fanotify_mark(group, FAN_MARK_ADD_FILESYSTEM, mask, AT_FDCWD, cPath(path)),
    path,
  );
}
