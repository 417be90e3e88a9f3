import { accessSync, closeSync, constants, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { VeneerError } from '../../support/errors.js';
import type { ChangeReport } from '../change-report.js';
import { changeReportHtmlChunks } from './page.js';

/** Throws E_USAGE where a report could not be written to this file: better before the work than after it. */
export function requireWritableFile(file: string): void {
  try {
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder');
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Writes a report as one HTML file, piece by piece. Throws E_USAGE where the file cannot be written. */
export function writeReportHtml(file: string, report: ChangeReport): void {
  try {
    const fd = openSync(file, 'w');
    for (const chunk of changeReportHtmlChunks(report)) writeAll(fd, Buffer.from(chunk));
    closeSync(fd);
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
