import type { Header } from './header.js';
import { TAG } from './header-tags.js';
import { formatNevra, type Nevra } from './nevra.js';
import { type PackagedFile, readFiles } from './packaged-files.js';
import { type PackagedScriptlet, readScriptlets } from './packaged-scriptlets.js';

/** One line of a package's requires, provides, conflicts or obsoletes. */
export interface Relation {
  name: string;
  /** rpm's RPMSENSE bits (include/rpm/rpmds.h): 2 less, 4 greater, 8 equal, higher ones say where it came from. */
  flags: number;
  /** `[epoch:]version[-release]`, '' where any version will do. */
  version: string;
}

/** What Veneer knows of a package, from its file's header or from an rpmdb. */
export interface PackageFacts extends Nevra {
  /** The whole name, as formatNevra writes it. */
  nevra: string;
  summary: string;
  license: string;
  /** Bytes of its files when installed. */
  size: number;
  /** Seconds since the epoch. */
  buildTime: number;
  /** Seconds since the epoch; undefined for a package that was read from a file. */
  installTime: number | undefined;
  /** The SHA-256 of its header in hex: the same in the file and in every rpmdb. Undefined where rpm < 4.14 built it. */
  headerDigest: string | undefined;
  requires: Relation[];
  provides: Relation[];
  conflicts: Relation[];
  obsoletes: Relation[];
  /** In the order of the header, which rpm keeps sorted by name. Empty where the reader was told to leave them out. */
  files: PackagedFile[];
  scriptlets: PackagedScriptlet[];
}

export interface FactsOptions {
  /** False leaves the list of files empty: it is most of what a header holds. */
  files?: boolean | undefined;
}

/** Takes what Veneer needs out of a header. Throws HeaderError where the header has no name, or broken values. */
export function packageFacts(header: Header, { files = true }: FactsOptions = {}): PackageFacts {
  const nevra = readNevra(header);
  return {
    ...nevra,
    nevra: formatNevra(nevra),
    summary: header.string(TAG.SUMMARY) ?? '',
    license: header.string(TAG.LICENSE) ?? '',
    size: header.numbers(TAG.LONGSIZE)[0] ?? header.numbers(TAG.SIZE)[0] ?? 0,
    buildTime: header.numbers(TAG.BUILDTIME)[0] ?? 0,
    installTime: header.numbers(TAG.INSTALLTIME)[0],
    headerDigest: header.string(TAG.SHA256HEADER),
    requires: relations(header, TAG.REQUIRENAME, [TAG.REQUIREFLAGS, TAG.REQUIREVERSION]),
    provides: relations(header, TAG.PROVIDENAME, [TAG.PROVIDEFLAGS, TAG.PROVIDEVERSION]),
    conflicts: relations(header, TAG.CONFLICTNAME, [TAG.CONFLICTFLAGS, TAG.CONFLICTVERSION]),
    obsoletes: relations(header, TAG.OBSOLETENAME, [TAG.OBSOLETEFLAGS, TAG.OBSOLETEVERSION]),
    files: files ? readFiles(header) : [],
    scriptlets: readScriptlets(header),
  };
}

function readNevra(header: Header): Nevra {
  return {
    name: header.requiredString(TAG.NAME),
    epoch: header.numbers(TAG.EPOCH)[0],
    version: header.requiredString(TAG.VERSION),
    release: header.requiredString(TAG.RELEASE),
    arch: header.string(TAG.ARCH) ?? '',
  };
}

function relations(header: Header, names: number, [flags, versions]: [number, number]): Relation[] {
  const flagList = header.numbers(flags);
  const versionList = header.strings(versions);
  return header.strings(names).map((name, index) => ({
    name,
    flags: flagList[index] ?? 0,
    version: versionList[index] ?? '',
  }));
}
