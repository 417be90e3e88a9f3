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
export function registerNotify(rpm: Librpm, { packages, logs, causes, send }: Notify): unknown {
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
  const handlers: Record<number, (header: unknown, amount: number, total: number, key: number) => unknown> = {
    [RPMCALLBACK.INST_OPEN_FILE]: (_header, _amount, _total, key) => {
      const fd = rpm.Fopen(packages[key - 1]?.path ?? '', 'r.ufdio');
      open.set(key, fd);
      return fd;
    },
    [RPMCALLBACK.INST_CLOSE_FILE]: (_header, _amount, _total, key) => {
      rpm.Fclose(open.get(key));
      open.delete(key);
    },
    [RPMCALLBACK.INST_START]: element('install', 'start'),
    [RPMCALLBACK.INST_STOP]: element('install', 'stop'),
    [RPMCALLBACK.UNINST_START]: element('erase', 'start'),
    [RPMCALLBACK.UNINST_STOP]: element('erase', 'stop'),
    [RPMCALLBACK.INST_PROGRESS]: (header, done, total) => {
      if (total === 0 || done / total < told + PROGRESS_STEP) return;
      told = done / total;
      send({ event: 'progress', nevra: nevraOf(rpm, header), done, total });
    },
    [RPMCALLBACK.UNPACK_ERROR]: (header) => send({ event: 'unpack-error', nevra: nevraOf(rpm, header) }),
    [RPMCALLBACK.CPIO_ERROR]: (header) => send({ event: 'unpack-error', nevra: nevraOf(rpm, header) }),
    [RPMCALLBACK.SCRIPT_START]: (header, tag) => recorder.start(tag, nevraOf(rpm, header)),
    [RPMCALLBACK.SCRIPT_STOP]: (_header, _tag, code) => recorder.stop(code),
  };
  return koffi.register(
    (
      header: unknown,
      what: number,
      amount: bigint | number,
      total: bigint | number,
      key: bigint | number,
    ) => {
      try {
        return handlers[what]?.(header, Number(amount), Number(total), Number(key)) ?? null;
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.kill(process.pid, 'SIGKILL');
        return process.exit(1);
      }
    },
    koffi.pointer(NotifyCallback),
  );
}

/** The package of a callback; '' where librpm names none (a trigger of an installed package). */
function nevraOf(rpm: Librpm, header: unknown): string {
  return header === null ? '' : ((rpm.headerGetAsString(header, RPMTAG_NEVRA) as string | null) ?? '');
}
