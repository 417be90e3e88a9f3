import { type Entry, readEntries } from './data.js';
import { byId } from './dom.js';
import { grouped } from './format.js';
import { listenForKeys } from './keys.js';
import { followLinks } from './links.js';
import { folderTree } from './model.js';
import { listenForSearch, type Wanted, wantedEntries } from './search.js';
import { drawTree, type Tree } from './tree.js';

/** Up to so many rows of a search are shown with all their folders open. */
const OPENED_MATCHES = 300;

const entries = readEntries();
if (entries.length > 0) startTree();
else followLinks(() => null);

function startTree(): void {
  let tree = show(entries, false);
  byId('plain-files').remove();
  byId('file-tools').hidden = false;
  const search = listenForSearch(entries, (wanted) => {
    tree = show(wantedEntries(entries, wanted), isNarrowed(wanted));
  });
  listenForKeys(byId('tree'), byId<HTMLInputElement>('search'));
  followLinks((index) => {
    const entry = entries[index];
    if (entry === undefined) return null;
    // What the reader searched for may hide the file.
    if (search.clear()) tree = show(entries, false);
    return tree.reveal(entry);
  });
}

function show(wanted: readonly Entry[], narrowed: boolean): Tree {
  const tree = drawTree(folderTree(wanted), narrowed ? OPENED_MATCHES : undefined);
  byId('tree').replaceChildren(tree.list);
  byId('search-status').textContent = narrowed
    ? `${grouped(wanted.length)} of ${grouped(entries.length)} paths match`
    : `${grouped(entries.length)} paths`;
  return tree;
}

function isNarrowed({ words, filters }: Wanted): boolean {
  return words.length > 0 || filters.length > 0;
}
