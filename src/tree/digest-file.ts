import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { isErrno } from '../support/errors.js';

const CHUNK_BYTES = 256 * 1024;
/** One buffer for each thread: hashing is synchronous, so nobody else uses it meanwhile. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/**
 * The sha256 of a regular file as hex digits. Links are not followed and the access time stays as it is.
 * Throws node:fs errors (ENOENT, ELOOP for a symlink, EIO, …).
 */
export function digestFile(host: Buffer): string {
  const hash = createHash('sha256');
  const fd = openUntouched(host);
  try {
    for (let length = -1; length !== 0; ) {
      length = readSync(fd, chunk, 0, CHUNK_BYTES, null);
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

function openUntouched(host: Buffer): number {
  // O_NONBLOCK changes nothing for a file, and keeps a FIFO that took its place from blocking us for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return openSync(host, flags | constants.O_NOATIME);
  } catch (error) {
    // Only the owner of a file, or root, may ask for O_NOATIME.
    if (!isErrno(error, 'EPERM')) throw error;
    return openSync(host, flags);
  }
}
