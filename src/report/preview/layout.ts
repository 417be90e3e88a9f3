import type { View } from '../style.js';
import { printable } from '../text.js';

const TAB_STOP = 8;
/** Characters that take two columns of a terminal, and those that take none. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\p{Emoji_Presentation}]/u;
const WIDTHLESS = /[\p{Mn}\p{Me}\u200c\u200d]/u;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** A text padded with blanks, or cut in its middle with an ellipsis, to a number of columns. */
export function fitted(text: string, columns: number): string {
  const cut = shortened(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - columnsOf(cut)));
}

/** A text that is too long, with an ellipsis in its middle: of a path the beginning and the name say most. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const head = taken([...text], Math.floor((columns - 1) / 3));
  const tail = taken([...text].reverse(), columns - 1 - columnsOf(head.join('')));
  return `${head.join('')}…${tail.reverse().join('')}`;
}

/** Words in lines of the view's width; lines after the first are indented. A word that is too long is broken. */
export function wrappedWords(text: string, view: View, indent: number): string[] {
  const lead = /^ */.exec(text)?.[0] ?? '';
  const [first = '', ...words] = text.slice(lead.length).split(' ');
  const lines = broken(lead + first, view.width);
  for (const word of words) {
    const room = view.width - (lines.length > 1 ? indent : 0);
    const joined = `${lines.at(-1)} ${word}`;
    if (columnsOf(joined) <= room) lines[lines.length - 1] = joined;
    else lines.push(...broken(word, view.width - indent));
  }
  return lines.map((line, at) => (at === 0 ? line : ' '.repeat(indent) + line));
}

/** A text in pieces of so many columns. */
export function broken(text: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = [...text];
  while (rest.length > 0) {
    const piece = taken(rest, Math.max(2, columns));
    pieces.push(piece.join(''));
    rest = rest.slice(Math.max(1, piece.length));
  }
  return pieces.length === 0 ? [''] : pieces;
}

/** Lines of a foreign text (a script, its output, a diff), each made safe, behind a mark and broken where too long. */
export function quoted(text: string, view: View, mark: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.flatMap((line) =>
    broken(safeLine(line), view.width - columnsOf(mark)).map((piece) => mark + piece),
  );
}

/** A line with tabs as blanks, and everything else that a terminal would obey escaped. */
export function safeLine(line: string): string {
  let expanded = '';
  for (const character of line) {
    expanded += character === '\t' ? ' '.repeat(TAB_STOP - (columnsOf(expanded) % TAB_STOP)) : character;
  }
  return printable(expanded);
}

/** The title of a section, with what it amounts to. */
export function title(name: string, summary: string, view: View): string {
  return `${view.style.bold(name)}  ${shortened(summary, view.width - columnsOf(name) - 2)}`.trimEnd();
}

function taken(characters: readonly string[], columns: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += widthOf(character);
    return used > columns;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}

function widthOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (WIDTHLESS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
