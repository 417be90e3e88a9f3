import { expect, test } from 'vitest';
import { commonEnds, diffRows } from '../../../src/report/html/client/diff-rows.js';

test('lines removed and added stand beside each other, numbered on their own sides', () => {
  expect(diffRows('--- a\n+++ b\n@@ -3,3 +3,4 @@ x\n same\n-old\n+new\n+more\n end\n')).toEqual([
    { kind: 'note', text: '@@ -3,3 +3,4 @@ x' },
    { kind: 'same', before: { number: 3, text: 'same' }, after: { number: 3, text: 'same' } },
    { kind: 'different', before: { number: 4, text: 'old' }, after: { number: 4, text: 'new' } },
    { kind: 'different', before: null, after: { number: 5, text: 'more' } },
    { kind: 'same', before: { number: 5, text: 'end' }, after: { number: 6, text: 'end' } },
  ]);
});

test('lines that look like the names of files are lines within a hunk', () => {
  const rows = diffRows('--- a\n+++ b\n@@ -1 +1 @@\n--- x\n+++ y\n');
  expect(rows[1]).toEqual({
    ...{ kind: 'different', before: { number: 1, text: '-- x' }, after: { number: 1, text: '++ y' } },
  });
});

test('a missing end of line is told, and numbers start again at each hunk', () => {
  const rows = diffRows('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n@@ -9,0 +10 @@\n+z\n');
  expect(
    rows.map((row) => (row.kind === 'note' ? row.text : [row.before?.number, row.after?.number])),
  ).toEqual([
    '@@ -1 +1 @@',
    [1, undefined],
    '\\ No newline at end of file',
    [undefined, 1],
    '@@ -9,0 +10 @@',
    [undefined, 10],
  ]);
});

test('a text without a hunk has no rows', () => {
  expect(diffRows('Binary files differ\n')).toEqual([]);
});

test.each([
  ['abc', 'abd', 2, 0],
  ['aab', 'ab', 1, 1],
  ['same', 'same', 4, 0],
  ['', 'x', 0, 0],
])('%j and %j have %i characters in common at the start and %i at the end', (a, b, start, end) => {
  expect(commonEnds(a, b)).toEqual({ start, end });
});
