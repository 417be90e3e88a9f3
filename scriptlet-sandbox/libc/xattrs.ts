import koffi from 'koffi';
import { checked, cPath, libc } from './call.js';

const bound = {
  llistxattr: libc.func('long llistxattr(const void *path, _Out_ void *list, size_t size)'),
  lgetxattr: libc.func('long lgetxattr(const void *path, const char *name, _Out_ void *value, size_t size)'),
  lsetxattr: libc.func(
    'int lsetxattr(const void *path, const char *name, const void *value, size_t size, int flags)',
  ),
  lremovexattr: libc.func('int lremovexattr(const void *path, const char *name)'),
};

/** The names of the extended attributes of the path itself, sorted; none where the file system has no such thing. */
export function listXattrs(path: Buffer): string[] {
  const target = cPath(path);
  for (let size = 1024; ; size *= 4) {
    const list = Buffer.alloc(size);
    const length = Number(bound.llistxattr(target, list, size));
    if (length >= 0) return list.toString('utf8', 0, length).split('\0').filter(Boolean).sort();
    if (koffi.errno() === koffi.os.errno.ENOTSUP) return [];
    if (koffi.errno() !== koffi.os.errno.ERANGE) checked('llistxattr', -1, path);
  }
}

/** The value of an extended attribute of the path itself, or undefined where it has none of that name. */
export function getXattr(path: Buffer, name: string): Buffer | undefined {
  const target = cPath(path);
  for (let size = 1024; ; size *= 4) {
    const value = Buffer.alloc(size);
    const length = Number(bound.lgetxattr(target, name, value, size));
    if (length >= 0) return value.subarray(0, length);
    const errno = koffi.errno();
    if (errno === koffi.os.errno.ENODATA || errno === koffi.os.errno.ENOTSUP) return undefined;
    if (errno !== koffi.os.errno.ERANGE) checked('lgetxattr', -1, path);
  }
}

/** Sets an extended attribute of the path itself. */
export function setXattr(path: Buffer, name: string, value: Buffer): void {
  checked('lsetxattr', bound.lsetxattr(cPath(path), name, value, value.length, 0), path);
}

/** Removes an extended attribute of the path itself. */
export function removeXattr(path: Buffer, name: string): void {
  checked('lremovexattr', bound.lremovexattr(cPath(path), name), path);
}
