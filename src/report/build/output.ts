import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno } from '../../support/errors.js';
import type { ReportedScriptlet } from '../change-report.js';

const LAST_BYTES = 16 * 1024;

/** What a scriptlet wrote, by its log: the end of it, where it is long; nothing where the log is gone. */
export function readOutput(logs: string, name: string): ReportedScriptlet['output'] {
  try {
    const fd = openSync(join(logs, name), 'r');
    try {
      const { size } = fstatSync(fd);
      const tail = Buffer.alloc(Math.min(size, LAST_BYTES));
      readSync(fd, tail, 0, tail.length, size - tail.length);
      const truncated = size > tail.length;
      return { text: (truncated ? fromCharacter(tail) : tail).toString('utf8'), bytes: size, truncated };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    return { text: '', bytes: 0, truncated: false };
  }
}

/** A cut may fall into a character of several bytes: those begin with bits 10 but for the first. */
function fromCharacter(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes.subarray(Math.max(0, start));
}
