import type { ConfinedEnd, LimitName } from '../../scriptlet-sandbox/index.js';
import { type ErrorCode, VeneerError } from '../support/errors.js';

interface Ended {
  /** What was going on. */
  at: string;
  keptLogs: string;
  timeLimitMs: number | undefined;
}

const ERRORS: Record<Exclude<LimitName, 'time'>, readonly [ErrorCode, string]> = {
  memory: ['E_MEMORY_LIMIT', 'it used up the memory that a transaction may have'],
  processes: ['E_PROCESS_LIMIT', 'it had more processes at a time than a transaction may have'],
  disk: ['E_DISK_LIMIT', 'it wrote more than the disk has to spare'],
  output: ['E_OUTPUT_LIMIT', 'its scriptlets printed more than is kept of them'],
  stopped: ['E_STOPPED', 'all processes of a scriptlet had stopped, and none could go on'],
};

/** The error for a transaction that was ended at a limit; its lines are the processes that ran then. */
export function limitError(end: ConfinedEnd, { at, keptLogs, timeLimitMs }: Ended): VeneerError {
  const lines = end.leftovers.map(
    ({ pid, command, stopped }) => `process ${pid}${stopped ? ', stopped' : ''}: ${command}`,
  );
  const logs = `its logs are in ${keptLogs}`;
  if (end.exceeded === undefined || end.exceeded === 'time') {
    const seconds = (timeLimitMs ?? 0) / 1000;
    const message = `the transaction was ended at its time limit of ${seconds} s, while ${at}`;
    return new VeneerError('E_TIME_LIMIT', message, { lines, hint: `${logs}; --time-limit allows more` });
  }
  const [code, why] = ERRORS[end.exceeded];
  return new VeneerError(code, `the transaction was ended, while ${at}: ${why}`, {
    lines: lines.slice(0, 20),
    hint: `nothing was deployed; ${logs}`,
  });
}
