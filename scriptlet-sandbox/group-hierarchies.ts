import { readFileSync } from 'node:fs';
import type { GroupLimit, GroupLimits } from './limits.js';

/** A place where a control group for a limit might be made, and the kernel's files for it there. */
export interface Hierarchy {
  /** The folder of the group that the new one goes into. */
  parent: string;
  /** Version 2: what has to be written to the parent's `cgroup.subtree_control` first. */
  enable?: string;
  settings(limits: GroupLimits): { file: string; value: number | string; optional?: boolean }[];
  /** Where the kernel counts how often the limit was hit. */
  events: { file: string; name: string };
}

type Controller = Pick<Hierarchy, 'settings' | 'events'>;

/** Source: kernel, cgroup-v1/memory.rst and cgroup-v1/pids.rst. */
const VERSION_1: Record<GroupLimit, Controller> = {
  memory: {
    settings: ({ memoryBytes }) => [
      { file: 'memory.limit_in_bytes', value: memoryBytes },
      { file: 'memory.memsw.limit_in_bytes', value: memoryBytes, optional: true },
    ],
    events: { file: 'memory.oom_control', name: 'oom_kill' },
  },
  processes: {
    settings: ({ processes }) => [{ file: 'pids.max', value: processes }],
    events: { file: 'pids.events', name: 'max' },
  },
};

/** Source: kernel, cgroup-v2.rst. */
const VERSION_2: Record<GroupLimit, Controller> = {
  memory: {
    settings: ({ memoryBytes }) => [
      { file: 'memory.max', value: memoryBytes },
      { file: 'memory.swap.max', value: 0, optional: true },
      { file: 'memory.oom.group', value: 1, optional: true },
    ],
    events: { file: 'memory.events', name: 'oom_kill' },
  },
  processes: VERSION_1.processes,
};

const CONTROLLERS: Record<GroupLimit, string> = { memory: 'memory', processes: 'pids' };

/** The places for a limit, best first; none where its controller is not mounted. */
export function hierarchies(limit: GroupLimit): Hierarchy[] {
  const controller = CONTROLLERS[limit];
  return mounts().flatMap((mount): Hierarchy[] => {
    if (mount.type === 'cgroup2') {
      const enable = `+${CONTROLLERS.memory} +${CONTROLLERS.processes}`;
      return [ownGroup(mount, ''), mount.point].map((parent) => ({ parent, enable, ...VERSION_2[limit] }));
    }
    const belongs = mount.type === 'cgroup' && mount.options.split(',').includes(controller);
    return belongs ? [{ parent: ownGroup(mount, controller), ...VERSION_1[limit] }] : [];
  });
}

interface Mount {
  /** The group that is mounted, as the root of what can be seen there. */
  root: string;
  point: string;
  type: string;
  options: string;
}

/** Lines of proc_pid_mountinfo(5). */
function mounts(): Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = before.split(' ');
    const [type = '', , options = ''] = after.split(' ');
    return { root, point, type, options };
  });
}

/** Lines of /proc/self/cgroup are `number:controllers:path`, with no controllers for version 2 (cgroups(7)). */
function ownGroup({ root, point }: Mount, controller: string): string {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n').filter(Boolean);
  const own = lines
    .map((line) => line.split(':'))
    .find(([, names = '']) => names.split(',').includes(controller));
  const path = own?.slice(2).join(':') ?? '/';
  const below = root === '/' ? path : path.startsWith(`${root}/`) ? path.slice(root.length) : '/';
  return below === '/' ? point : `${point}${below}`;
}
