import { VeneerError } from '../support/errors.js';
import type { View } from './style.js';
import { printable } from './text.js';

/** An error that is meant for the user, as text: code, message, more lines, and what to do. */
export function errorText(error: VeneerError, view: View): string {
  const [first = '', ...rest] = error.message.split('\n');
  const lines = [...rest, ...error.lines.flatMap((line) => line.split('\n'))];
  return [
    `${view.style.red(`error [${error.code}]:`)} ${printable(first)}`,
    ...lines.map((line) => `  ${printable(line.trimEnd())}`.trimEnd()),
    ...(error.hint === undefined ? [] : error.hint.split('\n').map(hintLine)),
  ].join('\n');
}

/** Anything else that was thrown: a defect, of which the user is told no more than helps to report it. */
export function defectText(error: unknown, withStack: boolean): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = withStack && error instanceof Error ? (error.stack ?? '').split('\n').slice(1) : [];
  return [
    'error: this is a defect of Veneer',
    ...[...message.split('\n'), ...stack].map((line) => `  ${printable(line)}`),
    ...(withStack ? [] : ['hint: run it again with VENEER_LOG=debug to see where, and report it']),
  ].join('\n');
}

/** Any error as programs read it. */
export function errorAsJson(error: unknown): { formatVersion: 1; error: Record<string, unknown> } {
  if (error instanceof VeneerError) {
    const { code, message, hint = null, lines } = error;
    return { formatVersion: 1, error: { code, message, hint, lines } };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'this is a defect of Veneer: run it again with VENEER_LOG=debug and report it';
  return { formatVersion: 1, error: { code: 'E_DEFECT', message, hint, lines: [] } };
}

function hintLine(line: string, index: number): string {
  return `${index === 0 ? 'hint: ' : '      '}${printable(line)}`;
}
