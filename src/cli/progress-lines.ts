import type { EngineEvent, Style, TransactionEvent } from '../index.js';
import { count, humanDuration, printable, scriptletEnd } from '../index.js';

const DONE = { link: 'paths linked', digest: 'files read', verify: 'files verified' } as const;

/** The plain line for an event, where it deserves one: `resolve 0.3 s`, `  hello.post  ok  12 ms`. */
export function progressLine(event: EngineEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'phase':
      return event.state === 'done' ? `${event.phase} ${humanDuration(event.durationMs)}` : undefined;
    case 'progress':
      return event.done === event.total && event.total > 0
        ? `  ${event.total.toLocaleString('en-US')} ${DONE[event.what]}`
        : undefined;
    case 'step':
      return `  ${printable(event.step)}`;
    case 'notice':
      return `${style.yellow('note:')} ${printable(event.message)}`;
    case 'transaction':
      return transactionLine(event.transaction, style);
  }
}

/** The line for what begins, for those who want to see every step: `  installing hello-1.0-1.noarch`. */
export function startLine(event: EngineEvent): string | undefined {
  if (event.type === 'phase') return event.state === 'start' ? `${event.phase} …` : undefined;
  if (event.type !== 'transaction') return undefined;
  const told = event.transaction;
  if (told.event === 'scriptlet-start') return `  ${printable(told.name)} …`;
  if (told.event !== 'element' || told.state !== 'start') return undefined;
  return `  ${told.action === 'install' ? 'installing' : 'erasing'} ${printable(told.nevra)}`;
}

function transactionLine(event: TransactionEvent, style: Style): string | undefined {
  switch (event.event) {
    case 'plan':
      return `  ${count(event.elements.length, 'package')} in the transaction`;
    case 'scriptlet-stop': {
      const end = scriptletEnd(event.run);
      const painted = event.run.failed ? style.red(end) : end;
      return `  ${printable(event.run.name)}  ${painted}  ${humanDuration(event.run.durationMs)}`;
    }
    case 'unpack-error':
      return `  ${printable(event.nevra)}  ${style.red('could not be unpacked')}`;
    default:
      return undefined;
  }
}
