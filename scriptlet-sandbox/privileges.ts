import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { capset, defaultAction, prctl, sethostname } from './libc.js';

const CAP = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SYS_CHROOT: 18,
  MKNOD: 27,
  SETFCAP: 31,
} as const;

/** What packages need in order to own, place and mark their files; nothing that reaches out of the view. */
const KEPT_BY_SCRIPTLETS: readonly number[] = [
  ...[CAP.CHOWN, CAP.DAC_OVERRIDE, CAP.FOWNER, CAP.FSETID, CAP.KILL],
  ...[CAP.SETGID, CAP.SETUID, CAP.MKNOD, CAP.SETFCAP],
];

const PR_CAPBSET_READ = 23;
const PR_CAPBSET_DROP = 24;
const PR_SET_DUMPABLE = 4;

/** Gives the sandbox a host name of its own (it has its own uts namespace), the same on every machine. */
export function setHostname(name: string): void {
  sethostname(name);
}

/**
 * Closes what the engine's own caller had left open to be inherited. Node's descriptors, and those that it gives a
 * child besides `ours`, are closed on exec, so whatever is not came from further up.
 */
export function closeInherited(ours: readonly number[]): void {
  const O_CLOEXEC = 0o2000000;
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    if (fd <= 2 || ours.includes(fd)) continue;
    try {
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
      if ((Number.parseInt(flags, 8) & O_CLOEXEC) === 0) closeSync(fd);
    } catch (error) {
      // The descriptor that the list itself was read by.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Drops every capability but those that packages need. The calling process keeps SYS_CHROOT besides, for librpm to
 * enter and leave its root; as the bounding set lacks it, it is gone in every child after exec (capabilities(7)).
 * Not dumpable: nothing in the sandbox may trace it or look at its descriptors through /proc. Node opens its debugger
 * to whoever sends SIGUSR1; by default the kernel keeps signals of the sandbox from its first process.
 */
export function dropPrivileges(): void {
  for (let cap = 0; isKnown(cap); cap++) {
    if (!KEPT_BY_SCRIPTLETS.includes(cap)) prctl(PR_CAPBSET_DROP, cap);
  }
  capset([...KEPT_BY_SCRIPTLETS, CAP.SYS_CHROOT]);
  prctl(PR_SET_DUMPABLE, 0);
  defaultAction(constants.signals.SIGUSR1);
  process.umask(0o022);
}

/** The kernel answers EINVAL for the first capability that it does not know. */
function isKnown(cap: number): boolean {
  try {
    prctl(PR_CAPBSET_READ, cap);
    return true;
  } catch {
    return false;
  }
}
