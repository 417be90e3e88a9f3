import type { Entry } from './data.js';
import { byId, element } from './dom.js';
import { grouped } from './format.js';

/** What is shown: words that a path, cause or owner must hold, and kinds of change. */
export interface Wanted {
  words: string[];
  filters: Filter[];
}

interface Filter {
  label: string;
  /** Filters of one group are alternatives. */
  group: string;
  accepts: (entry: Entry) => boolean;
}

const FILTERS: Filter[] = [
  { label: 'Added', group: 'kind', accepts: (entry) => entry.kind === 'added' },
  { label: 'Changed', group: 'kind', accepts: (entry) => entry.kind === 'changed' },
  { label: 'Removed', group: 'kind', accepts: (entry) => entry.kind === 'removed' },
  { label: 'Written in place', group: 'place', accepts: (entry) => entry.inPlace },
  {
    label: 'By scriptlets',
    group: 'cause',
    accepts: (entry) => entry.causes.some(({ by }) => by === 'scriptlet'),
  },
  { label: 'Deserves a look', group: 'look', accepts: (entry) => entry.rules.length > 0 },
  { label: 'With a diff', group: 'diff', accepts: (entry) => entry.hasDiff },
];

/** Listens to the search box and the filters; `clear` empties them without calling back, and tells whether they held anything. */
export function listenForSearch(
  entries: readonly Entry[],
  onChange: (wanted: Wanted) => void,
): { clear: () => boolean } {
  const box = byId<HTMLInputElement>('search');
  const chosen = new Set<Filter>();
  const changed = () => onChange({ words: wordsOf(box.value), filters: [...chosen] });
  const buttons = FILTERS.filter(({ accepts }) => entries.some(accepts)).map((filter) => {
    const number = entries.filter(filter.accepts).length;
    const button = element(
      'button',
      'filter',
      `${filter.label} `,
      element('span', 'number', grouped(number)),
    );
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      if (!chosen.delete(filter)) chosen.add(filter);
      button.setAttribute('aria-pressed', String(chosen.has(filter)));
      changed();
    });
    return button;
  });
  byId('filters').append(...buttons);
  box.addEventListener('input', changed);
  return {
    clear: () => {
      const held = box.value !== '' || chosen.size > 0;
      box.value = '';
      chosen.clear();
      for (const button of buttons) button.setAttribute('aria-pressed', 'false');
      return held;
    },
  };
}

/** The entries that are wanted. All words must be found, and one filter of every group must accept. */
export function wantedEntries(entries: readonly Entry[], { words, filters }: Wanted): Entry[] {
  if (words.length === 0 && filters.length === 0) return [...entries];
  const groups = [...new Set(filters.map(({ group }) => group))].map((group) =>
    filters.filter((filter) => filter.group === group),
  );
  return entries.filter((entry) => {
    if (!groups.every((group) => group.some((filter) => filter.accepts(entry)))) return false;
    if (words.length === 0) return true;
    const text = [entry.path, entry.owner ?? '', ...entry.causes.map((cause) => cause.text)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
