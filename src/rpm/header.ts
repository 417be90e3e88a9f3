/** Says what is wrong with a header; whoever knows where its bytes came from turns it into a VeneerError. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/** One rpm header, read on demand. A tag that is absent reads as undefined or as an empty list. */
export interface Header {
  /** How many bytes the header takes, magic included: what follows in a package file starts there. */
  readonly byteLength: number;
  has(tag: number): boolean;
  /** The first string of a tag, as UTF-8: of a translated one that is the untranslated text. */
  string(tag: number): string | undefined;
  /** Like `string`, but throws HeaderError where the tag is absent or empty. */
  requiredString(tag: number): string;
  strings(tag: number): string[];
  /** Strings with one character a byte (latin1), for what is not text: file names and link targets. */
  byteStrings(tag: number): string[];
  /** Integers of any width, without a sign. */
  numbers(tag: number): number[];
  bytes(tag: number): Buffer | undefined;
}

/** The first bytes of a header in a package file; the rpmdb stores headers without them. */
const MAGIC = Buffer.from('8eade80100000000', 'hex');
const INTRO_SIZE = 8;
const ENTRY_SIZE = 16;

// rpm refuses larger headers as damaged (hdrchkTags and hdrchkData in lib/header_internal.h).
const MAX_ENTRIES = 0xffff;
const MAX_DATA_BYTES = 0x0fffffff;

const INTEGER_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const STRING_TYPE = 6;
const BINARY_TYPE = 7;
const STRING_TYPES = new Set([STRING_TYPE, 8, 9]);

interface Entry {
  type: number;
  offset: number;
  count: number;
}

/**
 * Parses an rpm header, with the magic of a package file or without as in the rpmdb. Bytes after its end are ignored.
 * Throws HeaderError for anything that is not a whole header; the getters do so for a value that is not what its
 * entry says.
 */
export function parseHeader(bytes: Buffer): Header {
  const start = bytes.subarray(0, MAGIC.length).equals(MAGIC) ? MAGIC.length : 0;
  const byteLength = start + headerSize(bytes.subarray(start));
  if (bytes.length < byteLength) {
    throw new HeaderError(`the header is cut off: it has ${bytes.length} of ${byteLength} bytes`);
  }
  const entryCount = bytes.readUInt32BE(start);
  const dataStart = start + INTRO_SIZE + entryCount * ENTRY_SIZE;
  const entries = readEntries(bytes.subarray(start + INTRO_SIZE, dataStart));
  return new ParsedHeader(byteLength, entries, bytes.subarray(dataStart, byteLength));
}

/**
 * How many bytes a header takes after its magic, told by its first 8: entry count and data size.
 * Throws HeaderError for sizes that rpm would not take either.
 */
export function headerSize(intro: Buffer): number {
  if (intro.length < INTRO_SIZE) throw new HeaderError('the header is cut off before its sizes');
  const entryCount = intro.readUInt32BE(0);
  const dataSize = intro.readUInt32BE(4);
  if (entryCount === 0 || entryCount > MAX_ENTRIES || dataSize > MAX_DATA_BYTES) {
    throw new HeaderError(`the header claims ${entryCount} entries and ${dataSize} bytes of data`);
  }
  return INTRO_SIZE + entryCount * ENTRY_SIZE + dataSize;
}

/** Whether bytes begin with the magic that every header in a package file has. */
export function hasHeaderMagic(bytes: Buffer): boolean {
  // The four bytes after the magic proper are reserved, rpm demands zeroes there.
  return bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * The index, by tag. In the rpmdb, what was added at installation stands after the package's own entries and
 * replaces those of the same tag (headerLoad in lib/header.c), hence the last one counts.
 */
function readEntries(index: Buffer): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  for (let at = 0; at < index.length; at += ENTRY_SIZE) {
    entries.set(index.readUInt32BE(at), {
      type: index.readUInt32BE(at + 4),
      offset: index.readUInt32BE(at + 8),
      count: index.readUInt32BE(at + 12),
    });
  }
  return entries;
}

class ParsedHeader implements Header {
  constructor(
    readonly byteLength: number,
    private readonly entries: Map<number, Entry>,
    private readonly data: Buffer,
  ) {}

  has(tag: number): boolean {
    return this.entries.has(tag);
  }

  string(tag: number): string | undefined {
    return this.readStrings(tag, 'utf8', 1)[0];
  }

  requiredString(tag: number): string {
    const text = this.string(tag);
    if (text === undefined || text === '') throw new HeaderError(`the header lacks tag ${tag}`);
    return text;
  }

  strings(tag: number): string[] {
    return this.readStrings(tag, 'utf8');
  }

  byteStrings(tag: number): string[] {
    return this.readStrings(tag, 'latin1');
  }

  numbers(tag: number): number[] {
    const entry = this.entries.get(tag);
    if (entry === undefined) return [];
    const width = INTEGER_BYTES[entry.type];
    if (width === undefined) throw new HeaderError(`tag ${tag} holds no integers but type ${entry.type}`);
    const bytes = this.slice(tag, entry, entry.count * width);
    return Array.from({ length: entry.count }, (_, index) => readInteger(bytes, index * width, width));
  }

  bytes(tag: number): Buffer | undefined {
    const entry = this.entries.get(tag);
    if (entry === undefined) return undefined;
    if (entry.type !== BINARY_TYPE) throw new HeaderError(`tag ${tag} holds no bytes but type ${entry.type}`);
    return this.slice(tag, entry, entry.count);
  }

  private readStrings(tag: number, encoding: 'utf8' | 'latin1', limit = Number.POSITIVE_INFINITY): string[] {
    const entry = this.entries.get(tag);
    if (entry === undefined) return [];
    if (!STRING_TYPES.has(entry.type))
      throw new HeaderError(`tag ${tag} holds no text but type ${entry.type}`);
    const count = Math.min(limit, entry.type === STRING_TYPE ? 1 : entry.count);
    const strings: string[] = [];
    for (let at = entry.offset; strings.length < count; ) {
      const end = this.data.indexOf(0, at);
      if (at >= this.data.length || end < 0) throw new HeaderError(`tag ${tag} runs past the header's end`);
      strings.push(this.data.toString(encoding, at, end));
      at = end + 1;
    }
    return strings;
  }

  private slice(tag: number, { offset }: Entry, length: number): Buffer {
    if (offset + length > this.data.length) throw new HeaderError(`tag ${tag} runs past the header's end`);
    return this.data.subarray(offset, offset + length);
  }
}

function readInteger(bytes: Buffer, at: number, width: number): number {
  return width === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, width);
}
