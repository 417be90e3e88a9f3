import type { EngineEvent, TransactionEvent } from '../index.js';
import { humanDuration, printable } from '../index.js';

/** What is going on at this moment, for the status line. */
export interface Activity {
  note: (event: EngineEvent) => void;
  text: () => string;
}

/** Keeps what the events told; phases may run side by side, and each shows its own detail. */
export function createActivity(now: () => number = Date.now): Activity {
  const started = now();
  const phases = new Map<string, () => string>();
  const packages = createPackageCount(now);
  let loose = '';
  const note = (event: EngineEvent) => {
    if (event.type === 'phase') {
      if (event.state === 'start') phases.set(event.phase, () => '');
      else phases.delete(event.phase);
    } else if (event.type === 'transaction') {
      packages.note(event.transaction);
      if (phases.has('transact')) phases.set('transact', packages.text);
    } else if (event.type === 'progress') {
      const share = `${Math.floor((100 * event.done) / Math.max(1, event.total))} %`;
      // Links are made while the transaction runs: they belong to the checkout, whatever phase began last.
      const owner = event.what === 'link' ? 'checkout' : [...phases.keys()].at(-1);
      if (owner !== undefined && phases.has(owner)) phases.set(owner, () => share);
      else loose = `${event.what} ${share}`;
    } else if (event.type === 'step') loose = printable(event.step);
  };
  const text = () => {
    const parts = [...phases].map(([phase, detail]) => `${phase} ${detail()}`.trimEnd());
    const words = parts.length > 0 ? parts.join(' · ') : loose || 'working';
    return `${humanDuration(Math.floor((now() - started) / 1000) * 1000)}  ${words}`;
  };
  return { note, text };
}

/** How many packages are done, and which package or scriptlet is at work; of a scriptlet, since when. */
function createPackageCount(now: () => number) {
  let total = 0;
  let begun = 0;
  let current = () => '';
  const note = (event: TransactionEvent) => {
    if (event.event === 'plan') total = event.elements.length;
    if (event.event === 'element' && event.state === 'start') {
      begun = Math.min(begun + 1, Math.max(total, 1));
      current = () => event.nevra;
    }
    if (event.event === 'scriptlet-start') {
      const started = now();
      current = () => `scriptlet ${event.name} ${Math.floor((now() - started) / 1000)} s`;
    }
    if (event.event === 'scriptlet-stop') current = () => '';
  };
  return { note, text: () => `${begun}/${total} ${printable(current())}`.trimEnd() };
}
