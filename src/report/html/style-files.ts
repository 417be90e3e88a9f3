/** The file tree, its search and what a row unfolds to. */
export const FILES_STYLE: string = `
.tools { display: grid; gap: 0.6rem; margin-bottom: 0.8rem; }
.search { display: grid; grid-template-columns: 1fr auto; gap: 0.25rem 0; position: relative; }
.search > span { font-size: 0.88rem; color: var(--dim); }
.search input { grid-column: 1 / -1; font: inherit; width: 100%; padding: 0.5rem 2.6rem 0.5rem 0.8rem; color: var(--ink); background: var(--card); border: 1px solid var(--strong-line); border-radius: 7px; }
.search input::placeholder { color: var(--dim); opacity: 1; }
.search kbd { position: absolute; right: 0.7rem; bottom: 0.55rem; font: 0.82rem var(--mono); color: var(--dim); background: var(--sunken); border: 1px solid var(--line); border-radius: 4px; padding: 0 0.45rem; pointer-events: none; }
.search input:focus + kbd { display: none; }
.filters { display: flex; flex-wrap: wrap; gap: 0.4rem; }
.filter, .more { font: inherit; font-size: 0.88rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 99px; padding: 0.16rem 0.7rem; cursor: pointer; }
.filter:hover, .more:hover { border-color: var(--strong-line); }
.filter[aria-pressed="true"] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); }
.filter[aria-pressed="true"] .number { color: inherit; }
#search-status { font-size: 0.88rem; color: var(--dim); }

.tree { font-size: 0.93rem; }
div.tree > ul, ul.tree { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.35rem 0; }
.tree ul ul:not(.rules) { margin-left: 1.05rem; border-left: 1px solid var(--line); }
.tree li { min-width: 0; }
.tree summary { display: flex; align-items: baseline; gap: 0 0.7rem; padding: 0.14rem 0.9rem; border-radius: 4px; }
.tree summary::-webkit-details-marker { display: none; }
.tree summary:focus-visible { outline-offset: -2px; }
.tree .name { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; min-width: 0; }
.folder > summary .name { font-weight: 600; }
.tree .letters { font-family: var(--mono); font-size: 0.82em; white-space: pre; color: var(--changed); flex: none; }
.tree .mark { font-family: var(--mono); font-size: 0.88em; flex: none; width: 1ch; margin-right: -0.25rem; color: var(--changed); }
.file.added > summary :is(.mark, .letters) { color: var(--added); }
.file.removed > summary :is(.mark, .letters) { color: var(--removed); }
.file.removed > summary .name { text-decoration: line-through; text-decoration-color: var(--removed); }
.tree .size { margin-left: auto; flex: none; color: var(--dim); font-size: 0.88em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.counts { display: flex; gap: 0.5rem; font-size: 0.85em; font-variant-numeric: tabular-nums; flex: none; }
.counts .added { color: var(--added); } .counts .changed { color: var(--changed); } .counts .removed { color: var(--removed); }
.look { flex: none; align-self: center; font-weight: 700; font-size: 0.78em; line-height: 1.4; width: 1.15em; text-align: center; border-radius: 3px; background: var(--medium-soft); color: var(--medium); }
.look.high { background: var(--high-soft); color: var(--high); }
.look.low { background: var(--low-soft); color: var(--low); }
.causes { display: flex; flex-wrap: wrap; gap: 0.1rem 0.5rem; font-size: 0.85em; min-width: 0; }
.cause { color: var(--dim); overflow-wrap: anywhere; }
.cause.scriptlet { color: var(--accent); }
.cause.place { color: var(--changed); }
.file[open] > summary { background: var(--sunken); }
.file > .inside, .file > dl, .file > pre { margin: 0.5rem 0.9rem 0.9rem; padding: 0; }
.rules li { margin: 0.1rem 0; }
.more { margin: 0.3rem 0.9rem; }

.facts { border-collapse: collapse; width: 100%; table-layout: auto; }
.facts th, .facts td { text-align: left; vertical-align: baseline; padding: 0.15rem 1rem 0.15rem 0; font-weight: 400; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.facts thead th { border-top: 0; color: var(--dim); font-size: 0.88em; }
.facts tbody th { color: var(--dim); width: 7rem; overflow-wrap: normal; }
.facts td { font-family: var(--mono); font-size: 0.88em; }
.facts .differs td { font-weight: 650; background: var(--changed-soft); }
.facts .differs th { color: var(--changed); }

.diff { border: 1px solid var(--line); border-radius: 6px; overflow: clip; font-size: 0.93em; }
.hunk { background: var(--sunken); color: var(--dim); font: 0.85em/1.6 var(--mono); padding: 0.1rem 0.7rem; overflow-wrap: anywhere; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); line-height: 1.45; }
.pair > * { display: grid; grid-template-columns: 2.8rem minmax(0, 1fr); text-decoration: none; }
.pair > .new { border-left: 1px solid var(--line); }
.pair code { white-space: pre-wrap; tab-size: 4; padding-right: 0.5rem; }
.pair .line { font: 0.82em/1.75 var(--mono); color: var(--dim); text-align: right; padding-right: 0.7rem; user-select: none; }
.pair del { background: var(--removed-soft); }
.pair ins { background: var(--added-soft); }
.pair mark { background: transparent; color: inherit; font-weight: 700; box-shadow: inset 0 -2px 0 currentColor; }
.pair del mark { color: var(--removed); } .pair ins mark { color: var(--added); }
.pair .empty { background: var(--sunken); }
@media (max-width: 44rem) {
  .tree summary { flex-wrap: wrap; }
  .tree ul ul:not(.rules) { margin-left: 0.6rem; }
  .tree summary, .tree .more { padding-left: 0.6rem; padding-right: 0.6rem; }
  .causes { flex-basis: 100%; order: 3; padding-left: 1.1rem; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .pair .empty, .pair.same .new { display: none; }
  .pair > .new { border-left: 0; }
  .facts th, .facts td { padding-right: 0.5rem; }
  .facts tbody th { width: 5rem; }
}
`;
