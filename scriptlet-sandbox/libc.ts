import { closeSync, constants, openSync } from 'node:fs';
import koffi from 'koffi';

/**
 * The calls that Node lacks, bound from libc. Nobody else in this project calls libc. Paths are bytes, as the kernel
 * takes them; every function throws an error with the errno's name in `code`, like node:fs does.
 */
const libc = koffi.load('libc.so.6');

const bound = {
  mount: libc.func(
    'int mount(const void *source, const void *target, const char *type, unsigned long flags, const char *data)',
  ),
  mknod: libc.func('int mknod(const void *path, unsigned int mode, unsigned long device)'),
  chroot: libc.func('int chroot(const void *path)'),
  setpgid: libc.func('int setpgid(int process, int group)'),
  tcsetpgrp: libc.func('int tcsetpgrp(int fd, int group)'),
  execvp: libc.func('int execvp(const char *program, const char **argv)'),
  umount2: libc.func('int umount2(const void *target, int flags)'),
  prctl: libc.func(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  ),
  syscall: libc.func('long syscall(long number, ...)'),
  capset: libc.func('int capset(void *header, const void *data)'),
  sethostname: libc.func('int sethostname(const char *name, size_t length)'),
  syncfs: libc.func('int syncfs(int fd)'),
  flock: libc.func('int flock(int fd, int operation)'),
  openat: libc.func('int openat(int folder, const void *path, int flags, ...)'),
  fcntl: libc.func('int fcntl(int fd, int command, int value)'),
  dup2: libc.func('int dup2(int from, int to)'),
  utimensat: libc.func('int utimensat(int folder, const void *path, const int64_t *times, int flags)'),
  renameat2: libc.func(
    'int renameat2(int from, const void *old, int to, const void *path, unsigned int flags)',
  ),
  llistxattr: libc.func('long llistxattr(const void *path, _Out_ void *list, size_t size)'),
  lgetxattr: libc.func('long lgetxattr(const void *path, const char *name, _Out_ void *value, size_t size)'),
  lsetxattr: libc.func(
    'int lsetxattr(const void *path, const char *name, const void *value, size_t size, int flags)',
  ),
  lremovexattr: libc.func('int lremovexattr(const void *path, const char *name)'),
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  setsockopt: libc.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t size)'),
  getsockopt: libc.func(
    'int getsockopt(int fd, int level, int option, _Out_ void *value, _Inout_ uint32_t *size)',
  ),
  attachFilter: libc.func('setsockopt', 'int', [
    ...['int', 'int', 'int'],
    koffi.pointer(koffi.struct({ length: 'uint16_t', instructions: 'void *' })),
    'uint32_t',
  ]),
  pivot_root: libc.func('int pivot_root(const void *folder, const void *old)'),
  setrlimit: libc.func('int setrlimit(int resource, const uint64_t *limits)'),
  signal: libc.func('void *signal(int number, uintptr_t handler)'),
  name_to_handle_at: libc.func(
    'int name_to_handle_at(int folder, const void *path, _Inout_ void *handle, _Out_ int *mountId, int flags)',
  ),
  open_by_handle_at: libc.func('int open_by_handle_at(int mount, const void *handle, int flags)'),
  fanotify_init: libc.func('int fanotify_init(unsigned int flags, unsigned int eventFlags)'),
  fanotify_mark: libc.func(
    'int fanotify_mark(int group, unsigned int flags, uint64_t mask, int folder, const void *path)',
  ),
  getrusage: libc.func('int getrusage(int who, _Out_ int64_t *usage)'),
};

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const ERRNO_NAMES = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number as number, name]));

/** A NUL-terminated copy of a path. */
export function cPath(path: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(path), Buffer.of(0)]);
}

/** Throws the error of a call that answered less than 0; otherwise hands its answer on. */
export function checked(call: string, answer: number | bigint, path?: Buffer | string): number {
  if (answer >= 0) return Number(answer);
  const errno = koffi.errno();
  const code = ERRNO_NAMES.get(errno) ?? `errno ${errno}`;
  const where = path === undefined ? '' : ` '${path.toString()}'`;
  throw Object.assign(new Error(`${code}: ${call}${where}`), { code, errno: -errno, syscall: call });
}

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

/**
 * Puts the calling process into a process group of its own, which becomes the foreground one of this terminal: a shell
 * that it starts finds a terminal whose jobs it can control. The terminal must be the session's own.
 */
export function takeTerminal(fd: number): void {
  const [SIGTTOU, SIG_IGN] = [22, 1];
  // Until the call has succeeded this is a background process, which the terminal would stop for it.
  bound.signal(SIGTTOU, SIG_IGN);
  checked('setpgid', bound.setpgid(0, 0));
  checked('tcsetpgrp', bound.tcsetpgrp(fd, process.pid));
}

/** execvp(3): this process becomes another program, which keeps its pid, its environment and descriptors 0-2. */
export function becomeProgram(program: string, args: readonly string[]): never {
  for (const fd of [0, 1, 2]) setCloseOnExec(fd, false);
  checked('execvp', bound.execvp(program, [program, ...args, null]), program);
  throw new Error(`execvp of ${program} came back`);
}

