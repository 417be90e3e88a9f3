import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compareBuilds, compareVersions } from '../../../src/rpm/compare-builds.js';

const VERSIONS = [
  ...[
    '1',
    '1.0',
    '1.0.1',
    '01',
    '1a',
    '1.a',
    'a1',
    '1~rc1',
    '1~~',
    '1^',
    '1^git1',
    '1^~x',
    '1_0',
    '1.00.1',
    '10',
    '9',
  ],
  ...[
    '9.2p1',
    '9.2p10',
    '2+deb12u10',
    '2+deb12u9',
    '4.18.0~rc1',
    'xyz',
    'xyz10',
    '10xyz',
    '',
    '20_1',
    '1.0^',
    '1..0',
  ],
];

test('versions are ordered as rpm orders them', () => {
  const pairs = VERSIONS.flatMap((a) => VERSIONS.map((b) => [a, b] as const)).filter(
    ([a, b]) => a !== '' && b !== '',
  );
  const macro = pairs.map(([a, b]) => `print(rpm.vercmp("${a}", "${b}") .. " ")`).join(' ');
  const answers = execFileSync('rpm', ['--eval', `%{lua: ${macro}}`], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const ours = pairs.map(([a, b]) => String(Math.sign(compareVersions(a, b))));
  expect(
    pairs.flatMap((pair, at) => (ours[at] === answers[at] ? [] : [[...pair, ours[at], answers[at]]])),
  ).toEqual([]);
  expect(answers).toHaveLength(pairs.length);
});

test('an epoch comes before a version, a version before a release', () => {
  expect(compareBuilds('a-1:1-1.noarch', 'a-2-1.noarch')).toBeGreaterThan(0);
  expect(compareBuilds('a-1-2.noarch', 'a-2-1.noarch')).toBeLessThan(0);
  expect(compareBuilds('a-1-2.noarch', 'a-1-10.noarch')).toBeLessThan(0);
  expect(compareBuilds('a-1-1.noarch', 'a-1-1.x86_64')).toBe(0);
});
