import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tryLock } from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';
import type { Sysroot } from './sysroot.js';

/**
 * Takes the sysroot's lock for writing; the answer gives it back. It is flock(2) on a file that stays: the kernel
 * frees it when its holder dies, however it dies. Throws E_LOCKED with the holder's pid, command and start.
 */
export function lockSysroot({ lock }: Sysroot, command: string): () => void {
  const fd = openSync(lock, 'a+', 0o644);
  if (!tryLock(fd)) {
    closeSync(fd);
    throw new VeneerError('E_LOCKED', `another command is changing this sysroot: ${holder(lock)}`, {
      hint: 'wait for it to end, then run this command again',
    });
  }
  ftruncateSync(fd);
  writeSync(fd, JSON.stringify({ pid: process.pid, command, started: new Date().toISOString() }));
  return () => closeSync(fd);
}

function holder(lock: string): string {
  try {
    const { pid, command, started } = JSON.parse(readFileSync(lock, 'utf8'));
    return `\`${command}\`, pid ${pid}, since ${started}`;
  } catch {
    return 'it has not said which yet';
  }
}
