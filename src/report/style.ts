const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Paints a text; every function gives it back as it is where colours are off. */
export type Style = Record<keyof typeof CODES, (text: string) => string>;

/** What a text is made for: the colours and the columns of where it will be shown. */
export interface View {
  style: Style;
  width: number;
}

/** The style for a place that shows colours, or not. */
export function styleFor(colours: boolean): Style {
  const entries = Object.entries(CODES).map(([name, code]) => [
    name,
    (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text),
  ]);
  return Object.fromEntries(entries) as Style;
}

/** The view of a pipe or a file: no colours, 80 columns. */
export const PLAIN_VIEW: View = { style: styleFor(false), width: 80 };
