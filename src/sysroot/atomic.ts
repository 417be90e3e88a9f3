import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncfs } from '../../scriptlet-sandbox/index.js';
import { isErrno } from '../support/errors.js';

/** Writes a file so that it has its old or its new content at every instant, and the new one durably on return. */
export function writeFileAtomically(path: string, content: string): void {
  const temporary = `${path}.new`;
  const fd = openSync(temporary, 'w', 0o644);
  writeFileSync(fd, content);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Makes a symlink name a new target by renaming a new link over it: it names the old or the new, at every instant. */
export function replaceSymlink(path: string, target: string): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** The target of a symlink, or undefined where there is none. */
export function readSymlink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Renames a finished folder to its place and makes the new name durable; its content must be durable already. */
export function publishFolder(stage: string, place: string): void {
  renameSync(stage, place);
  syncFolder(dirname(place));
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes everything on the file system of this folder durable. */
export function syncFileSystem(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    syncfs(fd);
  } finally {
    closeSync(fd);
  }
}

/** Reads a JSON record, or undefined where there is no such file. Throws SyntaxError for a damaged one. */
export function readRecord<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Writes a JSON record into a stage; it becomes durable with the stage. */
export function writeRecord(path: string, record: object): void {
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}
