import type { ChangeReport, Meaning } from '../change-report.js';
import type { View } from '../style.js';
import { count, printable } from '../text.js';
import { causeLabel } from './files.js';
import { title, wrappedWords } from './layout.js';

const SUMMARY_LINES = 20;
const COLOURS = {
  added: 'green',
  enabled: 'green',
  changed: 'yellow',
  removed: 'red',
  disabled: 'red',
} as const;

/** What the changes mean for users, services, privileges and the like; the summary leaves out what is beyond 20 lines. */
export function meaningSection({ meaning }: ChangeReport, view: View, all: boolean): string[] {
  if (meaning.length === 0) return [];
  const shown = all ? meaning : meaning.slice(0, SUMMARY_LINES);
  const topics = Math.max(...shown.map(({ topic }) => topic.length));
  const more = meaning.length - shown.length;
  return [
    title('SYSTEM', 'what this means beyond files', view),
    ...shown.flatMap((one) => lines(one, topics, view)),
    ...(more === 0 ? [] : [view.style.dim(`  ${count(more, 'line')} more; --files shows all`)]),
  ];
}

function lines({ topic, action, what, causes }: Meaning, topics: number, view: View): string[] {
  const head = `  ${topic.padEnd(topics)}  ${action.padEnd('disabled'.length)}  `;
  const cause = causeLabel(causes);
  const told = `${printable(what)}${cause === '' ? '' : `, by ${cause}`}`;
  return wrappedWords(head + told, view, head.length).map(view.style[COLOURS[action]]);
}
