import koffi from 'koffi';
import type { CauseRecorder } from './cause-recorder.js';
import type { TransactionEvent, TransactionInput } from './events.js';
import { type Librpm, NotifyCallback, RPMCALLBACK, RPMTAG_NEVRA } from './librpm.js';
import { ScriptletRecorder } from './scriptlet-recorder.js';

interface Notify {
  packages: TransactionInput['packages'];
  logs: string;
  causes: CauseRecorder;
  send(event: TransactionEvent): void;
}

/** Progress is told at most this often for a package, so that a large one does not flood the pipe. */
const PROGRESS_STEP = 0.05;

/**
 * Registers the callback that librpm calls on every step. It runs in the middle of librpm's C code: an exception
 * must not cross it, so one ends the process, which the engine sees as a died transaction.
 */
export function registerNotify(rpm: Librpm, notify: Notify): unknown {
  const handlers = handlersFor(rpm, notify);
  return koffi.register(
    (
      header: unknown,
      what: number,
      amount: bigint | number,
      total: bigint | number,
      key: bigint | number,
    ) => {
      try {
        return (
          handlers[what]?.(header, { amount: Number(amount), total: Number(total), key: Number(key) }) ?? null
        );
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.kill(process.pid, 'SIGKILL');
        return process.exit(1);
      }
    },
    koffi.pointer(NotifyCallback),
  );
}

/** What librpm says with a callback besides the package. */
interface Numbers {
  amount: number;
  total: number;
  /** The number of the package among those that are installed, from 1. */
  key: number;
}

function handlersFor(
  rpm: Librpm,
  { packages, logs, causes, send }: Notify,
): Record<number, (header: unknown, numbers: Numbers) => unknown> {
  const recorder = new ScriptletRecorder(rpm, { logs, causes, send });
  const open = new Map<number, unknown>();
  let told = 0;
  const element = (action: 'install' | 'erase', state: 'start' | 'stop') => (header: unknown) => {
    told = 0;
    const nevra = nevraOf(rpm, header);
    if (state === 'start') causes.elementStarts(nevra);
    else causes.elementStops();
    send({ event: 'element', action, nevra, state });
  };
  const unpackError = (header: unknown) => send({ event: 'unpack-error', nevra: nevraOf(rpm, header) });
  return {
    [RPMCALLBACK.INST_OPEN_FILE]: (_header, { key }) => {
      const fd = rpm.Fopen(packages[key - 1]?.path ?? '', 'r.ufdio');
      open.set(key, fd);
      return fd;
    },
    [RPMCALLBACK.INST_CLOSE_FILE]: (_header, { key }) => {
      rpm.Fclose(open.get(key));
      open.delete(key);
    },
    [RPMCALLBACK.INST_START]: element('install', 'start'),
    [RPMCALLBACK.INST_STOP]: element('install', 'stop'),
    [RPMCALLBACK.UNINST_START]: element('erase', 'start'),
    [RPMCALLBACK.UNINST_STOP]: element('erase', 'stop'),
    [RPMCALLBACK.INST_PROGRESS]: (header, { amount, total }) => {
      if (total === 0 || amount / total < told + PROGRESS_STEP) return;
      told = amount / total;
      send({ event: 'progress', nevra: nevraOf(rpm, header), done: amount, total });
    },
    [RPMCALLBACK.UNPACK_ERROR]: unpackError,
    [RPMCALLBACK.CPIO_ERROR]: unpackError,
    [RPMCALLBACK.SCRIPT_START]: (header, { amount }) => recorder.start(amount, nevraOf(rpm, header)),
    [RPMCALLBACK.SCRIPT_STOP]: (_header, { total }) => recorder.stop(total),
  };
}

/** The package of a callback; '' where librpm names none (a trigger of an installed package). */
function nevraOf(rpm: Librpm, header: unknown): string {
  return header === null ? '' : ((rpm.headerGetAsString(header, RPMTAG_NEVRA) as string | null) ?? '');
}
