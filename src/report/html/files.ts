import type { ChangeReport, FileChange, FileFacts } from '../change-report.js';
import { count } from '../text.js';
import { type Html, html } from './escape.js';
import { causeText, signedBytes, sizeChange } from './words.js';

/** So many files are in the page as plain markup, for readers without JavaScript; the script replaces them. */
export const PLAIN_FILES = 300;

/** The place of the file tree, which the page's script fills, and until then a plain list of the first files. */
export function filesSection(report: ChangeReport): Html {
  if (report.files.length === 0) return html`<p class="calm">No path changes.</p>`;
  const shown = plainChoice(report);
  const rest = report.files.length - shown.length;
  return html`<div id="file-tools" class="tools" hidden>
<label class="search"><span>Search files</span><input id="search" type="search" autocomplete="off" spellcheck="false"
placeholder="part of a path, a cause, an owner" aria-describedby="search-status"><kbd aria-hidden="true">/</kbd></label>
<div id="filters" class="filters" role="group" aria-label="Show only"></div>
<p id="search-status" role="status"></p></div>
<div id="tree" class="tree"></div>
<div id="plain-files">
${rest > 0 && html`<p class="dim">Without JavaScript, ${count(shown.length, 'path')} of ${report.files.length.toLocaleString('en-US')} are listed: those that deserve a look and the first others.</p>`}
<ul class="tree">${shown.map((index) => plainFile(report.files[index], index))}</ul></div>`;
}

/** Which files are listed plainly, by their place: those that a warning names, then the first others. */
function plainChoice({ files, warnings }: ChangeReport): number[] {
  const named = new Set(warnings.map((warning) => warning.path));
  const places = files.map((_, index) => index);
  const isNamed = (index: number) => named.has(files[index]?.path ?? '');
  const first = places.filter(isNamed).slice(0, PLAIN_FILES);
  const others = places.filter((index) => !isNamed(index)).slice(0, PLAIN_FILES - first.length);
  return [...first, ...others].sort((a, b) => a - b);
}

function plainFile(file: FileChange | undefined, index: number): Html {
  if (file === undefined) return html``;
  return html`<li><details class="file ${file.kind}" id="file-${index}"><summary><span class="letters">${file.letters}</span>
<span class="name">${file.path}</span> <span class="causes">${file.causes.map(causeText).join(', ')}</span> <span class="size">${signedBytes(sizeChange(file))}</span></summary>
<dl>${causes(file)}<dt>Owner</dt><dd>${file.owner ?? 'no package'}</dd>
${sides(file).map(([side, facts]) => html`<dt>${side}</dt><dd>${factsLine(facts)}</dd>`)}</dl>
${file.diff !== null && html`<pre tabindex="0" role="region" aria-label="Difference of ${file.path}">${file.diff}</pre>`}</details></li>`;
}

function causes({ causes, inPlace }: FileChange): Html {
  if (causes.length === 0 && !inPlace) return html``;
  return html`<dt>Cause</dt><dd>${causes.map(causeText).join(', ')}${inPlace && ' (written in place)'}</dd>`;
}

function sides({ before, after }: FileChange): [string, FileFacts][] {
  return [
    ...(before === null ? [] : [['Before', before] as const]),
    ...(after === null ? [] : [['After', after] as const]),
  ].map(([side, facts]) => [side, facts]);
}

function factsLine(facts: FileFacts): string {
  const { type, mode, user, uid, group, gid, target, capabilities, sha256 } = facts;
  const parts = [type, mode, `${user || uid}:${group || gid}`, capabilities, ...facts.xattrs];
  if (type === 'file') parts.push(`${facts.size.toLocaleString('en-US')} bytes`, `sha256 ${sha256}`);
  if (target !== '') parts.push(`→ ${target}`);
  return parts.filter((part) => part !== '').join(', ');
}
