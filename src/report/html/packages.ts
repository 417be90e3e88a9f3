import type { ChangeReport, ReportedPackage } from '../change-report.js';
import { humanBytes } from '../text.js';
import { type Html, html } from './escape.js';
import { signedBytes } from './words.js';

/** The packages that come, go or change: those that were asked for first. */
export function packagesSection({ packages }: ChangeReport): Html {
  if (packages.length === 0) return html`<p class="calm">No package changes.</p>`;
  const sorted = [...packages].sort((a, b) => Number(b.requested) - Number(a.requested));
  return html`<ul class="rows packages">${sorted.map(packageItem)}</ul>`;
}

function packageItem(one: ReportedPackage): Html {
  return html`<li><span class="badge ${one.kind}">${one.kind}</span>
<div class="what"><b>${one.name}</b> ${versions(one)}<p class="dim">${one.summary}</p></div>
<div class="figures"><span>${signedBytes(one.sizeDifference)}</span><span class="dim">${origin(one)}</span></div></li>`;
}

function versions({ before, after }: ReportedPackage): Html {
  if (before === '' || after === '') return html`<code>${before}${after}</code>`;
  return html`<code>${before}</code> <span class="dim" aria-hidden="true">→</span><span class="unseen">becomes</span> <code>${after}</code>`;
}

function origin({ requested, downloadSize, kind }: ReportedPackage): string {
  const why = requested ? 'asked for' : kind === 'removed' ? '' : 'needed by another';
  const download = downloadSize === null ? '' : `${humanBytes(downloadSize)} to download`;
  return [why, download].filter((part) => part !== '').join(' · ');
}
