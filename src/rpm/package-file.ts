import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isErrno, VeneerError } from '../support/errors.js';
import { type Header, HeaderError, hasHeaderMagic, headerSize, parseHeader } from './header.js';
import { SIGTAG_SIZE, TAG } from './header-tags.js';
import { type PackageFacts, packageFacts } from './package-facts.js';

/** An RPM file and what its header says. */
export interface PackageFile extends PackageFacts {
  path: string;
  /** Bytes of the file. */
  fileSize: number;
}

/** An open RPM file of which the parts are read one after the other. */
interface OpenPackage {
  path: string;
  handle: FileHandle;
  fileSize: number;
}

// The lead, a relic with fixed size: magic, version, type, name, … (lib/rpmlead.c).
const LEAD_SIZE = 96;
const LEAD_MAGIC = Buffer.from('edabeedb', 'hex');
const LEAD_TYPE_OFFSET = 6;
const LEAD_TYPE_SOURCE = 1;
const HEADER_INTRO_SIZE = 16;
const SIGNATURE_ALIGNMENT = 8;

/**
 * Reads the headers of an RPM file, not its payload; checks no signature and no digest, which is librpm's work.
 * Throws E_USAGE where there is no such file, E_NOT_PERMITTED, E_NOT_AN_RPM for anything else than a binary package,
 * and E_RPM_TRUNCATED where the file is shorter than its own headers say.
 */
export async function readPackageFile(path: string): Promise<PackageFile> {
  const handle = await openRegularFile(path);
  try {
    const { size } = await handle.stat();
    return await readParts({ path, handle, fileSize: size });
  } catch (error) {
    if (!(error instanceof HeaderError)) throw error;
    throw notAnRpm(path, `is a damaged RPM: ${error.message}`, error);
  } finally {
    await handle.close();
  }
}

/** The SHA-256 of a whole file, in hex; read as a stream. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Looks before it opens: to open a fifo would wait for a writer, for ever. */
async function openRegularFile(path: string): Promise<FileHandle> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw notAnRpm(path, 'is a folder', undefined, `name its packages, for example ${path}/*.rpm`);
    }
    if (!found.isFile()) throw notAnRpm(path, 'is not a regular file');
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG')) {
      throw new VeneerError('E_USAGE', `${path}: no such file`, {
        hint: 'a name without a slash and without .rpm at its end is looked up in the folders given with --from',
        cause: error,
      });
    }
    if (!isErrno(error, 'EACCES', 'EPERM')) throw error;
    throw new VeneerError('E_NOT_PERMITTED', `${path}: not permitted to read it`, { cause: error });
  }
}

async function readParts(rpm: OpenPackage): Promise<PackageFile> {
  const lead = await readExactly(rpm, 0, LEAD_SIZE, checkMagic);
  const signature = await readHeader(rpm, LEAD_SIZE);
  const mainStart = LEAD_SIZE + align(signature.byteLength);
  const main = await readHeader(rpm, mainStart);
  if (lead.readUInt16BE(LEAD_TYPE_OFFSET) === LEAD_TYPE_SOURCE || main.has(TAG.SOURCEPACKAGE)) {
    throw notAnRpm(rpm.path, 'is a source package', undefined, 'build it first, or name the binary package');
  }
  // The signature's size counts the main header and the payload. It is absent from packages of format 6.
  const declared = signature.numbers(TAG.LONGSIGSIZE)[0] ?? signature.numbers(SIGTAG_SIZE)[0];
  if (declared !== undefined && rpm.fileSize < mainStart + declared)
    throw truncated(rpm, mainStart + declared);
  // A header cannot hold its own digest: in a file the signature has it, rpm adds it to the copy in the rpmdb.
  const headerDigest = signature.string(TAG.SHA256HEADER);
  return { ...packageFacts(main), headerDigest, path: rpm.path, fileSize: rpm.fileSize };
}

async function readHeader(rpm: OpenPackage, position: number): Promise<Header> {
  const intro = await readExactly(rpm, position, HEADER_INTRO_SIZE);
  if (!hasHeaderMagic(intro)) throw new HeaderError('a header does not start where it should');
  const size = HEADER_INTRO_SIZE / 2 + headerSize(intro.subarray(HEADER_INTRO_SIZE / 2));
  return parseHeader(await readExactly(rpm, position, size));
}

/** Reads a range that must be there. The file's size is compared first, so a lying header cannot claim memory. */
async function readExactly(
  rpm: OpenPackage,
  position: number,
  length: number,
  check?: (rpm: OpenPackage, start: Buffer) => void,
): Promise<Buffer> {
  const available = Math.max(0, Math.min(length, rpm.fileSize - position));
  const { buffer, bytesRead } = await rpm.handle.read(Buffer.alloc(available), 0, available, position);
  check?.(rpm, buffer);
  if (bytesRead < length) throw truncated(rpm, position + length);
  return buffer;
}

function checkMagic(rpm: OpenPackage, start: Buffer): void {
  if (rpm.fileSize === 0) throw notAnRpm(rpm.path, 'is empty');
  if (!start.subarray(0, LEAD_MAGIC.length).equals(LEAD_MAGIC)) throw notAnRpm(rpm.path, 'is not an RPM');
}

function align(size: number): number {
  return Math.ceil(size / SIGNATURE_ALIGNMENT) * SIGNATURE_ALIGNMENT;
}

function truncated({ path, fileSize }: OpenPackage, needed: number): VeneerError {
  return new VeneerError(
    'E_RPM_TRUNCATED',
    `${path}: is cut off: it has ${fileSize} bytes and needs at least ${needed}`,
    {
      hint: 'download or copy it again',
    },
  );
}

function notAnRpm(path: string, reason: string, cause?: unknown, hint?: string): VeneerError {
  return new VeneerError('E_NOT_AN_RPM', `${path}: ${reason}`, { cause, hint });
}
