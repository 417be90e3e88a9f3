import { createHash } from 'node:crypto';
import type { Metadata } from '../tree/aspects.js';
import type { TreeEntry } from '../tree/entry.js';
import { HardlinkGroups } from '../tree/hardlinks.js';
import type { TreePath } from '../tree/path.js';

/** One path of a base as its manifest keeps it. */
export interface ManifestEntry extends Metadata {
  /** The sha256 of a file as hex digits, otherwise ''. */
  digest: string;
  /** Names with the same number share an inode; null for a name that is alone. */
  group: number | null;
}

/**
 * Joins the entries of a walked tree with the digests of its files. Names of one inode need only one digest, that of
 * their first name. Groups are numbered from 1 in path order, so that the same tree always gets the same numbers.
 */
export function manifestEntries(
  entries: readonly TreeEntry[],
  digests: ReadonlyMap<TreePath, string>,
): ManifestEntry[] {
  const groups = groupNumbers(entries);
  return entries.map(({ dev, ino, nlink, ...metadata }) => {
    const group = groups.get(metadata.path);
    const digest = metadata.type === 'file' ? digests.get(group?.first ?? metadata.path) : '';
    if (digest === undefined) throw new Error(`no digest was made of ${metadata.path}`);
    return { ...metadata, digest, group: group?.number ?? null };
  });
}

/** The files of a walked tree that must be read to know the content of all: one name of each inode. */
export function filesToDigest(entries: readonly TreeEntry[]): TreePath[] {
  const groups = groupNumbers(entries);
  return entries
    .filter(({ type, path }) => type === 'file' && (groups.get(path)?.first ?? path) === path)
    .map(({ path }) => path);
}

/**
 * The digest of a base: sha256, as hex digits, over every field of every entry in path order. Each entry is one line
 * of JSON, which is canonical here: fixed order of fields, sorted xattrs, one character for each byte of a name.
 */
export function manifestDigest(entries: Iterable<ManifestEntry>): string {
  const hash = createHash('sha256');
  for (const entry of entries) {
    const { path, type, mode, uid, gid, size, mtimeNs, digest, target, rdev, group } = entry;
    const xattrs = Object.entries(entry.xattrs).sort(([a], [b]) => (a < b ? -1 : 1));
    const fields = [path, type, mode, uid, gid, size, `${mtimeNs}`, digest, target, rdev, xattrs, group];
    hash.update(`${JSON.stringify(fields)}\n`);
  }
  return hash.digest('hex');
}

function groupNumbers(entries: readonly TreeEntry[]): Map<TreePath, { number: number; first: TreePath }> {
  const groups = new HardlinkGroups();
  for (const entry of entries) groups.add(entry);
  return new Map(
    groups.list().flatMap((names, index) => {
      const group = { number: index + 1, first: names[0] ?? ('' as TreePath) };
      return names.map((name) => [name, group] as const);
    }),
  );
}
