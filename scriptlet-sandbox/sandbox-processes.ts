import { readdirSync, readFileSync } from 'node:fs';

/** A process of a sandbox, seen from outside. */
export interface SandboxProcess {
  /** Its number on the host. */
  hostPid: number;
  /** Its number in the sandbox. */
  pid: number;
  command: string;
  /** It was stopped by a signal and goes on only when it gets another. */
  stopped: boolean;
  residentBytes: number;
}

const PAGE = 4096;

/**
 * All processes below one, as they are now; the first that has number 1 in a namespace of its own is the sandbox's
 * init. What a process of a pid namespace leaves behind becomes a child of that init, so nothing gets out of this tree.
 */
export function processesBelow(hostPid: number): SandboxProcess[] {
  const found: SandboxProcess[] = [];
  const pending = childrenOf(hostPid);
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const seen = look(pid);
    if (seen === undefined) continue;
    found.push(seen);
    pending.push(...childrenOf(pid));
  }
  return found;
}

/** The sandbox's first process, once `unshare` has started it. */
export function initBelow(hostPid: number): number | undefined {
  return childrenOf(hostPid).find((pid) => look(pid)?.pid === 1);
}

function childrenOf(hostPid: number): number[] {
  try {
    return readdirSync(`/proc/${hostPid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${hostPid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter((pid) => pid.trim() !== '')
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Undefined when the process has ended meanwhile, also where nobody has waited for it yet. */
function look(hostPid: number): SandboxProcess | undefined {
  try {
    const status = readFileSync(`/proc/${hostPid}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    const state = field('State')[0];
    if (state === 'Z' || state === 'X') return undefined;
    const commandLine = readFileSync(`/proc/${hostPid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const resident = readFileSync(`/proc/${hostPid}/statm`, 'utf8').split(' ')[1];
    return {
      hostPid,
      pid: Number(field('NSpid').split(/\s+/).at(-1)),
      command: commandLine === '' ? field('Name') : commandLine,
      stopped: state === 'T',
      residentBytes: Number(resident) * PAGE,
    };
  } catch {
    return undefined;
  }
}
