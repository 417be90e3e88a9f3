import { printable } from '../text.js';

/** Text that is markup already. Only `html` and `trusted` make it. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template: plain text is escaped, markup is not, nothing is left out. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/**
 * A tagged template for markup: every value is escaped unless it is markup made by this very function, so that a
 * name or an output from a package cannot inject any. Attributes must be written in double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.reduce((text, part, index) => `${text}${markup(values[index - 1])}${part}`));
}

/** Takes a text of Veneer's own, such as its style sheet, as it is. */
export function trusted(text: string): Html {
  return new Html(text);
}

/**
 * A text from outside with its control characters, and those that turn the direction of writing, escaped as C writes
 * them; line ends and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}

/** A value as JSON that cannot end the script element it stands in, nor open a comment there. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape));
}

function markup(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(markup).join('');
  return visible(String(content)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
