import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlGroup, makeControlGroup } from './control-group.js';
import { type LimitName, limitsFor, type SandboxLimits } from './limits.js';
import { initBelow, processesBelow, type SandboxProcess } from './sandbox-processes.js';
import type { SandboxSpec } from './spec.js';
import { cutFiles, type UsageWatch, watchUsage } from './usage.js';

/** Watches over one sandbox from outside, and ends it when a limit is hit. */
export interface Guard {
  /** What the sandbox's init has to set for itself and all that it starts. */
  limits: SandboxLimits & { heldByGroup: boolean };
  /** Resolves when the sandbox is in its control group: nothing that is not trusted may run before. */
  ready: Promise<void>;
  /** Ends what is still there, and the watch; may be called twice. */
  finish(): Promise<LimitEnd>;
}

/** How a sandbox ended that hit a limit, with the processes that were there then; empty for any other. */
export interface LimitEnd {
  exceeded?: LimitName;
  status?: null;
  signal?: 'SIGKILL';
  leftovers?: Pick<SandboxProcess, 'pid' | 'command' | 'stopped'>[];
}

/** What ends a sandbox besides its limits. */
interface Watching {
  signal?: AbortSignal | undefined;
  timeLimitMs?: number | undefined;
}

const OUTPUT_EVERY_MS = 20;
const DISK_EVERY = 5;
const PROCESSES_EVERY = 100;
/** A longer one overflows, and fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Starts watching over a sandbox; `child` is the process that makes it. */
export function startGuard(child: ChildProcess, spec: SandboxSpec, run: Watching): Guard {
  const { timeLimitMs, signal } = run;
  const limits = limitsFor(spec.throwAway ? '/' : spec.upper, spec.limits);
  const watched: Watched = {
    child,
    group: makeControlGroup(limits),
    usage: watchUsage(spec, limits),
    limits,
    exceeded: undefined,
    processes: [],
    stoppedBefore: false,
  };
  let tick = 0;
  const timer = setInterval(() => endSandbox(watched, limitHit(watched, tick++)), OUTPUT_EVERY_MS);
  const deadline =
    timeLimitMs === undefined
      ? undefined
      : setTimeout(endSandbox, Math.min(timeLimitMs, LONGEST_TIMER_MS), watched, 'time');
  const abort = () => kill(watched);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  return {
    limits: { ...limits, heldByGroup: watched.group.holds.has('memory') },
    ready: enterGroup(watched),
    finish: async () => {
      clearInterval(timer);
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      return finish(watched, spec);
    },
  };
}

async function finish(watched: Watched, spec: SandboxSpec): Promise<LimitEnd> {
  if (isAlive(watched.child)) kill(watched);
  watched.exceeded ??= watched.group.exceeded() ?? watched.usage.exceeded('everything');
  if (watched.exceeded === 'output') cutFiles(spec.writable, watched.limits.outputBytes);
  await watched.group.remove();
  if (watched.exceeded === undefined) return {};
  const leftovers = watched.processes.map(({ pid, command, stopped }) => ({ pid, command, stopped }));
  return { exceeded: watched.exceeded, leftovers, status: null, signal: 'SIGKILL' };
}

interface Watched {
  child: ChildProcess;
  group: ControlGroup;
  usage: UsageWatch;
  limits: SandboxLimits;
  exceeded: LimitName | undefined;
  processes: SandboxProcess[];
  /** All processes were stopped when they were looked at last. */
  stoppedBefore: boolean;
}

/** The sandbox's init waits for its orders, so it is there as soon as `unshare` has made the namespaces. */
async function enterGroup({ child, group }: Watched): Promise<void> {
  if (group.holds.size === 0) return;
  while (isAlive(child) && child.pid !== undefined) {
    const init = initBelow(child.pid);
    if (init !== undefined) return group.enter(init);
    await sleep(1);
  }
}

function limitHit(watched: Watched, tick: number): LimitName | undefined {
  if (tick % DISK_EVERY !== 0) return watched.usage.exceeded('output');
  const quick = watched.usage.exceeded('everything') ?? watched.group.exceeded();
  if (quick !== undefined || watched.child.pid === undefined) return quick;
  const { holds } = watched.group;
  const uncounted = !holds.has('memory') || !holds.has('processes');
  if (!uncounted && tick % PROCESSES_EVERY !== 0) return undefined;
  const processes = inside(processesBelow(watched.child.pid));
  const stopped = processes.length > 0 && processes.every((process) => process.stopped);
  const stuck = tick % PROCESSES_EVERY === 0 && stopped && watched.stoppedBefore;
  if (tick % PROCESSES_EVERY === 0) watched.stoppedBefore = stopped;
  return stuck ? 'stopped' : countedByHand(processes, watched.limits);
}

/** For machines without control groups. */
function countedByHand(
  processes: readonly SandboxProcess[],
  limits: SandboxLimits,
): 'memory' | 'processes' | undefined {
  if (processes.length > limits.processes) return 'processes';
  const resident = processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
  return resident > limits.memoryBytes ? 'memory' : undefined;
}

/** All but the sandbox's own init. */
function inside(processes: readonly SandboxProcess[]): SandboxProcess[] {
  return processes.filter(({ pid }) => pid !== 1);
}

function endSandbox(watched: Watched, why: LimitName | undefined): void {
  if (why === undefined || watched.exceeded !== undefined) return;
  watched.exceeded = why;
  if (watched.child.pid !== undefined) watched.processes = inside(processesBelow(watched.child.pid));
  kill(watched);
}

/**
 * Kills the init, and with it the kernel ends its whole pid namespace. `unshare` has waited for that when it ends;
 * killed itself, it would end at once, and processes of the sandbox live on for a moment.
 */
function kill({ child }: Watched): void {
  const init = child.pid !== undefined && isAlive(child) ? initBelow(child.pid) : undefined;
  if (init === undefined) child.kill('SIGKILL');
  else killIfThere(init);
}

/** It may have ended by itself a moment ago. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
