import { EXIT, type RunOptions, VeneerError } from '../index.js';

const controller = new AbortController();

/** Ctrl-C and kill: the first asks the work to stop and clean up, the second ends the process at once. */
export const interruption = {
  signal: controller.signal as RunOptions['signal'],

  /** Listens until the function it gives is called; before and after a signal ends the process as it always does. */
  listen(tell: (message: string) => void): () => void {
    const names = ['SIGINT', 'SIGTERM'] as const;
    const listener = () => onSignal(tell);
    for (const name of names) process.on(name, listener);
    return () => {
      for (const name of names) process.off(name, listener);
    };
  },

  /** What the user should read for an error: one that an abort caused is no defect. */
  explain(error: unknown): unknown {
    const isAbort = error instanceof Error && error.name === 'AbortError';
    return controller.signal.aborted && isAbort ? interrupted() : error;
  },
};

function onSignal(tell: (message: string) => void): void {
  if (controller.signal.aborted) process.exit(EXIT.interrupted);
  tell('interrupted: cleaning up; once more ends it at once');
  controller.abort(interrupted());
}

function interrupted(): VeneerError {
  return new VeneerError('E_INTERRUPTED', 'interrupted; nothing was changed');
}
