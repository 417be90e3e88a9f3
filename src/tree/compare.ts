import { type Aspect, differingAspects, inTellingOrder } from './aspects.js';
import { digestFiles } from './digest.js';
import { readEntry, type TreeEntry } from './entry.js';
import { byBytes, differingGroups, HardlinkGroups } from './hardlinks.js';
import { pairByPath } from './pairs.js';
import type { TreePath } from './path.js';
import { walk } from './walk.js';

export interface TreeDifference {
  path: TreePath;
  kind: 'added' | 'removed' | 'changed';
  /** What differs, for a changed path; otherwise empty. */
  what: Aspect[];
  before?: TreeEntry;
  after?: TreeEntry;
}

export interface CompareOptions {
  /** Says which differences do not count; 'existence' stands for an added or removed path. */
  ignore?: (path: TreePath, aspect: Aspect | 'existence') => boolean;
}

interface Findings {
  aspects: Map<TreePath, Aspect[]>;
  oneSided: Map<TreePath, 'added' | 'removed'>;
  /** Files of one size on different inodes: only reading them tells whether they are equal. */
  unread: TreePath[];
  groups: { before: HardlinkGroups; after: HardlinkGroups };
}

/**
 * Yields what differs between the trees at `a` (before) and `b` (after), sorted by path. A path that is the same
 * inode on both sides is equal without being read. Hardlinks are compared as the set of names that share an inode
 * within each tree. Neither tree may change meanwhile. Throws node:fs errors.
 */
export async function* compareTrees(
  a: string,
  b: string,
  { ignore = () => false }: CompareOptions = {},
): AsyncGenerator<TreeDifference> {
  const findings = compareMetadata(a, b);
  const { aspects, oneSided } = findings;
  const unread = findings.unread.filter((path) => !ignore(path, 'content'));
  for (const path of await differingContent(a, b, unread)) note(aspects, path, 'content');
  for (const path of differingGroups(findings.groups.before.list(), findings.groups.after.list())) {
    if (!oneSided.has(path)) note(aspects, path, 'hardlinks');
  }
  for (const path of [...aspects.keys(), ...oneSided.keys()].sort(byBytes)) {
    const kind = oneSided.get(path) ?? 'changed';
    const what = inTellingOrder(aspects.get(path) ?? []).filter((aspect) => !ignore(path, aspect));
    if (kind === 'changed' ? what.length === 0 : ignore(path, 'existence')) continue;
    // Read again rather than kept: two copies of a large tree would otherwise be held in memory whole.
    yield {
      path,
      kind,
      what,
      ...(kind === 'added' ? {} : { before: readEntry(a, path) }),
      ...(kind === 'removed' ? {} : { after: readEntry(b, path) }),
    };
  }
}

function compareMetadata(a: string, b: string): Findings {
  const groups = { before: new HardlinkGroups(), after: new HardlinkGroups() };
  const findings: Findings = { aspects: new Map(), oneSided: new Map(), unread: [], groups };
  for (const { path, before, after } of pairByPath(walk(a), walk(b))) {
    if (before) groups.before.add(before);
    if (after) groups.after.add(after);
    if (before && after) comparePair(before, after, findings);
    else findings.oneSided.set(path, before ? 'removed' : 'added');
  }
  return findings;
}

function comparePair(before: TreeEntry, after: TreeEntry, { aspects, unread }: Findings): void {
  if (before.dev === after.dev && before.ino === after.ino) return;
  for (const aspect of differingAspects(before, after)) note(aspects, before.path, aspect);
  const bothFiles = before.type === 'file' && after.type === 'file';
  if (bothFiles && before.size === after.size && before.size > 0) unread.push(before.path);
}

async function differingContent(a: string, b: string, paths: readonly TreePath[]): Promise<TreePath[]> {
  const before = await digestFiles(a, paths);
  const after = await digestFiles(b, paths);
  return paths.filter((path) => before.get(path) !== after.get(path));
}

function note(aspects: Map<TreePath, Aspect[]>, path: TreePath, aspect: Aspect): void {
  const known = aspects.get(path);
  if (known) known.push(aspect);
  else aspects.set(path, [aspect]);
}
