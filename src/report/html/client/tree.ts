import type { Entry } from './data.js';
import { element, unseen } from './dom.js';
import { entryFacts } from './facts.js';
import { grouped, signedSize } from './format.js';
import { type Folder, rowCount } from './model.js';

/** So many rows of a folder are made at once; a button makes more. */
const BATCH = 500;

/** Folders are opened from the top until about so many rows are seen. */
const OPENED_ROWS = 40;

const MARKS = { added: '+', changed: '~', removed: '−' };

/** The rows of a folder, made when they are first needed. */
interface Rows {
  list: HTMLUListElement;
  /** Makes at least so many rows. */
  atLeast: (number: number) => void;
}

/** A tree in the page, whose rows are made when their folder is opened. */
export interface Tree {
  list: HTMLElement;
  /** Opens what lies above an entry and answers its row. */
  reveal: (entry: Entry) => HTMLDetailsElement | null;
}

/** Draws a tree, with folders open from the top as far as `rows` rows reach. */
export function drawTree(root: Folder, rows = OPENED_ROWS): Tree {
  const drawn: Drawn = { folders: new Map(), entries: new Map() };
  const top = folderRows(root, drawn);
  top.atLeast(BATCH);
  openFrom(root, rows, drawn);
  return { list: top.list, reveal: (entry) => reveal(root, entry, drawn) };
}

interface Drawn {
  folders: Map<Folder, { details: HTMLDetailsElement; rows: Rows }>;
  entries: Map<Entry, HTMLDetailsElement>;
}

function folderRows(folder: Folder, drawn: Drawn): Rows {
  const list = element('ul');
  const children = [...folder.folders.values(), ...folder.entries];
  let made = 0;
  const more = element('button', 'more');
  more.type = 'button';
  const rest = element('li', '', more);
  const atLeast = (number: number): void => {
    const until = Math.min(children.length, Math.max(number, made));
    const items = children.slice(made, until).map((child) => childRow(child, drawn));
    made = until;
    rest.remove();
    list.append(...items);
    if (made === children.length) return;
    more.textContent = `Show ${grouped(Math.min(BATCH, children.length - made))} more of ${grouped(children.length)}`;
    list.append(rest);
  };
  more.addEventListener('click', () => {
    const next = made;
    atLeast(made + BATCH);
    list.children[next]?.querySelector('summary')?.focus();
  });
  return { list, atLeast };
}

function childRow(child: Folder | Entry, drawn: Drawn): HTMLLIElement {
  return element('li', '', 'folders' in child ? folderRow(child, drawn) : entryRow(child, drawn));
}

function folderRow(folder: Folder, drawn: Drawn): HTMLDetailsElement {
  const rows = folderRows(folder, drawn);
  const details = element('details', 'folder', folderSummary(folder), rows.list);
  details.addEventListener('toggle', () => {
    if (details.open) rows.atLeast(BATCH);
  });
  drawn.folders.set(folder, { details, rows });
  return details;
}

function folderSummary({ label, counts, bytes, marked }: Folder): HTMLElement {
  const numbers = (['added', 'changed', 'removed'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => element('span', kind, `${MARKS[kind]}${grouped(counts[kind])}`, unseen(` ${kind} `)));
  const look = marked === 0 ? null : element('span', 'look', '!', unseen(` ${marked} deserve a look`));
  return element(
    'summary',
    '',
    element('span', 'name', `${label}/`),
    element('span', 'counts', ...numbers, look),
    element('span', 'size', signedSize(bytes)),
  );
}

function entryRow(entry: Entry, drawn: Drawn): HTMLDetailsElement {
  const details = element('details', `file ${entry.kind}`, entrySummary(entry));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(entryFacts(entry));
  });
  drawn.entries.set(entry, details);
  return details;
}

function entrySummary(entry: Entry): HTMLElement {
  const mark = element('span', 'mark', MARKS[entry.kind]);
  mark.setAttribute('aria-hidden', 'true');
  const causes = entry.causes.map((cause) => element('span', `cause ${cause.by}`, cause.text));
  const [worst] = entry.rules;
  return element(
    'summary',
    '',
    mark,
    unseen(`${entry.kind}: `),
    element('span', 'name', entry.name),
    entry.kind === 'changed' ? element('span', 'letters', entry.letters) : null,
    worst === undefined ? null : element('span', `look ${worst.severity}`, '!', unseen(' deserves a look')),
    element('span', 'causes', ...causes, entry.inPlace ? element('span', 'cause place', 'in place') : null),
    element('span', 'size', signedSize(entry.bytes)),
  );
}

/** Opens folders level by level while their rows fit. */
function openFrom(root: Folder, rows: number, drawn: Drawn): void {
  let left = rows - rowCount(root);
  const queue = [...root.folders.values()];
  for (const folder of queue) {
    const row = drawn.folders.get(folder);
    if (row === undefined || rowCount(folder) > left) continue;
    left -= rowCount(folder);
    row.rows.atLeast(BATCH);
    row.details.open = true;
    queue.push(...folder.folders.values());
  }
}

function reveal(root: Folder, entry: Entry, drawn: Drawn): HTMLDetailsElement | null {
  for (const folder of pathTo(root, entry)) {
    const row = drawn.folders.get(folder);
    if (row === undefined) continue;
    row.rows.atLeast(rowCount(folder));
    row.details.open = true;
  }
  return drawn.entries.get(entry) ?? null;
}

/** The folders above an entry, from the top. */
function pathTo(folder: Folder, entry: Entry): Folder[] {
  if (folder.entries.includes(entry)) return [folder];
  for (const below of folder.folders.values()) {
    const path = pathTo(below, entry);
    if (path.length > 0) return [folder, ...path];
  }
  return [];
}
