import { type TreePath, treePathFromBytes } from '../tree/path.js';
import { type Header, HeaderError } from './header.js';
import { TAG } from './header-tags.js';

/** What a package says of one of its files (RPMFILE_* in include/rpm/rpmfiles.h). */
const FLAG_BITS = {
  config: 1 << 0,
  doc: 1 << 1,
  missingok: 1 << 3,
  noreplace: 1 << 4,
  ghost: 1 << 6,
  license: 1 << 7,
  readme: 1 << 8,
  artifact: 1 << 12,
} as const;

export type FileFlag = keyof typeof FLAG_BITS;

/** One path that a package owns, as its header describes it. */
export interface PackagedFile {
  path: TreePath;
  /** The whole st_mode: type and permission bits. */
  mode: number;
  user: string;
  group: string;
  /** Bytes. */
  size: number;
  /** Seconds since the epoch. */
  mtime: number;
  /** In hex, '' for what is no regular file; made with `digestAlgorithm`. */
  digest: string;
  digestAlgorithm: string;
  /** A symlink's target, one character a byte; otherwise ''. */
  link: string;
  flags: readonly FileFlag[];
  /** File capabilities as cap_to_text(3) writes them; otherwise ''. */
  caps: string;
}

/** Numbers of RFC 4880, which FILEDIGESTALGO uses; a header without that tag means MD5. */
const DIGEST_ALGORITHMS: Record<number, string> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};
const MD5 = 1;

/** The files of a package, in the order of its header. Throws HeaderError where their lists do not fit together. */
export function readFiles(header: Header): PackagedFile[] {
  const modes = header.numbers(TAG.FILEMODES);
  const longSizes = header.numbers(TAG.LONGFILESIZES);
  const sizes = longSizes.length > 0 ? longSizes : header.numbers(TAG.FILESIZES);
  const users = header.strings(TAG.FILEUSERNAME);
  const groups = header.strings(TAG.FILEGROUPNAME);
  const mtimes = header.numbers(TAG.FILEMTIMES);
  const digests = header.strings(TAG.FILEDIGESTS);
  const links = header.byteStrings(TAG.FILELINKTOS);
  const flags = header.numbers(TAG.FILEFLAGS);
  const caps = header.strings(TAG.FILECAPS);
  const algorithmNumber = header.numbers(TAG.FILEDIGESTALGO)[0] ?? MD5;
  const digestAlgorithm = DIGEST_ALGORITHMS[algorithmNumber] ?? `algorithm ${algorithmNumber}`;
  return readPaths(header).map((path, index) => ({
    path,
    mode: modes[index] ?? 0,
    user: users[index] ?? '',
    group: groups[index] ?? '',
    size: sizes[index] ?? 0,
    mtime: mtimes[index] ?? 0,
    digest: digests[index] ?? '',
    digestAlgorithm,
    link: links[index] ?? '',
    flags: flagNames(flags[index] ?? 0),
    caps: caps[index] ?? '',
  }));
}

/** rpm before 4.0 wrote whole names into OLDFILENAMES; since then each is a base name and the number of a folder. */
function readPaths(header: Header): TreePath[] {
  const folders = header.byteStrings(TAG.DIRNAMES);
  const folderOf = header.numbers(TAG.DIRINDEXES);
  if (!header.has(TAG.BASENAMES)) return header.byteStrings(TAG.OLDFILENAMES).map(toTreePath);
  return header.byteStrings(TAG.BASENAMES).map((name, index) => {
    const folder = folders[folderOf[index] ?? -1];
    if (folder === undefined) throw new HeaderError(`file ${index} is in a folder that the header lacks`);
    return toTreePath(folder + name);
  });
}

function toTreePath(latin1: string): TreePath {
  return treePathFromBytes(Buffer.from(latin1, 'latin1'));
}

/** Few combinations occur, so files share their lists: a base has 100,000 of them. */
const NAMES_BY_FLAGS = new Map<number, readonly FileFlag[]>();

function flagNames(bits: number): readonly FileFlag[] {
  const known = NAMES_BY_FLAGS.get(bits);
  if (known !== undefined) return known;
  const names = (Object.keys(FLAG_BITS) as FileFlag[]).filter((name) => (bits & FLAG_BITS[name]) !== 0);
  NAMES_BY_FLAGS.set(bits, names);
  return names;
}
