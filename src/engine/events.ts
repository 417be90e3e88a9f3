import type { TransactionEvent } from '../rpm/events.js';
import type { Phase } from './phases.js';

/** What long work tells while it runs; the command line renders it, a program may ignore it. */
export type EngineEvent =
  | { type: 'phase'; phase: Phase; state: 'start' }
  | { type: 'phase'; phase: Phase; state: 'done'; durationMs: number }
  | { type: 'progress'; what: 'link' | 'digest' | 'verify'; done: number; total: number }
  | { type: 'step'; step: string }
  | { type: 'transaction'; transaction: TransactionEvent }
  /** Something a user should know that is no failure. */
  | { type: 'notice'; message: string };

export interface RunOptions {
  report?: ((event: EngineEvent) => void) | undefined;
  /** Aborting it ends the sandbox, removes the stage and makes the call reject with E_INTERRUPTED. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that the rpm transaction may take. */
  timeLimitMs?: number | undefined;
  /** Runs the transaction also where a stored layer is the same, and tells how the two runs differ. */
  fresh?: boolean | undefined;
  /** The command as the user typed it, for history and the lock's holder. */
  command?: string | undefined;
}