/** Makes a whiteout as overlayfs knows it: a character device with the number 0:0, which needs no privilege. */
export function makeWhiteout(path: Buffer): void {
  checked('mknod', bound.mknod(cPath(path), constants.S_IFCHR, 0), path);
}

/** prctl(2) with its unused arguments 0. */
export function prctl(option: number, a: number, b = 0): void {
  checked('prctl', bound.prctl(option, a, b, 0, 0));
}

/** A raw system call with pointers and numbers as arguments, for what this libc has no wrapper for. */
export function syscall(name: string, number: number, ...args: (number | Buffer)[]): number {
  const typed = args.flatMap((arg): unknown[] => (typeof arg === 'number' ? ['long', arg] : ['void *', arg]));
  return checked(name, bound.syscall(number, ...typed));
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

/** Sets whether a descriptor is closed when the process executes another program. */
export function setCloseOnExec(fd: number, close: boolean): void {
  const F_SETFD = 2;
  checked('fcntl', bound.fcntl(fd, F_SETFD, close ? 1 : 0));
}

/** dup2(2): makes `to` refer to what `from` refers to; `to` stays open across exec. */
export function dup2(from: number, to: number): void {
  checked('dup2', bound.dup2(from, to));
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

/** capset(2): sets the calling thread's effective and permitted capabilities to these numbers, inheritable to none. */
export function capset(capabilities: readonly number[]): void {
  const _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
  const header = Buffer.alloc(8);
  header.writeUInt32LE(_LINUX_CAPABILITY_VERSION_3, 0);
  const mask = capabilities.reduce((bits, cap) => bits | (1n << BigInt(cap)), 0n);
  const data = Buffer.alloc(24);
  for (const [word, offset] of [
    [mask & 0xffffffffn, 0],
    [mask >> 32n, 12],
  ] as const) {
    data.writeUInt32LE(Number(word), offset);
    data.writeUInt32LE(Number(word), offset + 4);
  }
  checked('capset', bound.capset(header, data));
}

/** sethostname(2). */
export function sethostname(name: string): void {
  checked('sethostname', bound.sethostname(name, Buffer.byteLength(name)));
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

/** What this process, or its children that ended and were waited for, used; of children the peak of the largest. */
export function resourceUsage(of: 'self' | 'children') {
  const RUSAGE = { self: 0, children: -1 } as const;
  const usage = new BigInt64Array(18);
  checked('getrusage', bound.getrusage(RUSAGE[of], usage));
  const [userS = 0n, userUs = 0n, systemS = 0n, systemUs = 0n, peakKiB = 0n] = usage;
  const ms = (seconds: bigint, microseconds: bigint) => Number(seconds * 1_000_000n + microseconds) / 1000;
  return { userMs: ms(userS, userUs), systemMs: ms(systemS, systemUs), peakMemoryKiB: Number(peakKiB) };
}

/** CPU time, user and system together, in ms. */
export function cpuTimeMs(of: 'self' | 'children'): number {
  const { userMs, systemMs } = resourceUsage(of);
  return userMs + systemMs;
}

/** socket(2), closed in programs that this process executes. */
export function openSocket(domain: number, type: number, protocol: number): number {
  const SOCK_CLOEXEC = 0x80000;
  return checked('socket', bound.socket(domain, type | SOCK_CLOEXEC, protocol));
}

/** setsockopt(2). */
export function setSocketOption(fd: number, level: number, option: number, value: Buffer): void {
  checked('setsockopt', bound.setsockopt(fd, level, option, value, value.length));
}

/** getsockopt(2) for an option of this many bytes. */
export function getSocketOption(fd: number, level: number, option: number, size: number): Buffer {
  const value = Buffer.alloc(size);
  checked('getsockopt', bound.getsockopt(fd, level, option, value, [size]));
  return value;
}

/** Has a socket take only what this program for the classic packet filter lets through (8 bytes an instruction). */
export function attachSocketFilter(fd: number, instructions: Buffer): void {
  const [SOL_SOCKET, SO_ATTACH_FILTER, SIZE] = [1, 26, 16];
  const program = { length: instructions.length / 8, instructions };
  checked('setsockopt', bound.attachFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, SIZE));
}

/** setrlimit(2), soft and hard limit alike. */
export function setResourceLimit(resource: number, limit: number): void {
  checked('setrlimit', bound.setrlimit(resource, BigUint64Array.of(BigInt(limit), BigInt(limit))));
}

/** Gives a signal its default action again, whatever this process had made of it. */
export function defaultAction(signal: number): void {
  bound.signal(signal, 0);
}

/** pivot_root(2) with both folders the same: the new root has the old one mounted over it (pivot_root(2), NOTES). */
export function pivotRoot(folder: string): void {
  checked('pivot_root', bound.pivot_root(cPath(folder), cPath(folder)), folder);
}
