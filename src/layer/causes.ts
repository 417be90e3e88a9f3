import { folderLocator, ownHandle, type ViewFolders } from '../../scriptlet-sandbox/index.js';
import type { Cause, FolderWrites } from '../rpm/events.js';
import { foldersAbove } from '../tree/metadata.js';
import { isAtOrBelow, parentPath, type TreePath } from '../tree/path.js';

/** What one cause changed between two looks at the view. */
export interface Writes {
  by: Cause;
  folders: FolderWrites[];
}

/** What a transaction said of who changed what, in order, and the folder of the rpmdb in the tree. */
export interface Testimony {
  writes: readonly Writes[];
  rpmdb: TreePath;
}

/** A cause with its place in the order of the transaction. */
interface Act {
  at: number;
  by: Cause;
}

/** Who changed what, by path and by inode. */
export interface Acts {
  byPath: Map<string, Act[]>;
  /** By the handle of the tree's inode in hex, whatever name it was written by. */
  byInode: Map<string, Act[]>;
  /** Where folders came to by rename, with all that was in them. */
  movedTo: Map<string, Act[]>;
}

const RPM: Cause = { by: 'rpm' };

/** Finds the paths that a transaction's testimony is about. To be called before renamed folders are filled in. */
export function findActs(view: ViewFolders, { writes, rpmdb }: Testimony): Acts {
  const acts: Acts = { byPath: new Map(), byInode: new Map(), movedTo: new Map() };
  const find = folderLocator(view);
  const rpmdbs = new Set([rpmdb]);
  for (const [at, { by, folders }] of writes.entries()) {
    for (const { folder, entries, names, movedFolders, inodes } of folders) {
      for (const inode of inodes) add(acts.byInode, ownHandle(inode), { at, by });
      const path = find(folder);
      if (path === undefined) continue;
      const below = (name: string) => [path, name].filter(Boolean).join('/') as TreePath;
      const act = (of: TreePath) => ({ at, by: by.by === 'payload' && isAtOrBelow(of, rpmdbs) ? RPM : by });
      if (entries) add(acts.byPath, path, act(below('')));
      for (const name of names) add(acts.byPath, below(name), act(below(name)));
      for (const name of movedFolders) add(acts.movedTo, below(name), { at, by });
    }
  }
  add(acts.byPath, rpmdb, { at: writes.length, by: RPM });
  return acts;
}

/**
 * The causes of each change: every one once, in the order of its last act. A path that nobody was seen to write has
 * those of its inode's other names, or of the folder that brought it (by rename, or the rpmdb); a folder of the base in
 * which others changed, theirs.
 */
export function causesOf(changes: readonly Changed[], acts: Acts): Map<TreePath, Cause[]> {
  const found = new Map(changes.map((change) => [change.path, seen(change, acts)]));
  const quiet = changes.filter(({ path }) => found.get(path)?.length === 0);
  const touched = new Set(quiet.filter(({ kind }) => kind === 'touched').map(({ path }) => path));
  for (const change of quiet) {
    if (!touched.has(change.path)) found.set(change.path, indirect(change, { changes, found, acts }));
  }
  for (const { path } of changes.toReversed()) {
    const parent = parentPath(path);
    if (path === '' || !touched.has(parent)) continue;
    for (const act of found.get(path) ?? []) found.get(parent)?.push(act);
  }
  return new Map([...found].map(([path, acted]) => [path, inOrder(acted)]));
}

interface Changed {
  path: TreePath;
  kind: string;
  /** Key of the tree's inode that it was copied up from. */
  origin?: string | undefined;
}

function seen({ path, origin }: Changed, { byPath, byInode, movedTo }: Acts): Act[] {
  const above = movedTo.size === 0 ? [] : foldersAbove(path);
  return [
    ...(byPath.get(path) ?? []),
    ...(byInode.get(origin ?? '') ?? []),
    ...above.flatMap((folder) => movedTo.get(folder) ?? []),
  ];
}

/** A file of the tree of which nobody wrote a name or the content got another name: then those of its other names. */
function indirect(
  { path, origin }: Changed,
  { changes, found, acts }: { changes: readonly Changed[]; found: Map<TreePath, Act[]>; acts: Acts },
): Act[] {
  const others =
    origin === undefined || origin === '' ? [] : changes.filter((other) => other.origin === origin);
  const named = others.flatMap((other) => found.get(other.path) ?? []);
  return named.length > 0 ? named : nearestAbove(path, acts);
}

function nearestAbove(path: TreePath, { byPath }: Acts): Act[] {
  const folder = foldersAbove(path).findLast((above) => byPath.has(above));
  return folder === undefined ? [] : [...(byPath.get(folder) ?? [])];
}

function inOrder(acts: Act[]): Cause[] {
  const last = new Map<string, Act>();
  for (const act of acts) {
    const key = JSON.stringify(act.by);
    if (act.at >= (last.get(key)?.at ?? 0)) last.set(key, act);
  }
  return [...last.values()].sort((a, b) => a.at - b.at).map(({ by }) => by);
}

function add<K>(map: Map<K, Act[]>, key: K, act: Act): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [act]);
  else list.push(act);
}
