import {
  type ChosenView,
  type ConfinedEnd,
  compiledEntry,
  type SandboxSpec,
  startConfined,
} from '../../scriptlet-sandbox/index.js';
import type { Problem, ScriptletRun, TransactionEvent, TransactionInput } from '../rpm/events.js';
import { VeneerError } from '../support/errors.js';
import type { Writes } from './causes.js';
import { limitError } from './limit-error.js';
import { failedScriptlets, refusal } from './refusal.js';

/** One rpm transaction to run over a tree. */
export interface TransactionRequest {
  tree: string;
  /** The stage's folders: `upper` holds the shadow rpmdb already. */
  upper: string;
  work: string;
  mountPoint: string;
  /** `auto` unless given. */
  view?: SandboxSpec['view'] | undefined;
  input: TransactionInput;
  /** Where the logs are kept when it fails: what errors name. */
  keptLogs: string;
  onEvent(event: TransactionEvent): void;
  signal?: AbortSignal | undefined;
  timeLimitMs?: number | undefined;
}

/** What came of a transaction that went through. */
export interface TransactionResult {
  elements: { nevra: string; action: 'install' | 'erase' }[];
  scriptlets: ScriptletRun[];
  leftovers: { pid: number; command: string }[];
  madeMountPoints: string[];
  view: ChosenView;
  /** How changes were watched: by the kernel's events, or by walking the upper folder between scriptlets. */
  watched: 'events' | 'walk';
  /** Who wrote where, in order. */
  writes: Writes[];
}

interface Told extends Omit<TransactionResult, 'view'> {
  problems: Problem[];
  done: { result: number; failed: string[] } | undefined;
  /** What was going on last, for the error of a run that was ended. */
  at: string;
}

/** Scriptlets see this environment and nothing of the caller's; `PATH` is rpm's own for them. */
export const SCRIPTLET_ENV = {
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  SYSTEMD_OFFLINE: '1',
} as const;

/**
 * Runs librpm in the sandbox until it is done; its writes are in `upper` afterwards.
 * Throws E_DEPENDENCIES, E_CONFLICT, E_RPM_ARCH, E_TRANSACTION_REFUSED for what rpm finds wrong before it starts,
 * E_SCRIPTLET_FAILED when any scriptlet fails (strict: rpm itself goes on after some), E_TIME_LIMIT and the codes of
 * the other limits, E_INTERRUPTED,
 * and E_TRANSACTION_DIED when the process ends without a result.
 */
export async function runTransactionIn(request: TransactionRequest): Promise<TransactionResult> {
  const told = nothingTold();
  const end = await startConfined(specOf(request), {
    onEvent(line) {
      const event = line as unknown as TransactionEvent;
      take(told, event);
      if (event.event !== 'writes') request.onEvent(event);
    },
    signal: request.signal,
    timeLimitMs: request.timeLimitMs,
  });
  throwIfEnded(told, end, request);
  throwIfFailed(told, end, request);
  return { ...told, leftovers: end.leftovers, madeMountPoints: end.madeMountPoints, view: viewOf(end) };
}

function nothingTold(): Told {
  return {
    ...{ elements: [], scriptlets: [], leftovers: [], madeMountPoints: [], writes: [], problems: [] },
    watched: 'events',
    done: undefined,
    at: 'reading the packages',
  };
}

function specOf({ tree, upper, work, mountPoint, view = 'auto', input }: TransactionRequest): SandboxSpec {
  return {
    ...{ tree, upper, work, mountPoint, view, input },
    root: 'view',
    bindReadOnly: [],
    readable: input.packages.map(({ path }) => path),
    writable: [input.logs],
    module: compiledEntry('src/rpm/transaction-process'),
    env: { ...SCRIPTLET_ENV, ...sourceDateEpoch() },
    watch: process.env.VENEER_WATCH === 'walk' ? 'walk' : 'auto',
  };
}

/** A transaction that came to its end had a view. */
function viewOf({ view }: ConfinedEnd): ChosenView {
  if (view === undefined) throw new Error('a transaction ended without a view');
  return view;
}

/** rpm takes install times from it, which makes the rpmdb the same bit for bit. */
function sourceDateEpoch(): Record<string, string> {
  const { SOURCE_DATE_EPOCH } = process.env;
  return SOURCE_DATE_EPOCH === undefined ? {} : { SOURCE_DATE_EPOCH };
}

function take(told: Told, event: TransactionEvent): void {
  if (event.event === 'plan') told.elements = event.elements;
  else if (event.event === 'problems') told.problems.push(...event.problems);
  else if (event.event === 'scriptlet-stop') told.scriptlets.push(event.run);
  else if (event.event === 'watching') told.watched = event.how;
  else if (event.event === 'writes') told.writes.push({ by: event.by, folders: event.folders });
  else if (event.event === 'done') told.done = event;
  if (event.event === 'scriptlet-start') told.at = `running ${event.name}`;
  if (event.event === 'element')
    told.at = `${event.action === 'install' ? 'installing' : 'erasing'} ${event.nevra}`;
}

function throwIfEnded(told: Told, end: ConfinedEnd, request: TransactionRequest): void {
  if (request.signal?.aborted) throw new VeneerError('E_INTERRUPTED', 'interrupted: nothing was deployed');
  if (end.exceeded === undefined) return;
  throw limitError(end, { at: told.at, keptLogs: request.keptLogs, timeLimitMs: request.timeLimitMs });
}

/** The sandboxed process is where librpm is loaded first: what it lacks is no defect. */
function throwIfNoLibrpm({ error }: ConfinedEnd): void {
  const reason = /librpm cannot be loaded: .*/.exec(error?.message ?? '');
  if (reason === null) return;
  throw new VeneerError('E_MISSING_PROGRAM', reason[0], {
    hint: 'run `veneer doctor`: it names what to install',
  });
}

function throwIfFailed(told: Told, end: ConfinedEnd, { input, keptLogs }: TransactionRequest): void {
  const failed = told.scriptlets.filter((run) => run.failed);
  if (failed.length > 0) throw failedScriptlets(failed, { logs: input.logs, kept: keptLogs });
  if (told.problems.length > 0) throw refusal(told.problems);
  if (told.done !== undefined && told.done.result === 0 && told.done.failed.length === 0) return;
  throwIfNoLibrpm(end);
  const how = end.signal ?? (end.status === 0 ? `result ${told.done?.result}` : `status ${end.status}`);
  throw new VeneerError(
    'E_TRANSACTION_DIED',
    `the rpm transaction did not come to its end (${how}), while ${told.at}`,
    {
      lines: [
        ...(told.done?.failed ?? []),
        end.error?.message ?? '',
        ...end.stderr.trim().split('\n').slice(-8),
      ].filter(Boolean),
      hint: `nothing was deployed; rpm's own log is ${keptLogs}/rpm.log`,
    },
  );
}
