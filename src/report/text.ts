import { constants } from 'node:os';
import type { ScriptletRun } from '../rpm/events.js';

/**
 * A text from outside (a package's name, a file's, a message) made safe to print on one line: control characters and
 * those that turn the direction of writing are escaped as C writes them, so that nothing can forge output or hide.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, escaped);
}

/** A size as people read it: `512 B`, `1.5 MiB`. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  // Rounding comes before the comparison, or 1048575 bytes would read `1024.0 KiB`.
  while (Number(value.toFixed(1)) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A duration as people read it: `12 ms`, `0.3 s`, `2 min 05 s`. */
export function humanDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A moment as people read it, in UTC: `2026-11-24 11:18 UTC`. */
export function humanTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? printable(iso)
    : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A number and its noun: `1 file`, `14,000 files`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

/** How a scriptlet ended: `ok`, `exit status 3`, `killed by SIGKILL`. */
export function scriptletEnd(run: ScriptletRun): string {
  if (run.signal !== null) return `killed by ${signalName(run.signal)}`;
  if (run.status !== null && run.status !== 0) return `exit status ${run.status}`;
  return run.failed ? 'failed' : 'ok';
}

const SHORT_ESCAPES: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return (
    SHORT_ESCAPES[character] ?? (code > 0xff ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`)
  );
}

function signalName(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`;
}
