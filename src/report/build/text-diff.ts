import { isUtf8 } from 'node:buffer';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Up to this many bytes on either side a file's text is compared. */
export const DIFF_LIMIT = 64 * 1024;

/** Two long texts that have nothing in common would take seconds. */
const TIMEOUT_MS = 200;
const NOWHERE = '/dev/null';

/**
 * A unified diff of what a file was and is, undefined standing for no file; null where a side is no text or too long,
 * or where both are the same. Text is what is valid UTF-8 without NUL.
 */
export function textDiff(path: string, before: Buffer | undefined, after: Buffer | undefined): string | null {
  const sides = [before, after].filter((side) => side !== undefined);
  if (!sides.every((side) => side.length <= DIFF_LIMIT && !side.includes(0) && isUtf8(side))) return null;
  const [old, now] = [before?.toString('utf8') ?? '', after?.toString('utf8') ?? ''];
  if (old === now) return null;
  const [from, to] = [before === undefined ? NOWHERE : path, after === undefined ? NOWHERE : path];
  const options = { context: 3, timeout: TIMEOUT_MS, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(from, to, old, now, undefined, undefined, options) ?? null;
}
