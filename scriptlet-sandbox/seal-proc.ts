import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { mount, setMountReadOnly } from './libc.js';

const MS_BIND = 4096;

/** Read by all, but about the machine and not about the sandbox. */
const TELL_OF_THE_KERNEL = new Set([
  ...['kallsyms', 'keys', 'key-users', 'timer_list', 'timer_stats', 'sched_debug', 'iomem', 'ioports'],
]);

/**
 * Takes from a fresh /proc what is not about processes. Root may write to much of it (sysctls, sysrq, interrupts, PCI,
 * debug switches), and each kernel has other files: every folder becomes read-only and so does what can be written;
 * what only root may read (kcore, kmsg, page tables, slabs) and what tells of the kernel reads as empty.
 */
export function sealProc(proc: string): void {
  for (const entry of readdirSync(proc, { withFileTypes: true })) {
    const path = `${proc}/${entry.name}`;
    if (entry.isSymbolicLink() || /^\d+$/.test(entry.name)) continue;
    const masked = isMasked(entry, path);
    if (!masked && entry.isFile() && (lstatSync(path).mode & 0o222) === 0) continue;
    mount({ source: masked ? '/dev/null' : path, target: path, flags: MS_BIND });
    setMountReadOnly(path, true, 'this mount');
  }
}

function isMasked(entry: Dirent, path: string): boolean {
  if (!entry.isFile() || entry.name === 'sysrq-trigger') return false;
  return TELL_OF_THE_KERNEL.has(entry.name) || (lstatSync(path).mode & 0o044) === 0;
}
