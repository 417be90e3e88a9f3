import { expect, test } from 'vitest';
import type { FileData } from '../../../src/report/html/file-data.js';
import { fileData } from '../../../src/report/html/file-rows.js';
import { headline } from '../../../src/report/html/header.js';
import { changeReportHtml, changeReportHtmlChunks } from '../../../src/report/html/page.js';
import { addedFile, changedFile, changeReport, reportedPackage } from '../../helpers/change-reports.js';
import { HOSTILE, hostileReport, largeReport } from '../../helpers/sample-reports.js';

test('no hostile text is in the page as markup', () => {
  const markup = changeReportHtml(hostileReport());
  expect(markup).not.toContain(HOSTILE);
  expect(markup).not.toContain('<img');
  expect(markup).not.toContain('\u202e');
  // Two of data, the diff, the page's own.
  expect(markup.match(/<script/g)).toHaveLength(3);
  expect(markup.match(/<\/script/g)).toHaveLength(3);
});

test('the policy allows nothing but the style and the script of the page', () => {
  const [, policy] =
    /Content-Security-Policy" content="([^"]*)"/.exec(changeReportHtml(changeReport())) ?? [];
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'$/,
  );
});

test('the page refers to nothing outside itself', () => {
  expect(changeReportHtml(largeReport(50))).not.toMatch(/\b(src|href|action|srcset)="(?!#)|url\(|@import/);
});

test('the chunks make up the page', () => {
  const report = largeReport(200);
  const chunks = [...changeReportHtmlChunks(report)];
  expect(chunks.length).toBeGreaterThan(10);
  expect(chunks.join('')).toBe(changeReportHtml(report));
});

test('what many files have in common is in the data once', () => {
  const files = [addedFile('/usr/a'), addedFile('/usr/b'), changedFile('/etc/c', { inPlace: false })];
  const data: FileData = fileData(changeReport({ files }));
  expect(data.folders).toEqual(['/usr/', '/etc/']);
  expect(data.identities).toHaveLength(1);
  expect(data.causes).toEqual([
    { by: 'payload', text: 'payload of nginx-1.24.0-2.x86_64' },
    { by: 'scriptlet', text: 'nginx.pre' },
  ]);
  expect(data.rows.map((row) => [row[0], row[1], row[6]])).toEqual([
    [0, 'a', [0]],
    [0, 'b', [0]],
    [1, 'c', [1]],
  ]);
});

test.each([
  ['plan', 'This plan would add 1 package and touch 1 path.'],
  ['deployment', 'To make this deployment, Veneer had to add 1 package and touch 1 path.'],
  ['difference', 'Going from base debian-12 to plan 3fa9c1 would add 1 package and touch 1 path.'],
] as const)('the headline of a %s is a sentence', (kind, sentence) => {
  const report = changeReport({ packages: [reportedPackage('nginx')], files: [addedFile('/usr/a')] });
  expect(headline({ ...report, subject: { ...report.subject, kind } })).toBe(sentence);
});
