import { FILES_STYLE } from './style-files.js';
import { SECTIONS_STYLE } from './style-sections.js';

/** Colours, type and the frame of the page. One accent; the other colours only say what was added or deserves a look. */
const FRAME_STYLE = `
:root {
  --paper: #f7f8f8; --card: #ffffff; --sunken: #f0f2f3; --line: #dde1e4; --strong-line: #868e95;
  --ink: #1b2126; --dim: #566069; --accent: #0b6470; --accent-soft: #e0f0f1;
  --added: #1c6b3a; --added-soft: #e3f4e8; --changed: #85560a; --changed-soft: #fbf0da;
  --removed: #a8322d; --removed-soft: #fbe6e4;
  --high: #a8322d; --high-soft: #fbe6e4; --medium: #85560a; --medium-soft: #fbf0da; --low: #4b5865; --low-soft: #e8ecef;
  --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121518; --card: #1a1e22; --sunken: #14181b; --line: #2c3339; --strong-line: #78838c;
    --ink: #e4e8ea; --dim: #a1abb3; --accent: #6fc9d3; --accent-soft: #15353a;
    --added: #7fd19b; --added-soft: #16301f; --changed: #e6b65c; --changed-soft: #33270f;
    --removed: #f2928b; --removed-soft: #3a1c1b;
    --high: #f2928b; --high-soft: #3a1c1b; --medium: #e6b65c; --medium-soft: #33270f; --low: #b3bec7; --low-soft: #262d33;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { color-scheme: light dark; scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
code, pre, .mono { font-family: var(--mono); font-size: 0.88em; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.wide { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
.dim { color: var(--dim); }
.by { color: var(--dim); font-size: 0.9em; }
.calm { color: var(--dim); }
.number { color: var(--dim); font-weight: 400; font-variant-numeric: tabular-nums; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.4rem 0.8rem; z-index: 3; }

.top { background: var(--card); border-bottom: 1px solid var(--line); padding: 2rem 0 1.4rem; }
.eyebrow { color: var(--dim); font-size: 0.9rem; overflow-wrap: anywhere; }
.brand { color: var(--accent); font-weight: 650; margin-right: 0.4rem; }
h1 { font-size: clamp(1.35rem, 1.05rem + 1.3vw, 1.9rem); line-height: 1.25; font-weight: 620; letter-spacing: -0.012em; margin: 0.25rem 0 0.7rem; max-width: 58rem; text-wrap: pretty; overflow-wrap: anywhere; }
.command code { color: var(--dim); }
.command code::before { content: "$ "; color: var(--accent); }
.chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 1rem 0 0.9rem; }
.chip { display: block; padding: 0.16rem 0.65rem; border: 1px solid var(--line); border-radius: 99px; font-size: 0.88rem; background: var(--sunken); color: var(--ink); text-decoration: none; font-variant-numeric: tabular-nums; }
.chip.added b { color: var(--added); } .chip.changed b { color: var(--changed); } .chip.removed b { color: var(--removed); }
.chip.high { background: var(--high-soft); color: var(--high); border-color: transparent; }
.chip.medium { background: var(--medium-soft); color: var(--medium); border-color: transparent; }
a.chip:hover { text-decoration: underline; }
.about summary { color: var(--dim); font-size: 0.9rem; width: fit-content; cursor: pointer; }
.about dl { margin-top: 0.6rem; font-size: 0.9rem; }

nav { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: 0.2rem 1.4rem; overflow-x: auto; scrollbar-width: none; }
nav a { display: block; padding: 0.65rem 0; color: var(--ink); text-decoration: none; white-space: nowrap; font-size: 0.92rem; border-bottom: 2px solid transparent; }
nav a:hover { border-color: var(--accent); }
nav a:focus-visible { outline-offset: -2px; }

main > section { padding: 2rem 0 0; }
h2 { font-size: 1.15rem; font-weight: 640; margin-bottom: 0.8rem; letter-spacing: -0.005em; }
h3 { font-size: 0.9rem; font-weight: 620; margin-bottom: 0.35rem; }
footer { padding-top: 2.5rem !important; padding-bottom: 2.5rem !important; font-size: 0.85rem; overflow-wrap: anywhere; }

dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.2rem; }
dt { color: var(--dim); }
dd { overflow-wrap: anywhere; min-width: 0; }
pre { background: var(--sunken); border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.8rem; max-height: 26rem; overflow: auto; white-space: pre-wrap; line-height: 1.45; tab-size: 4; }
.badge { display: inline-block; padding: 0 0.5rem; border-radius: 4px; font-size: 0.8rem; line-height: 1.5; background: var(--low-soft); color: var(--low); white-space: nowrap; }
.badge.added, .badge.enabled { background: var(--added-soft); color: var(--added); }
.badge.upgraded, .badge.downgraded, .badge.replaced, .badge.changed { background: var(--changed-soft); color: var(--changed); }
.badge.removed, .badge.disabled { background: var(--removed-soft); color: var(--removed); }
.badge.high { background: var(--high-soft); color: var(--high); }
.badge.medium { background: var(--medium-soft); color: var(--medium); }
summary { cursor: pointer; }
@media (max-width: 44rem) {
  .wide { padding: 0 1rem; }
  .top { padding-top: 1.2rem; }
  dl { grid-template-columns: minmax(4.5rem, max-content) 1fr; gap: 0.2rem 0.8rem; }
}
@media print { nav { position: static; } .tools { display: none; } pre { max-height: none; } }
`;

/** The whole style sheet of the page. */
export const STYLE: string = `${FRAME_STYLE}${SECTIONS_STYLE}${FILES_STYLE}`;
