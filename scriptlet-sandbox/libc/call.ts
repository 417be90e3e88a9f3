import koffi from 'koffi';

/** libc itself: the other files of this folder bind from it, and nobody else in this project calls it. */
export const libc = koffi.load('libc.so.6');

export const AT_FDCWD = -100;

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

const boundSyscall = libc.func('long syscall(long number, ...)');

/** A raw system call with pointers and numbers as arguments, for what this libc has no wrapper for. */
export function syscall(name: string, number: number, ...args: (number | Buffer)[]): number {
  const typed = args.flatMap((arg): unknown[] => (typeof arg === 'number' ? ['long', arg] : ['void *', arg]));
  return checked(name, boundSyscall(number, ...typed));
}
