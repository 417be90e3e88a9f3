import { accessSync, closeSync, constants, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { VeneerError } from '../../support/errors.js';
import type { ChangeReport } from '../change-report.js';
import { changeReportHtmlChunks } from './page.js';

/** Throws E_USAGE where a report could not be written to this file: better before the work than after it. */
export function requireWritableFile(file: string): void {
  try {
    if (file === '') throw new Error('it has no name');
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder');
    if (!statSync(dirname(file)).isDirectory()) throw new Error(`${dirname(file)} is not a folder`);
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Writes a report as one HTML file, piece by piece. Throws E_USAGE where the file cannot be written. */
export function writeReportHtml(file: string, report: ChangeReport): void {
  const fd = guarded(file, () => openSync(file, 'w'));
  try {
    for (const chunk of changeReportHtmlChunks(report)) guarded(file, () => writeAll(fd, Buffer.from(chunk)));
  } finally {
    closeSync(fd);
  }
}

/** What cannot be written is the user's to mend; what cannot be rendered is ours. */
function guarded<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw unwritable(file, error);
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
}

function unwritable(file: string, error: unknown): VeneerError {
  return new VeneerError('E_USAGE', `cannot write ${file}: ${(error as Error).message}`, {
    hint: 'name a file in a folder that you may write',
    cause: error,
  });
}
