import type { FileChange, ReportedCause } from '../change-report.js';
import { humanBytes } from '../text.js';

/** Who changed a path, in words. */
export function causeText(cause: ReportedCause): string {
  if (cause.by === 'payload') return `payload of ${cause.package}`;
  return cause.by === 'scriptlet' ? cause.name : 'rpm itself';
}

/** A difference in bytes with its sign: `+1.5 MiB`, `−12 B`, `±0 B`. */
export function signedBytes(bytes: number): string {
  return `${sign(bytes)}${humanBytes(Math.abs(bytes))}`;
}

/** By how many bytes a changed path makes the tree larger; folders and special files hold no content. */
export function sizeChange({ before, after }: FileChange): number {
  const size = (facts: FileChange['before']) => (facts?.type === 'file' ? facts.size : 0);
  return size(after) - size(before);
}

/** `a`, `a and b`, `a, b and c`. */
export function enumeration(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function sign(number: number): string {
  if (number === 0) return '±';
  return number > 0 ? '+' : '−';
}
