import { type ChangeReport, WARNING_RULES, type Warning } from '../change-report.js';
import { count } from '../text.js';
import { type Html, html } from './escape.js';

/** More of one rule are counted, not listed; the files that they name are marked in the tree. */
const LISTED = 200;

/** Groups of more than this many are folded, unless they are severe. */
const UNFOLDED = 6;

/** What deserves a look, worst first, those of one rule together. */
export function warningsSection({ warnings, files, scriptlets }: ChangeReport): Html {
  if (warnings.length === 0) return html`<p class="calm">No rule found anything.</p>`;
  const places = {
    files: new Map(files.map((file, index) => [file.path, index])),
    scriptlets: new Map(scriptlets.map((one, index) => [one.name, index])),
  };
  return html`<div class="groups">${grouped(warnings).map((group) => groupPart(group, places))}</div>`;
}

/** Where in the report a path or a scriptlet stands. */
interface Places {
  files: ReadonlyMap<string, number>;
  scriptlets: ReadonlyMap<string, number>;
}

function grouped(warnings: readonly Warning[]): Warning[][] {
  const groups = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const key = `${warning.severity} ${warning.rule}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [warning]);
    else group.push(warning);
  }
  return [...groups.values()];
}

function groupPart(group: readonly Warning[], places: Places): Html {
  const [first] = group;
  if (first === undefined) return html``;
  const open = first.severity === 'high' || group.length <= UNFOLDED;
  return html`<details class="warning ${first.severity}"${open && html` open`}>
<summary><span class="severity">${first.severity}</span> <b>${sentence(WARNING_RULES[first.rule])}</b>
<span class="number">${group.length.toLocaleString('en-US')}</span><code class="rule">${first.rule}</code></summary>
<ul>${group.slice(0, LISTED).map((warning) => item(warning, places))}
${group.length > LISTED && html`<li class="dim">and ${count(group.length - LISTED, 'more', 'more')}</li>`}</ul></details>`;
}

function item({ text, path, scriptlet, package: owner }: Warning, { files, scriptlets }: Places): Html {
  const parts = [
    path !== null && html` ${link(path, 'file', files.get(path))}`,
    scriptlet !== null &&
      html` <span class="by">by ${link(scriptlet, 'scriptlet', scriptlets.get(scriptlet))}</span>`,
    owner !== null && html` <span class="by">package <code>${owner}</code></span>`,
  ];
  return html`<li>${text}${parts}</li>`;
}

/** A link to what the report tells of a path or a scriptlet, where it does. */
function link(text: string, kind: 'file' | 'scriptlet', index: number | undefined): Html {
  if (index === undefined) return html`<code>${text}</code>`;
  return html`<a class="to-${kind}" href="#${kind}-${index}"><code>${text}</code></a>`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
