import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { compiledEntry } from './entry.js';
import { type Guard, startGuard } from './guard.js';
import type { LimitName } from './limits.js';
import type { ChosenView, SandboxSpec } from './spec.js';

/** A process that was still alive when the confined module had finished, and was killed with the sandbox. */
export interface LeftoverProcess {
  pid: number;
  command: string;
  /** It had been stopped by a signal, and would never have ended by itself. */
  stopped?: boolean;
}

/** How a confined run ended. */
export interface ConfinedEnd {
  /** Exit status, or null where a signal ended it. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** The limit that ended it; `leftovers` are then the processes that were there. */
  exceeded?: LimitName | undefined;
  /** The last lines the process wrote to its stderr: a crash's message. */
  stderr: string;
  /** What stopped the sandbox itself, or the module by an exception; `code` is an errno's name where there is one. */
  error?: { message: string; code?: string };
  /** The view that was mounted; undefined where it did not come to that. */
  view: ChosenView | undefined;
  leftovers: LeftoverProcess[];
  /** Mount points that the tree lacked, so that they were made in the view; paths relative to its root. */
  madeMountPoints: string[];
}

export interface ConfinedRun {
  /** Called for each event that the module emits, in order. */
  onEvent(event: Record<string, unknown>): void;
  /** Ends the sandbox and everything in it when aborted. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after which the sandbox is killed. */
  timeLimitMs?: number | undefined;
  /** Descriptors of the caller that the module gets as its stdin, stdout and stderr; otherwise none, and a log. */
  stdio?: readonly [number | 'ignore', number, number] | undefined;
  /** Keeps the sandbox in the caller's session, whose terminal its module takes. */
  terminal?: boolean | undefined;
  /** Called once with a function that passes a signal on to the module. */
  onStart?: ((passOn: (signal: NodeJS.Signals) => void) => void) | undefined;
}

const STDERR_LIMIT = 8192;

/**
 * Runs a module confined: in new mount, pid, network, uts, ipc and cgroup namespaces, over a copy-on-write view of a
 * tree. Resolves when the process and everything that it started are gone; rejects only when it cannot be started.
 * Nothing outlives a killed engine: the kernel kills `unshare` when its parent dies, the sandbox's first process when
 * `unshare` dies, and all processes of the pid namespace and their mounts with that.
 */
export async function startConfined(spec: SandboxSpec, run: ConfinedRun): Promise<ConfinedEnd> {
  const own: StdioOptions = [...(run.stdio ?? (['ignore', 'ignore', 'pipe'] as const))];
  const [program = '', ...args] = [
    ...IN_NAMESPACES,
    process.execPath,
    compiledEntry('scriptlet-sandbox/init'),
  ];
  const child = spawn(program, args, {
    env: spec.env,
    cwd: '/',
    detached: run.terminal !== true,
    stdio: [...own, 'pipe', 'pipe'],
  });
  const end: Omit<ConfinedEnd, 'status' | 'signal'> = {
    stderr: '',
    view: undefined,
    leftovers: [],
    madeMountPoints: [],
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    end.stderr = (end.stderr + chunk.toString()).slice(-STDERR_LIMIT);
  });
  const events = readEvents(child.stdio[3] as Readable, run, end);
  const closed = new Promise<Pick<ConfinedEnd, 'status' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  const guard = await guardOrKill(child, spec, { run, closed });
  const started = guard.ready.then(() =>
    sendOrders(child.stdio[4] as Writable, { ...spec, limits: guard.limits }, run),
  );
  try {
    const [how] = await Promise.all([closed, events, started]);
    return { ...end, ...how, ...(await guard.finish()) };
  } finally {
    await guard.finish();
  }
}

/** A sandbox that cannot be watched must not wait for orders until the caller ends. */
async function guardOrKill(
  child: ChildProcess,
  spec: SandboxSpec,
  { run, closed }: { run: ConfinedRun; closed: Promise<unknown> },
): Promise<Guard> {
  try {
    return startGuard(child, spec, run);
  } catch (error) {
    child.kill('SIGKILL');
    await closed.catch(() => {});
    throw error;
  }
}

const IN_NAMESPACES = [
  ...['setpriv', '--pdeathsig', 'KILL', '--'],
  ...['unshare', '--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup'],
  ...['--fork', '--kill-child=SIGKILL', '--propagation', 'private', '--'],
];

/** A child that dies before it reads must not bring the parent down by EPIPE: its end says what happened. */
function sendOrders(orders: Writable, spec: SandboxSpec, run: ConfinedRun): void {
  orders.on('error', () => {});
  orders.write(`${JSON.stringify(spec)}\n`);
  run.onStart?.((signal) => orders.write(`${JSON.stringify({ signal })}\n`));
}

/** Events of the sandbox itself are taken here; the module's are handed on. A torn last line is a crash, not an event. */
async function readEvents(
  pipe: Readable,
  run: ConfinedRun,
  end: Omit<ConfinedEnd, 'status' | 'signal'>,
): Promise<void> {
  for await (const line of createInterface({ input: pipe })) {
    const event = parseLine(line);
    if (event?.sandbox === 'leftovers') end.leftovers = event.processes as LeftoverProcess[];
    else if (event?.sandbox === 'failed') end.error = event.error as NonNullable<ConfinedEnd['error']>;
    else if (event?.sandbox === 'ready') {
      end.view = event.view as ChosenView;
      end.madeMountPoints = event.madeMountPoints as string[];
    } else if (event !== undefined) run.onEvent(event);
  }
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
