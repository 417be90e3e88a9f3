import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

/** How much a sandbox may use; what is not given has a default that depends on the machine. */
export interface SandboxLimits {
  /** Of all its processes together, with what they keep in /tmp, /run and the like. Default: 80 % of the machine's. */
  memoryBytes: number;
  /** At the same time. Default: 4096. */
  processes: number;
  /**
   * That the view's changes may take up. Default: what is free on their file system but for a reserve of 5 % of it
   * or 256 MiB, whichever is less.
   */
  diskBytes: number;
  /** Of the files in the folders that stay writable outside the view: the logs. Default: 16 MiB. */
  outputBytes: number;
  /** In one process. Default: 65536. */
  openFiles: number;
}

/** A limit that ended a sandbox; `stopped`: all its processes had stopped, so that none could ever go on. */
export type LimitName = 'memory' | 'processes' | 'disk' | 'output' | 'time' | 'stopped';

/** A limit that a control group holds; the kernel counts every process and page of the sandbox against it. */
export type GroupLimit = 'memory' | 'processes';

export type GroupLimits = Pick<SandboxLimits, 'memoryBytes' | 'processes'>;

const MIB = 1024 * 1024;

/** The limits for a sandbox whose changes go into this folder. */
export function limitsFor(upper: string, given: Partial<SandboxLimits> = {}): SandboxLimits {
  return {
    memoryBytes: Math.floor(totalmem() * 0.8),
    processes: 4096,
    diskBytes: spareBytes(upper),
    outputBytes: 16 * MIB,
    openFiles: 65536,
    ...given,
  };
}

/** On a disk that is nearly full already, half of what is left. */
function spareBytes(folder: string): number {
  const { free, reserve } = diskSpace(folder);
  return Math.floor(Math.max(free - reserve, free / 2));
}

/** What is free on a folder's file system, and what no sandbox may take of it, in bytes. */
export function diskSpace(folder: string): { free: number; reserve: number } {
  const { bsize, blocks, bavail } = statfsSync(folder);
  return { free: bavail * bsize, reserve: Math.min(blocks * bsize * 0.05, 256 * MIB) };
}
