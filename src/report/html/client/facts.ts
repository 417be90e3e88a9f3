import { type Entry, readDiff, type Values } from './data.js';
import { sideBySide } from './diff.js';
import { element } from './dom.js';
import { grouped } from './format.js';

/** The aspects of a path, in the order in which they are shown. */
const ASPECTS: [string, (values: Values) => string][] = [
  ['type', (values) => values.type],
  ['target', (values) => values.target],
  ['mode', (values) => values.mode],
  ['user', (values) => values.user],
  ['group', (values) => values.group],
  ['capabilities', (values) => values.capabilities],
  ['attributes', (values) => values.xattrs.join(' ')],
  ['size', (values) => (values.type === 'file' ? `${grouped(values.size)} bytes` : '')],
  ['sha256', (values) => values.digest],
];

/** What the letters of a changed path stand for. */
const LETTERS: Record<string, string> = {
  c: 'content',
  p: 'permissions',
  u: 'user',
  g: 'group',
  x: 'extended attributes or ACLs',
  C: 'capabilities',
  t: 'type or target',
};

/** All that is known of a changed path: what deserves a look, causes, its facts on both sides, its diff. */
export function entryFacts(entry: Entry): HTMLElement {
  return element(
    'div',
    'inside',
    ruleList(entry),
    story(entry),
    factsTable(entry),
    entry.hasDiff ? sideBySide(readDiff(entry), entry.path) : null,
  );
}

function ruleList({ rules }: Entry): HTMLElement | null {
  if (rules.length === 0) return null;
  const items = rules.map((rule) =>
    element(
      'li',
      '',
      element('span', `badge ${rule.severity}`, rule.severity),
      ` ${rule.meaning} `,
      element('code', 'dim', rule.rule),
    ),
  );
  return element('ul', 'rules', ...items);
}

function story(entry: Entry): HTMLElement {
  const list = element('dl');
  const add = (term: string, text: string) => list.append(element('dt', '', term), element('dd', '', text));
  add('Path', entry.path);
  if (entry.causes.length > 0) add('Cause', entry.causes.map((cause) => cause.text).join(', '));
  add('Owner', entry.owner ?? 'no package');
  if (entry.kind === 'changed') add('Changed', changedAspects(entry.letters));
  if (entry.inPlace) add('Written', 'in place: a bare hardlink would have changed the base');
  return list;
}

function changedAspects(letters: string): string {
  return [...letters].flatMap((letter) => LETTERS[letter] ?? []).join(', ');
}

function factsTable({ before, after }: Entry): HTMLElement {
  const sides = [
    ...(before === null ? [] : [{ title: 'Before', values: before }]),
    ...(after === null ? [] : [{ title: 'After', values: after }]),
  ];
  const head = element(
    'tr',
    '',
    heading('col', 'Aspect'),
    ...sides.map(({ title }) => heading('col', title)),
  );
  const rows = ASPECTS.flatMap(([aspect, read]) => {
    const cells = sides.map(({ values }) => read(values));
    if (cells.every((cell) => cell === '')) return [];
    const isChanged = cells.length === 2 && cells[0] !== cells[1];
    const data = cells.map((cell) => element('td', '', cell === '' ? 'none' : cell));
    return [element('tr', isChanged ? 'differs' : '', heading('row', aspect), ...data)];
  });
  return element('table', 'facts', element('thead', '', head), element('tbody', '', ...rows));
}

function heading(scope: string, text: string): HTMLElement {
  const cell = element('th', '', text);
  cell.scope = scope;
  return cell;
}
