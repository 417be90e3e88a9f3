import { lstatSync, readdirSync, truncateSync } from 'node:fs';
import { hostPath } from './changes.js';
import { diskSpace, type SandboxLimits } from './limits.js';
import type { SandboxSpec } from './spec.js';

/** Compares what a sandbox has written with its limits, at little cost. */
export interface UsageWatch {
  exceeded(what: 'output' | 'everything'): 'disk' | 'output' | undefined;
}

/** Starts to watch from what there is now. */
export function watchUsage(spec: SandboxSpec, limits: SandboxLimits): UsageWatch {
  const freeBefore = spec.throwAway ? 0 : diskSpace(spec.upper).free;
  return {
    exceeded(what) {
      if (writtenBytes(spec.writable) > limits.outputBytes) return 'output';
      // Changes that are held in memory fall under the limit of that.
      if (what === 'output' || spec.throwAway) return undefined;
      // One call tells what the file system as a whole has lost; who took it, and whether that matters, comes after.
      const { free, reserve } = diskSpace(spec.upper);
      if (freeBefore - free <= limits.diskBytes) return undefined;
      return free < reserve || diskBytes(spec.upper) > limits.diskBytes ? 'disk' : undefined;
    },
  };
}

/** Cuts files that are longer than they may be; what was written first is what tells most. */
export function cutFiles(folders: readonly string[], bytes: number): void {
  for (const path of folders.flatMap(filesIn)) {
    if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytes) truncateSync(path, bytes);
  }
}

function writtenBytes(folders: readonly string[]): number {
  return folders
    .flatMap(filesIn)
    .reduce((sum, path) => sum + (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`);
}

/** What a folder takes up. It is being written to meanwhile: what is gone again counts nothing. */
function diskBytes(folder: string): number {
  let bytes = 0;
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const parent = path;
    try {
      const stat = lstatSync(hostPath(folder, path));
      bytes += stat.blocks * 512;
      if (!stat.isDirectory()) continue;
      const names = readdirSync(hostPath(folder, path), 'latin1');
      pending.push(...names.map((name) => (parent === '' ? name : `${parent}/${name}`)));
    } catch {
      // Removed since its name was read.
    }
  }
  return bytes;
}
