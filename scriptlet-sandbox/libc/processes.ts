import { checked, libc } from './call.js';

const bound = {
  setpgid: libc.func('int setpgid(int process, int group)'),
  tcsetpgrp: libc.func('int tcsetpgrp(int fd, int group)'),
  execvp: libc.func('int execvp(const char *program, const char **argv)'),
  prctl: libc.func(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  ),
  capset: libc.func('int capset(void *header, const void *data)'),
  sethostname: libc.func('int sethostname(const char *name, size_t length)'),
  fcntl: libc.func('int fcntl(int fd, int command, int value)'),
  dup2: libc.func('int dup2(int from, int to)'),
  setrlimit: libc.func('int setrlimit(int resource, const uint64_t *limits)'),
  signal: libc.func('void *signal(int number, uintptr_t handler)'),
  getrusage: libc.func('int getrusage(int who, _Out_ int64_t *usage)'),
};

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

/** prctl(2) with its unused arguments 0. */
export function prctl(option: number, a: number, b = 0): void {
  checked('prctl', bound.prctl(option, a, b, 0, 0));
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

/** Sets whether a descriptor is closed when the process executes another program. */
export function setCloseOnExec(fd: number, close: boolean): void {
  const F_SETFD = 2;
  checked('fcntl', bound.fcntl(fd, F_SETFD, close ? 1 : 0));
}

/** dup2(2): makes `to` refer to what `from` refers to; `to` stays open across exec. */
export function dup2(from: number, to: number): void {
  checked('dup2', bound.dup2(from, to));
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

/** setrlimit(2), soft and hard limit alike. */
export function setResourceLimit(resource: number, limit: number): void {
  checked('setrlimit', bound.setrlimit(resource, BigUint64Array.of(BigInt(limit), BigInt(limit))));
}

/** Gives a signal its default action again, whatever this process had made of it. */
export function defaultAction(signal: number): void {
  bound.signal(signal, 0);
}
