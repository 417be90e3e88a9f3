import { createHash } from 'node:crypto';
import type { ChangeReport } from '../change-report.js';
import { humanTime } from '../text.js';
import { clientScript } from './client-script.js';
import { durationsSection } from './durations.js';
import { type Html, html, scriptJson, trusted, visible } from './escape.js';
import { fileData } from './file-rows.js';
import { filesSection } from './files.js';
import { headerSection, headline, subjectName } from './header.js';
import { meaningSection } from './meaning.js';
import { packagesSection } from './packages.js';
import { scriptletsSection } from './scriptlets.js';
import { STYLE } from './style.js';
import { warningsSection } from './warnings.js';

interface Section {
  id: string;
  title: string;
  /** How many things it holds; null where a number would say nothing. */
  number: number | null;
  content: (report: ChangeReport) => Html;
}

/**
 * A report as one HTML file that needs nothing else: no network, no other file, and for what matters most no
 * JavaScript. Its policy lets only the page's own style and script run. Throws where the compiled script is missing.
 */
export function changeReportHtml(report: ChangeReport): string {
  return [...changeReportHtmlChunks(report)].join('');
}

/** The same in pieces to be written one after the other, for reports whose text would be very large. */
export function* changeReportHtmlChunks(report: ChangeReport): Generator<string> {
  const script = clientScript();
  yield head(report, script).text;
  const sections = reportSections(report);
  yield html`<body>
<a class="skip" href="#main">Skip to what deserves a look</a>
${headerSection(report)}
<nav aria-label="Sections"><ul class="wide">${sections.map(navigationItem)}</ul></nav>
<main id="main" class="wide" tabindex="-1">
`.text;
  for (const section of sections) yield sectionPart(section, report).text;
  yield html`</main>
<footer class="wide dim">${subjectName(report.subject)}, ${humanTime(report.subject.created)}. Made by Veneer, report format ${report.formatVersion}.</footer>
`.text;
  yield* dataParts(report);
  yield html`<script type="module">${trusted(script)}</script>
</body>
</html>
`.text;
}

function head(report: ChangeReport, script: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${headline(report)}">
<title>${subjectName(report.subject)} – Veneer</title>
<style>${trusted(STYLE)}</style>
</head>
`;
}

/** What the page may do: apply its own style and run its own script, both named by digest. */
function policy(script: string): string {
  const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${digest(STYLE)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
}

function reportSections(report: ChangeReport): Section[] {
  const { warnings, packages, scriptlets, meaning, files } = report;
  return [
    { id: 'warnings', title: 'Deserves a look', number: warnings.length, content: warningsSection },
    { id: 'packages', title: 'Packages', number: packages.length, content: packagesSection },
    { id: 'scriptlets', title: 'What runs', number: scriptlets.length, content: scriptletsSection },
    { id: 'meaning', title: 'What it means', number: meaning.length, content: meaningSection },
    { id: 'files', title: 'Files', number: files.length, content: filesSection },
    { id: 'durations', title: 'How long it took', number: null, content: durationsSection },
  ];
}

function navigationItem({ id, title, number }: Section): Html {
  return html`<li><a href="#${id}">${title}${number !== null && html` <span class="number">${number.toLocaleString('en-US')}</span>`}</a></li>`;
}

function sectionPart({ id, title, number, content }: Section, report: ChangeReport): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}${number !== null && html` <span class="number">${number.toLocaleString('en-US')}</span>`}</h2>
${content(report)}
</section>
`;
}

/** The files as data, and each diff in an element of its own, so that only those that are opened are parsed. */
function* dataParts(report: ChangeReport): Generator<string> {
  yield html`<script type="application/json" id="file-data">${scriptJson(fileData(report))}</script>
`.text;
  for (const [index, { diff }] of report.files.entries()) {
    if (diff === null) continue;
    yield html`<script type="application/json" id="diff-${index}">${scriptJson(visible(diff))}</script>
`.text;
  }
}
