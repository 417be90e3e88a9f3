import { type Html, html } from './escape.js';

/** Narrower than this, in percent, a bar could not be seen. */
const NARROWEST = 0.4;

export interface Span {
  /** Where it starts and how long it is, in the unit of the whole. */
  from: number;
  length: number;
  tone: string;
}

/**
 * Spans of time drawn to scale. It is an SVG with attributes, as the page's policy forbids inline styles; what it says
 * stands next to it as text, so it is hidden from screen readers.
 */
export function bar(spans: readonly Span[], whole: number, kind: string): Html {
  return html`<svg class="${kind}" aria-hidden="true" focusable="false">${spans.map((span) => rectangle(span, whole))}</svg>`;
}

function rectangle({ from, length, tone }: Span, whole: number): Html {
  const width = Math.max(NARROWEST, percent(length, whole));
  const x = Math.min(100 - width, percent(from, whole));
  return html`<rect class="${tone}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"></rect>`;
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : (100 * part) / whole;
}
