/** Warnings, packages, scriptlets, meaning and durations. */
export const SECTIONS_STYLE: string = `
.groups { display: grid; gap: 0.5rem; }
.warning { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--low); border-radius: 6px; }
.warning.high { border-left-color: var(--high); }
.warning.medium { border-left-color: var(--medium); }
.warning summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.7rem; padding: 0.5rem 0.9rem; }
.warning summary::-webkit-details-marker { display: none; }
.warning summary b { font-weight: 600; }
.warning .severity { font-size: 0.8rem; font-weight: 600; color: var(--low); min-width: 3.6rem; }
.warning.high .severity { color: var(--high); }
.warning.medium .severity { color: var(--medium); }
.warning .rule { margin-left: auto; color: var(--dim); }
.warning ul { padding: 0 0.9rem 0.6rem 5.2rem; display: grid; gap: 0.25rem; }
.warning li { overflow-wrap: anywhere; }

.rows { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.rows > li { display: grid; grid-template-columns: 6.2rem 1fr auto; gap: 0.2rem 1rem; padding: 0.6rem 0.9rem; align-items: baseline; }
.rows > li + li { border-top: 1px solid var(--line); }
.rows .badge { justify-self: start; }
.rows .what { min-width: 0; overflow-wrap: anywhere; }
.figures { text-align: right; font-variant-numeric: tabular-nums; }
.figures span { display: block; }
.figures .dim, .rows p { font-size: 0.88rem; }

.strip-frame { margin-bottom: 0.8rem; }
.strip { display: block; width: 100%; height: 1.1rem; background: var(--sunken); border: 1px solid var(--line); border-radius: 4px; margin-bottom: 0.3rem; }
.strip rect { fill: var(--accent); stroke: var(--card); stroke-width: 1px; }
.mini { display: block; width: 100%; height: 0.5rem; background: var(--sunken); border-radius: 2px; }
.mini rect { fill: var(--accent); }
.strip rect.bad, .mini rect.bad { fill: var(--high); }
.strip-frame p { font-size: 0.88rem; }
.scriptlets { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.scriptlets > li + li { border-top: 1px solid var(--line); }
.scriptlet > summary { display: grid; grid-template-columns: minmax(12rem, 2fr) minmax(8rem, 1.6fr) minmax(6rem, 1.4fr) 4.5rem; gap: 0.2rem 1rem; align-items: center; padding: 0.45rem 0.9rem; }
.scriptlet > summary::-webkit-details-marker { display: none; }
.scriptlet > summary:hover, .warning > summary:hover, .tree summary:hover { background: var(--sunken); }
.scriptlet b { font-weight: 600; overflow-wrap: anywhere; }
.scriptlet.skipped b { color: var(--dim); font-weight: 500; }
.scriptlet.failed b { color: var(--high); }
.scriptlet .name .dim { font-family: var(--mono); font-size: 0.82em; }
.scriptlet .time { grid-column: -2; text-align: right; font-variant-numeric: tabular-nums; color: var(--dim); }
.notes { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.inside { padding: 0.3rem 0.9rem 1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.7rem; font-size: 0.93rem; }
.scriptlet .inside { padding-left: 1.9rem; }
.inside h3 { margin-bottom: -0.3rem; }
.body > summary { width: fit-content; font-weight: 600; }
.body pre { margin-top: 0.4rem; }
.scriptlet > summary .name::before, .folder > summary .name::before { content: ""; display: inline-block; width: 0; border: 0.28rem solid transparent; border-left: 0.38rem solid var(--strong-line); margin-right: 0.4rem; transition: transform 0.1s; transform-origin: 0.19rem 50%; }
.scriptlet[open] > summary .name::before, .folder[open] > summary .name::before { transform: rotate(90deg); }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }

.topics { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 0.6rem; }
.topic { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.7rem 0.9rem; min-width: 0; }
.topic li { display: grid; grid-template-columns: auto 1fr; gap: 0.6rem; align-items: baseline; padding: 0.15rem 0; }
.topic li div { min-width: 0; overflow-wrap: anywhere; }
.topic li b { font-weight: 550; }
.topic li code, .topic li .by { display: block; }

.phases { display: block; margin-top: 0.6rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 0.9rem; }
.phases > div { display: grid; grid-template-columns: 7rem 1fr 5rem; gap: 1rem; align-items: center; padding: 0.18rem 0; }
.phases dt { color: var(--ink); }
.phases dd { margin: 0; }
.phases .time { text-align: right; color: var(--dim); font-variant-numeric: tabular-nums; }
@media (max-width: 44rem) {
  .warning ul { padding-left: 0.9rem; }
  .warning .rule { margin-left: 0; }
  .rows > li { grid-template-columns: 1fr; }
  .figures { text-align: left; display: flex; gap: 0.8rem; align-items: baseline; flex-wrap: wrap; }
  .scriptlet > summary { grid-template-columns: 1fr auto; }
  .scriptlet > summary .notes { grid-row: 2; grid-column: 1 / -1; }
  .scriptlet > summary .mini { display: none; }
  .scriptlet .inside { padding-left: 0.9rem; }
  .phases > div { grid-template-columns: 5rem 1fr 4rem; gap: 0.6rem; }
}
`;
