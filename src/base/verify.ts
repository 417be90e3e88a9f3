import { isErrno, VeneerError } from '../support/errors.js';
import { type Aspect, differingAspects, inTellingOrder } from '../tree/aspects.js';
import { type DigestProgress, digestFiles } from '../tree/digest.js';
import { readEntry, type TreeEntry } from '../tree/entry.js';
import { byBytes, differingGroups, HardlinkGroups } from '../tree/hardlinks.js';
import { type Pair, pairByPath } from '../tree/pairs.js';
import type { TreePath } from '../tree/path.js';
import { walk } from '../tree/walk.js';
import type { Manifest } from './manifest.js';
import type { ManifestEntry } from './manifest-entry.js';
import { type Base, openManifest } from './store.js';

/** One path that is not as the manifest says. */
export interface Finding {
  path: TreePath;
  /** 'missing' from the tree, 'foreign' to the manifest, or what differs. */
  what: ('missing' | 'foreign' | Aspect)[];
  expected?: ManifestEntry;
  /** What is there instead; with its digest where the content was read and differs. */
  found?: TreeEntry & { digest?: string };
}

export interface VerifyOptions {
  /** Whether to read every byte as well. */
  data: boolean;
  /** Files read so far and in all. */
  onProgress?: (progress: DigestProgress) => void;
}

interface Unread {
  expected: ManifestEntry;
  found: TreeEntry;
}

interface Verification {
  tree: string;
  manifest: Manifest;
  findings: Map<TreePath, Finding>;
  /** Files of the size that they should have: only reading them tells more. */
  unread: Unread[];
}

/**
 * Compares a base's tree with its manifest: every field but link counts, sizes of folders, access and change times.
 * Returns what differs, sorted by path; an intact base gives an empty list.
 * Throws E_BASE_DAMAGED when the manifest or the tree cannot be read at all.
 */
export async function verifyBase(base: Base, { data, onProgress }: VerifyOptions): Promise<Finding[]> {
  const manifest = openManifest(base);
  const verification: Verification = { tree: base.tree, manifest, findings: new Map(), unread: [] };
  try {
    compareMetadata(verification);
    if (data) await compareContent(verification, onProgress);
  } catch (error) {
    throw unreadable(base, error);
  } finally {
    manifest.close();
  }
  return [...verification.findings.values()].sort((a, b) => byBytes(a.path, b.path));
}

function compareMetadata({ tree, manifest, findings, unread }: Verification): void {
  const groups = new HardlinkGroups();
  for (const pair of pairByPath(manifest.entries(), walk(tree))) {
    if (pair.after) groups.add(pair.after);
    const what = differencesOf(pair);
    if (what.length > 0) findings.set(pair.path, asFinding(pair, what));
    const { before: expected, after: found } = pair;
    const sameFile = expected?.type === 'file' && found?.type === 'file' && expected.size === found.size;
    if (sameFile) unread.push({ expected, found });
  }
  for (const path of differingGroups(manifest.hardlinkGroups(), groups.list())) {
    const expected = manifest.entry(path);
    const known = findings.get(path);
    if (!expected || known?.what.includes('missing')) continue;
    note(findings, { path, what: ['hardlinks'], expected, found: known?.found ?? readEntry(tree, path) });
  }
}

async function compareContent(
  { tree, findings, unread }: Verification,
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  // Names that share an inode share its bytes: one of them is read for all.
  const readers = new Map(unread.map(({ found }) => [found.ino, found.path]));
  const digests = await digestFiles(tree, [...readers.values()], onProgress);
  for (const { expected, found } of unread) {
    const digest = digests.get(readers.get(found.ino) ?? found.path);
    if (digest === undefined || digest === expected.digest) continue;
    note(findings, { path: found.path, what: ['content'], expected, found: { ...found, digest } });
  }
}

function differencesOf({ before, after }: Pair<ManifestEntry, TreeEntry>): Finding['what'] {
  if (!after) return ['missing'];
  return before ? differingAspects(before, after) : ['foreign'];
}

function asFinding({ path, before, after }: Pair<ManifestEntry, TreeEntry>, what: Finding['what']): Finding {
  return { path, what, ...(before ? { expected: before } : {}), ...(after ? { found: after } : {}) };
}

/** Adds a finding, or to the one that the path has already; only for paths that are there on both sides. */
function note(findings: Map<TreePath, Finding>, finding: Finding): void {
  const aspects = [...(findings.get(finding.path)?.what ?? []), ...finding.what] as Aspect[];
  findings.set(finding.path, { ...finding, what: inTellingOrder(aspects) });
}

function unreadable(base: Base, error: unknown): unknown {
  if (!isErrno(error, 'EIO', 'ENOENT', 'ENOTDIR', 'EUCLEAN')) return error;
  return new VeneerError('E_BASE_DAMAGED', `cannot read the base ${base.id}: ${(error as Error).message}`, {
    hint: 'check the disk, then import the base again',
    cause: error,
  });
}
