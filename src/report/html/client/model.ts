import type { Entry } from './data.js';

/** A folder of the tree with all that changes below it. */
export interface Folder {
  /** Its name; several, with slashes, where a folder holds nothing but another. */
  label: string;
  parent: Folder | null;
  folders: Map<string, Folder>;
  entries: Entry[];
  counts: Record<Entry['kind'], number>;
  bytes: number;
  /** How many paths below it deserve a look. */
  marked: number;
}

/** The entries as a tree of folders. Where a folder itself changed, it is an entry of its parent. */
export function folderTree(entries: readonly Entry[]): Folder {
  const root = newFolder('/', null);
  const known = new Map<string, Folder>([['/', root]]);
  for (const entry of entries) {
    const folder = folderAt(entry.folder, known);
    folder.entries.push(entry);
    for (let above: Folder | null = folder; above !== null; above = above.parent) addTo(above, entry);
  }
  for (const folder of root.folders.values()) {
    joinChain(folder);
    folder.label = `/${folder.label}`;
  }
  return root;
}

/** How many rows a folder has when it is open. */
export function rowCount(folder: Folder): number {
  return folder.folders.size + folder.entries.length;
}

function folderAt(path: string, known: Map<string, Folder>): Folder {
  const found = known.get(path);
  if (found !== undefined) return found;
  const start = path.lastIndexOf('/', path.length - 2) + 1;
  const parent = folderAt(path.slice(0, start), known);
  const folder = newFolder(path.slice(start, -1), parent);
  parent.folders.set(folder.label, folder);
  known.set(path, folder);
  return folder;
}

function newFolder(label: string, parent: Folder | null): Folder {
  const counts = { added: 0, changed: 0, removed: 0 };
  return { label, parent, folders: new Map(), entries: [], counts, bytes: 0, marked: 0 };
}

function addTo(folder: Folder, entry: Entry): void {
  folder.counts[entry.kind] += 1;
  folder.bytes += entry.bytes;
  if (entry.rules.length > 0) folder.marked += 1;
}

/** Folders that hold nothing but one other folder share its row. */
function joinChain(folder: Folder): void {
  let [only] = folder.folders.values();
  while (only !== undefined && folder.folders.size === 1 && folder.entries.length === 0) {
    folder.label = `${folder.label}/${only.label}`;
    folder.entries = only.entries;
    folder.folders = only.folders;
    for (const below of folder.folders.values()) below.parent = folder;
    [only] = folder.folders.values();
  }
  for (const below of folder.folders.values()) joinChain(below);
}
