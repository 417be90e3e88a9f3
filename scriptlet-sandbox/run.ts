import { collectChanges, type TreeChange } from './collect.js';
import type { CommandEvent, CommandInput } from './command.js';
import { compiledEntry } from './entry.js';
import { SandboxError } from './errors.js';
import type { LimitName, SandboxLimits } from './limits.js';
import type { NetworkAttempts } from './network.js';
import { settleUpper } from './settle.js';
import { type ConfinedEnd, type LeftoverProcess, startConfined } from './spawn.js';
import type { ChosenView, SandboxSpec } from './spec.js';
import type { View } from './view.js';

export interface RunOptions {
  argv: readonly [string, ...string[]];
  /** `view`, unless given: the view is the command's root. `host`: the machine's root, the view over the tree's path. */
  root?: 'view' | 'host';
  /** `/` unless given; with the root `host` the tree. */
  cwd?: string | undefined;
  /** Beside LANG, PATH and HOME; nothing else of the caller's environment is passed on. */
  env?: Record<string, string>;
  /** Paths of the machine that the command sees at the same place, read-only. */
  bindReadOnly?: readonly string[];
  /** Descriptors for the command's stdin, stdout and stderr; none: stdin is empty, the output is the caller's. */
  stdio?: readonly [number | 'ignore', number, number];
  /** The command gets the terminal that is its stdin, and may control jobs there: for a person at a shell. */
  terminal?: boolean;
  timeLimitMs?: number | undefined;
  /** What is not given has a default. */
  limits?: Partial<SandboxLimits> | undefined;
  signal?: AbortSignal | undefined;
  onStart?: (passOn: (signal: NodeJS.Signals) => void) => void;
}

/** How a command in a view ended, and what it did. */
export interface RunEnd {
  status: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  /** The limit that ended it; `leftovers` are then what ran. */
  exceeded: LimitName | undefined;
  view: ChosenView;
  /** All that differs from the tree; none told of a view thrown away. */
  changes: TreeChange[];
  leftovers: LeftoverProcess[];
  /** What it tried to reach; nothing is known where it was ended. */
  network: NetworkAttempts | undefined;
  resources: { wallMs: number; userMs: number; systemMs: number; peakMemoryKiB: number };
}

const ENVIRONMENT = {
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
};

/**
 * Runs a command in a view, confined, until it and every process that still writes to its output have ended.
 * Throws SandboxError E_VIEW_REFUSED where no view can be had, E_NOT_FOUND, E_INTERPRETER_MISSING and
 * E_NOT_EXECUTABLE where the command cannot be started, E_PATH_TOO_LONG and E_SANDBOX_DIED; E_USAGE for a second run
 * in a view that keeps its changes.
 */
export async function runInView(view: View, options: RunOptions): Promise<RunEnd> {
  requireUnused(view);
  const started = performance.now();
  const { end, told } = await confine(view, options);
  if (end.exceeded === undefined && !options.signal?.aborted) throwIfNotRun(view, end, told);
  const wallMs = performance.now() - started;
  const chosen = chosenView(view, end);
  const ended = told?.command === 'ended' ? told : undefined;
  const usage = ended?.usage ?? { userMs: 0, systemMs: 0, peakMemoryKiB: 0 };
  if (!view.throwAway) settle(view, chosen, end);
  return {
    status: ended?.status ?? null,
    signal: ended === undefined ? end.signal : ended.signal,
    timedOut: end.exceeded === 'time',
    exceeded: end.exceeded,
    view: chosen,
    changes: view.throwAway ? [] : collectChanges(view),
    leftovers: end.leftovers,
    network: ended?.network,
    resources: { wallMs, ...usage },
  };
}

/** A copy can be had anywhere, but what changed in it is written down with whiteouts and extended attributes. */
function settle(view: View, { kind }: ChosenView, { madeMountPoints }: ConfinedEnd): void {
  try {
    settleUpper({ ...view, kind, madeMountPoints });
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === 'lsetxattr' || syscall === 'mknod') {
      throw new SandboxError(
        'E_UPPER',
        `the file system of ${view.upper} cannot hold an upper folder: ${message}`,
        {
          hint: 'name an upper folder on ext4, xfs, btrfs or tmpfs',
          cause: error,
        },
      );
    }
    if (code === 'ENAMETOOLONG') {
      throw new SandboxError('E_PATH_TOO_LONG', 'a changed path is longer than the kernel takes (PATH_MAX)', {
        cause: error,
      });
    }
    throw error;
  }
}

function chosenView({ because }: View, { view }: ConfinedEnd): ChosenView {
  if (view === undefined) return { kind: 'overlay', reason: 'it was ended before' };
  return because === undefined ? view : { ...view, reason: because };
}

async function confine(view: View, options: RunOptions) {
  let told: CommandEvent | undefined;
  const { signal, timeLimitMs, terminal, onStart, stdio = ['ignore', 1, 2] } = options;
  const end = await startConfined(specOf(view, options), {
    onEvent: (event) => {
      told = event as unknown as CommandEvent;
    },
    ...{ stdio, signal, timeLimitMs, terminal, onStart },
  });
  return { end, told };
}

function specOf(view: View, options: RunOptions): SandboxSpec {
  const { root = 'view', bindReadOnly = [], limits } = options;
  const { tree, layer, upper, work, mountPoint, throwAway, wanted } = view;
  const env = { ...ENVIRONMENT, ...options.env };
  const input: CommandInput = {
    argv: options.argv,
    root,
    cwd: options.cwd ?? (root === 'host' ? tree : '/'),
    env,
    stdin: options.stdio !== undefined && options.stdio[0] !== 'ignore',
    terminal: options.terminal ?? false,
  };
  return {
    ...{ tree, layer, upper, work, mountPoint, throwAway, view: wanted, root, bindReadOnly, env, input },
    writable: [],
    ...(limits === undefined ? {} : { limits }),
    module: compiledEntry('scriptlet-sandbox/command'),
  };
}

/**
 * A view that was run in is settled: what was renamed in it are links to the tree's own files by then, and mounted again
 * they would be open for writing.
 */
function requireUnused(view: View): void {
  if (view.used) throw new SandboxError('E_USAGE', 'a view takes one run: open another for the next');
  view.used = !view.throwAway;
}

function throwIfNotRun(view: View, end: ConfinedEnd, told: CommandEvent | undefined): void {
  if (told?.command === 'failed') {
    throw new SandboxError(told.code, told.message, told.hint === undefined ? {} : { hint: told.hint });
  }
  if (end.error !== undefined && end.view === undefined) {
    throw new SandboxError('E_VIEW_REFUSED', `no view of ${view.tree}: ${end.error.message}`, {
      hint: refusalHint(end.error.code, view),
    });
  }
  if (told === undefined) {
    const how = end.error?.message ?? end.signal ?? `status ${end.status}`;
    throw new SandboxError('E_SANDBOX_DIED', `the sandbox ended before its command: ${how}${end.stderr}`);
  }
}

function refusalHint(code: string | undefined, view: View): string {
  if (code === 'EINVAL' && view.wanted === 'overlay') {
    return 'the file system of the upper folder cannot hold one: name another, or take --view copy';
  }
  return 'try --view copy, or `veneer doctor` for what this machine offers';
}
