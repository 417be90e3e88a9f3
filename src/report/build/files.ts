import { digestFiles } from '../../tree/digest.js';
import type { TreeEntry } from '../../tree/entry.js';
import { foldersAbove } from '../../tree/metadata.js';
import { displayPath, type TreePath } from '../../tree/path.js';
import type { FileChange, FileFacts } from '../change-report.js';
import { type Accounts, readAccounts } from './accounts.js';
import { capabilityText } from './capabilities.js';
import type { Owners } from './owners.js';
import type { PathPair } from './pairs.js';
import type { Located, Side } from './side.js';
import { DIFF_LIMIT, textDiff } from './text-diff.js';

const CAPABILITY = 'security.capability';
const WORLD_READABLE = 0o004;
const WORLD_PASSABLE = 0o001;

/** A side with what is asked of it for every path. */
interface Known extends Side {
  accounts: Accounts;
  digests: Map<TreePath, string>;
}

/** Describes each pair as a report does, in the same order. */
export async function describeFiles(
  pairs: readonly PathPair[],
  sides: { before: Side; after: Side },
  owners: Owners,
): Promise<FileChange[]> {
  const before = await know(
    sides.before,
    pairs.flatMap((pair) => pair.before ?? []),
  );
  const after = await know(
    sides.after,
    pairs.flatMap((pair) => pair.after ?? []),
  );
  return pairs.map((pair) => {
    const old = pair.before && factsOf(pair.before, before);
    const now = pair.after && factsOf(pair.after, after);
    return {
      path: displayPath(pair.path),
      kind: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
      letters: lettersOf(pair, old, now),
      before: old ?? null,
      after: now ?? null,
      causes: [...pair.causes],
      inPlace: pair.inPlace,
      owner: owners.ownerOf(pair),
      diff: diffOf(pair, { before, after }),
    };
  });
}

async function know(side: Side, located: readonly Located[]): Promise<Known> {
  const byRoot = new Map<string, TreePath[]>();
  for (const { entry, root } of located) {
    if (entry.type !== 'file') continue;
    const paths = byRoot.get(root);
    if (paths === undefined) byRoot.set(root, [entry.path]);
    else paths.push(entry.path);
  }
  const digests = new Map<TreePath, string>();
  for (const [root, paths] of byRoot) {
    for (const [path, digest] of await digestFiles(root, paths)) digests.set(path, digest);
  }
  return { ...side, accounts: readAccounts(side), digests };
}

function factsOf({ entry }: Located, { accounts, digests }: Known): FileFacts {
  const { path, type, mode, uid, gid, size, target, xattrs } = entry;
  const capabilities = xattrs[CAPABILITY];
  return {
    type,
    mode: mode.toString(8).padStart(4, '0'),
    ...{ uid, gid, size },
    user: accounts.userName(uid),
    group: accounts.groupName(gid),
    target: target === '' ? '' : displayPath(target as TreePath).slice(1),
    capabilities: capabilities === undefined ? '' : capabilityText(Buffer.from(capabilities, 'base64')),
    sha256: digests.get(path) ?? '',
    xattrs: Object.keys(xattrs).filter((name) => name !== CAPABILITY),
  };
}

function lettersOf(
  { before, after }: PathPair,
  old: FileFacts | undefined,
  now: FileFacts | undefined,
): string {
  if (before === undefined || old === undefined) return '+++++++';
  if (after === undefined || now === undefined) return '-------';
  const values = ({ entry }: Located, facts: FileFacts) =>
    facts.xattrs.map((name) => [name, entry.xattrs[name]]);
  const bothFiles = old.type === 'file' && now.type === 'file';
  const differs: [string, boolean][] = [
    ['c', bothFiles && old.sha256 !== now.sha256],
    ['p', old.type === now.type && old.mode !== now.mode],
    ['u', old.uid !== now.uid],
    ['g', old.gid !== now.gid],
    ['x', JSON.stringify(values(before, old)) !== JSON.stringify(values(after, now))],
    ['C', old.capabilities !== now.capabilities],
    [
      't',
      old.type !== now.type ||
        before.entry.target !== after.entry.target ||
        before.entry.rdev !== after.entry.rdev,
    ],
  ];
  return differs.map(([letter, isSo]) => (isSo ? letter : '.')).join('');
}

/**
 * What a package brings is told by the package; but its configuration is what people look at. Reports travel further
 * than trees: what not everyone may read there (shadow, private keys) is not quoted.
 */
function diffOf(
  { path, before, after, causes }: PathPair,
  sides: { before: Side; after: Side },
): string | null {
  const entries = [before, after].filter((located) => located !== undefined);
  if (!entries.every(({ entry }) => isShort(entry) && (entry.mode & WORLD_READABLE) !== 0)) return null;
  const reachable = (side: Side, located: Located | undefined) =>
    located === undefined || isReachable(side, path);
  if (!reachable(sides.before, before) || !reachable(sides.after, after)) return null;
  const isPlainPayload =
    entries.length === 1 && causes.length > 0 && causes.every(({ by }) => by === 'payload');
  if (isPlainPayload && !path.startsWith('etc/')) return null;
  const read = (side: Side, located: Located | undefined) => located && side.read(path);
  return textDiff(displayPath(path), read(sides.before, before), read(sides.after, after));
}

/** Whether everyone may pass the folders above a path. */
function isReachable(side: Side, path: TreePath): boolean {
  return foldersAbove(path).every((folder) => ((side.find(folder)?.entry.mode ?? 0) & WORLD_PASSABLE) !== 0);
}

function isShort({ type, size }: TreeEntry): boolean {
  return type === 'file' && size <= DIFF_LIMIT;
}
