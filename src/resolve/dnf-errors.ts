import { VeneerError } from '../support/errors.js';
import { type DnfAnswer, REPOSITORY_ID } from './dnf.js';

/** Whether dnf says that nothing of that name, version or capability is in the repository. */
export function isUnknown({ exitCode, stderr }: DnfAnswer): boolean {
  return exitCode !== 0 && /^Error: Unable to find a match|^No match for argument/m.test(stderr);
}

/** Turns dnf's refusal into E_DEPENDENCIES with a line for each thing that stands in the way, or E_PROGRAM_FAILED. */
export function dnfError(asked: string, { stdout, stderr, exitCode }: DnfAnswer): VeneerError {
  const output = `${stderr}\n${stdout}`.split('\n').filter((line) => line.trim() !== '');
  const isProblem = output.some((line) => /^\s*Problem\b/.test(line));
  if (!isProblem) {
    return new VeneerError('E_PROGRAM_FAILED', `${asked}: dnf failed with exit status ${exitCode}`, {
      lines: output.slice(-MOST_LINES),
    });
  }
  const lines = [...new Set(output.flatMap(readable))];
  return new VeneerError('E_DEPENDENCIES', `${asked}: its dependencies cannot be met`, {
    lines,
    hint: 'add the folder that has what is missing with another --from',
  });
}

const MOST_LINES = 12;

/** libsolv's sentences (its function problemruleinfo2str) and how they read here; the others stay as they are. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^nothing provides (.+) needed by (.+)$/, '$2 needs $1, which nothing provides'],
  [
    /^package (\S+) requires (.+), but none of the providers can be installed$/,
    '$1 needs $2, of which no provider can be installed',
  ],
  [/^package (\S+) requires (.+)$/, '$1 needs $2'],
  [/^package (\S+) conflicts with (.+) provided by (.+)$/, '$1 conflicts with $2, which $3 provides'],
  [/^package (\S+) obsoletes (.+) provided by (.+)$/, '$1 obsoletes $2, which $3 provides'],
];

/** What libsolv says of its own way of working, and dnf's headings. */
const NOISE =
  /^(Error:|conflicting requests|problem with installed package .*|\(try to add .*|cannot install the best .*)$/;

function readable(line: string): string[] {
  const sentence = line
    .trim()
    .replace(/^Problem(?: \d+)?: /, '')
    .replace(/^- /, '')
    .replaceAll(new RegExp(` from (${REPOSITORY_ID}|@System|@commandline)(?=,|$| )`, 'g'), '');
  if (NOISE.test(sentence)) return [];
  const [pattern, form] = SENTENCES.find(([candidate]) => candidate.test(sentence)) ?? [];
  return [pattern === undefined || form === undefined ? sentence : sentence.replace(pattern, form)];
}
