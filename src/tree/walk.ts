import { readdirSync } from 'node:fs';
import { readEntry, type TreeEntry } from './entry.js';
import { childPath, onHost, type TreePath } from './path.js';

export interface WalkOptions {
  /** The path to start at, which is yielded first; the tree's root unless given. */
  from?: TreePath;
}

/** One thing still to do: yield this entry, or go down into it. */
interface Step {
  /** Where the step belongs in byte order: the path for the entry, the path and a slash for what is below it. */
  key: string;
  entry: TreeEntry;
  descend: boolean;
}

/**
 * Yields every path of the tree at `root`, the root itself (as '') included, sorted by the bytes of the whole path:
 * the order of `memcmp` and of SQLite's blobs, so two walks or a walk and a manifest can be read side by side.
 * A folder comes before what it holds. Links are not followed. Throws node:fs errors (ENOENT, EACCES, …).
 */
export function* walk(root: string, { from = '' as TreePath }: WalkOptions = {}): Generator<TreeEntry> {
  // A stack of our own: the depth of a tree must not be bounded by that of JavaScript calls.
  const pending = stepsFor([readEntry(root, from)]);
  for (let step = pending.pop(); step; step = pending.pop()) {
    if (step.descend) {
      // One by one: a spread of a huge folder would overflow the call stack.
      for (const next of stepsFor(readFolder(root, step.entry.path))) pending.push(next);
    } else {
      yield step.entry;
    }
  }
}

function readFolder(root: string, folder: TreePath): TreeEntry[] {
  // Buffers, since names are bytes; and no `withFileTypes`, since readEntry calls lstat anyway.
  const names = readdirSync(onHost(root, folder), { encoding: 'buffer' });
  return names.map((name) => readEntry(root, childPath(folder, name)));
}

/**
 * The steps for the entries of one folder, the last one first. A folder `a` sorts before its neighbour `a-b`, but what
 * it holds (`a/…`) comes after it, since `-` is a smaller byte than `/`: so going down is a step with its own place.
 */
function stepsFor(entries: readonly TreeEntry[]): Step[] {
  const steps: Step[] = [];
  for (const entry of entries) {
    steps.push({ key: entry.path, entry, descend: false });
    if (entry.type === 'directory') steps.push({ key: `${entry.path}/`, entry, descend: true });
  }
  return steps.sort((a, b) => (a.key < b.key ? 1 : -1));
}
