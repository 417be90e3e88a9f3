import { expect, test } from 'vitest';
import { diffText } from '../../../src/report/diff.js';
import { findingsText } from '../../../src/report/findings.js';
import { outcomeText } from '../../../src/report/outcome.js';
import { packagesText } from '../../../src/report/packages.js';
import { statusText } from '../../../src/report/status.js';
import { PLAIN_VIEW, styleFor } from '../../../src/report/style.js';
import { humanBytes, humanDuration, printable, scriptletEnd } from '../../../src/report/text.js';
import { deployment, outcome, scriptlet } from './samples.js';

test('a name from outside cannot write control characters or turn the direction of writing', () => {
  expect(printable('a\u001b[31mb\nc\u202ed\u009be')).toBe('a\\x1b[31mb\\nc\\u202ed\\x9be');
  expect(printable('größe 文字')).toBe('größe 文字');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [1048575, '1.0 MiB'],
])('%i bytes read %s', (bytes, text) => {
  expect(humanBytes(bytes)).toBe(text);
});

test.each([
  [12.4, '12 ms'],
  [340, '0.3 s'],
  [59_990, '1 min 00 s'],
  [125_000, '2 min 05 s'],
])('%d ms read %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});

test.each([
  [scriptlet(), 'ok'],
  [scriptlet({ status: 3, failed: true }), 'exit status 3'],
  [scriptlet({ status: null, signal: 9, failed: true }), 'killed by SIGKILL'],
  [scriptlet({ status: null, lua: true, failed: true }), 'failed'],
])('the end of a scriptlet is told in words', (run, text) => {
  expect(scriptletEnd(run)).toBe(text);
});

test('an install tells packages, paths, scriptlets, leftovers, and how to go back', () => {
  const text = outcomeText(
    outcome({
      previous: '0-first',
      scriptlets: [scriptlet(), scriptlet({ name: 'bye.postun', status: 1, failed: true })],
      leftovers: [{ pid: 42, command: 'sleep\n100' }],
    }),
    PLAIN_VIEW,
  );
  expect(text).toContain('deployed 1-abcd on base tiny');
  expect(text).toContain('  added  hello-1.0-1.noarch');
  expect(text).toContain('3 paths added, 1 path changed, 0 paths removed (1 in place)');
  expect(text).toContain('2 scriptlets run, 1 failed');
  expect(text).toMatch(/bye\.postun +exit status 1 +12 ms/);
  expect(text).toContain('42  sleep\\n100');
  expect(text).toContain('to go back to 0-first: veneer rollback');
});

test('an install of what is there already says so', () => {
  expect(outcomeText(outcome({ changed: false }), PLAIN_VIEW)).toMatch(/^nothing to do/);
});

test('a status marks the current deployment, and tells an empty sysroot what comes next', () => {
  const empty = { sysroot: '/s', current: null, previous: null, deployments: [], bases: [] };
  expect(statusText(empty, PLAIN_VIEW)).toContain('Next: veneer base import');
  const current = deployment();
  const text = statusText({ ...empty, current, deployments: [current] }, PLAIN_VIEW);
  expect(text).toContain('● 1-abcd  current');
  expect(text).not.toContain('other deployments');
});

test('a table of packages fits 80 columns by cutting the summary', () => {
  const line = { name: 'x', nevra: 'x-1-1.noarch', size: 2048, origin: 'layer' as const };
  const text = packagesText([{ ...line, summary: 'long '.repeat(40) }], PLAIN_VIEW);
  expect(text.split('\n').every((one) => [...one].length <= 80)).toBe(true);
  expect(text).toContain('…');
  expect(text).toContain('1 from the layer');
});

test('a diff tells what changed about a file; colours only where asked for', () => {
  const diff = {
    a: 'previous',
    b: 'current',
    packages: [],
    files: [{ path: '/etc/passwd', kind: 'changed' as const, what: ['content', 'mtime'] }],
  };
  expect(diffText(diff, PLAIN_VIEW)).toContain('  ~ /etc/passwd  (content, mtime)');
  expect(diffText(diff, { style: styleFor(true), width: 80 })).toContain('\u001b[33m~ /etc/passwd');
});

test('findings stand under what is damaged', () => {
  const finding = { subject: 'base tiny', path: '/bin/sh', problem: 'content differs' };
  expect(findingsText([finding], 'checked', PLAIN_VIEW)).toBe(
    'base tiny\n  /bin/sh: content differs\ndamage: 1 finding',
  );
});
