import { performance } from 'node:perf_hooks';
import type { FileDifference } from '../report/results.js';
import { isErrno, VeneerError } from '../support/errors.js';
import { log } from '../support/log.js';
import {
  lockSysroot,
  openStage,
  removeFolder,
  removeStaleStages,
  requireWritableSysroot,
  type Stage,
  State,
  type Sysroot,
} from '../sysroot/index.js';
import type { EngineEvent, RunOptions } from './events.js';
import type { Phase } from './phases.js';

/** One writing command at work: the lock is held, its stage is its own, and its phases are timed and journaled. */
export interface Session {
  sysroot: Sysroot;
  stage: Stage;
  options: RunOptions;
  /** Milliseconds by phase. */
  durations: Record<string, number>;
  report(event: EngineEvent): void;
  phase<T>(name: Phase, work: () => Promise<T> | T): Promise<T>;
  /** What history notes as the command's result. */
  deployed: string | null;
  /** How the layer that was made anew differs from the stored one; null where there was none to compare with. */
  rerun: FileDifference[] | null;
}

/**
 * Runs a writing command: takes the lock, clears what a killed command left, and gives the work a stage that is
 * removed in the end unless the work renamed it to its place. Throws E_LOCKED, E_SYSROOT_UNWRITABLE, E_INTERRUPTED
 * and what the work throws.
 */
export async function inSession<T>(
  sysroot: Sysroot,
  options: RunOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  requireWritableSysroot(sysroot);
  const command = options.command ?? 'veneer';
  const unlock = lockSysroot(sysroot, command);
  const state = new State(sysroot);
  try {
    await removeStaleStages(sysroot);
    const session = newSession(sysroot, options, state);
    state.begin(session.stage.id, command);
    return await finishing(session, state, work);
  } finally {
    state.close();
    unlock();
  }
}

async function finishing<T>(
  session: Session,
  state: State,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    const result = await work(session);
    state.finish(session.stage.id, 'done', session.deployed);
    return result;
  } catch (error) {
    const told = asInterruption(error, session.options.signal);
    state.finish(session.stage.id, told instanceof VeneerError ? told.code : 'defect', null);
    throw told;
  } finally {
    await removeFolder(session.stage.folder);
  }
}

function newSession(sysroot: Sysroot, options: RunOptions, state: State): Session {
  const stage = openStage(sysroot);
  const durations: Record<string, number> = {};
  const report = (event: EngineEvent) => options.report?.(event);
  return {
    sysroot,
    stage,
    options,
    durations,
    report,
    deployed: null,
    rerun: null,
    async phase(name, work) {
      options.signal?.throwIfAborted();
      state.enter(stage.id, name);
      report({ type: 'phase', phase: name, state: 'start' });
      const started = performance.now();
      const result = await work();
      const durationMs = performance.now() - started;
      durations[name] = durationMs;
      log.info({ transaction: stage.id, phase: name, durationMs }, 'phase');
      report({ type: 'phase', phase: name, state: 'done', durationMs });
      return result;
    },
  };
}

/** Whatever an abort broke off in the middle, the user asked for it. */
function asInterruption(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!signal?.aborted || (error instanceof VeneerError && error.code === 'E_INTERRUPTED')) return error;
  if (error instanceof VeneerError || error === signal.reason || isErrno(error, 'ABORT_ERR')) {
    return new VeneerError('E_INTERRUPTED', 'interrupted: nothing was deployed', { cause: error });
  }
  return error;
}
