import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hierarchy, hierarchies } from './group-hierarchies.js';
import type { GroupLimit, GroupLimits } from './limits.js';

/** The control groups of one sandbox: one of version 2, or one for each controller of version 1. */
export interface ControlGroup {
  /** What it limits; the rest has to be watched by other means. */
  holds: ReadonlySet<GroupLimit>;
  /** Moves a process in, with its threads; what it starts follows. */
  enter(pid: number): void;
  /** The limit that was hit, if one was. */
  exceeded(): GroupLimit | undefined;
  /** Removes the groups; all that was in them has to be gone. */
  remove(): Promise<void>;
}

const PREFIX = 'scriptlet-sandbox-';
let made = 0;

/**
 * Makes control groups below this process's own, so that limits set on it hold for the sandbox as well; where
 * version 2 does not let it, as groups with processes in them have no controllers to give, below the root.
 * Groups that a killed process left are removed. Answers what could be made: nothing without privilege.
 */
export function makeControlGroup(limits: GroupLimits): ControlGroup {
  const folders = new Map<GroupLimit, { folder: string; hierarchy: Hierarchy }>();
  for (const limit of ['memory', 'processes'] as const) {
    for (const hierarchy of seesItself() ? hierarchies(limit) : []) {
      const folder = tryMake(hierarchy, limit, limits);
      if (folder === undefined) continue;
      folders.set(limit, { folder, hierarchy });
      break;
    }
  }
  const own = [...new Set([...folders.values()].map(({ folder }) => folder))];
  return {
    holds: new Set(folders.keys()),
    enter: (pid) => {
      for (const folder of own) enter(folder, pid);
    },
    exceeded: () => [...folders].find(([, { folder, hierarchy }]) => wasHit(folder, hierarchy))?.[0],
    remove: async () => {
      for (const folder of own) await removeGroup(folder);
    },
  };
}

/** A process that was ended just now, as by an interruption, has no need of limits. */
function enter(folder: string, pid: number): void {
  try {
    writeFileSync(`${folder}/cgroup.procs`, String(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** In a pid namespace whose /proc is another's, no process can be told to the kernel by a number found there. */
function seesItself(): boolean {
  return readlinkSync('/proc/self') === String(process.pid);
}

/** The same folder for each limit of a version 2 hierarchy. Undefined where the kernel or the permissions refuse. */
function tryMake(hierarchy: Hierarchy, limit: GroupLimit, limits: GroupLimits): string | undefined {
  const folder = `${hierarchy.parent}/${PREFIX}${process.pid}-${startTime(process.pid)}-${counter(limit)}`;
  try {
    sweep(hierarchy.parent);
    if (hierarchy.enable !== undefined) {
      writeFileSync(`${hierarchy.parent}/cgroup.subtree_control`, hierarchy.enable);
    }
    mkdirSync(folder, { recursive: true });
    for (const { file, value, optional } of hierarchy.settings(limits)) {
      if (!optional || existsSync(`${folder}/${file}`)) writeFileSync(`${folder}/${file}`, String(value));
    }
    return folder;
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
}

function counter(limit: GroupLimit): number {
  if (limit === 'memory') made += 1;
  return made;
}

function wasHit(folder: string, { events }: Hierarchy): boolean {
  if (!existsSync(`${folder}/${events.file}`)) return false;
  const count = new RegExp(`^${events.name} (\\d+)`, 'm').exec(
    readFileSync(`${folder}/${events.file}`, 'utf8'),
  );
  return Number(count?.[1] ?? 0) > 0;
}

/** The kernel may still be busy with the last process of a group. */
async function removeGroup(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      await sleep(10);
    }
  }
}

/** Removes groups whose maker is dead: what was in them died with it. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid = '', started = ''] = new RegExp(`^${PREFIX}(\\d+)-(\\d+)-`).exec(name) ?? [];
    if (pid === '' || startTime(Number(pid)) === started) continue;
    try {
      rmdirSync(`${parent}/${name}`);
    } catch {
      // Another process was quicker, or its last process is not quite gone: the next start will find it.
    }
  }
}

/** When a process was started, which tells it from a later one with its number; empty when there is none (proc(5)). */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
