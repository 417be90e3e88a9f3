import { type Entry, readEntries } from './data.js';
import { byId } from './dom.js';
import { grouped } from './format.js';
import { listenForKeys } from './keys.js';
import { folderTree } from './model.js';
import { listenForSearch, type Wanted, wantedEntries } from './search.js';
import { drawTree, type Tree } from './tree.js';

/** Up to so many matches of a search are shown with all their folders open. */
const OPENED_MATCHES = 300;

const entries = readEntries();
if (entries.length > 0) start();

function start(): void {
  let tree = show(entries, false);
  byId('plain-files').remove();
  byId('file-tools').hidden = false;
  const search = listenForSearch(entries, (wanted) => {
    tree = show(wantedEntries(entries, wanted), isNarrowed(wanted));
  });
  listenForKeys(byId('tree'), byId<HTMLInputElement>('search'));
  const goTo = (entry: Entry) => {
    search.clear();
    tree = show(entries, false);
    openRow(tree.reveal(entry));
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.to-file') : null;
    const entry = link === null ? undefined : entryOf(link.getAttribute('href') ?? '');
    if (entry === undefined) return;
    event.preventDefault();
    goTo(entry);
  });
  const asked = entryOf(location.hash);
  if (asked !== undefined) goTo(asked);
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

function entryOf(hash: string): Entry | undefined {
  const number = /^#file-(\d+)$/.exec(hash)?.[1];
  return number === undefined ? undefined : entries[Number(number)];
}

function openRow(row: HTMLDetailsElement | null): void {
  if (row === null) return;
  row.open = true;
  const summary = row.querySelector('summary');
  summary?.scrollIntoView({ block: 'center' });
  summary?.focus({ preventScroll: true });
}
