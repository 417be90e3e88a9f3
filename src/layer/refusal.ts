import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Problem, ScriptletRun } from '../rpm/events.js';
import { type ErrorCode, VeneerError } from '../support/errors.js';

const LAST_LINES = 8;
const LAST_BYTES = 4096;

/** The error for what rpm's checks have against a transaction; the first kind of problem gives it its code. */
export function refusal(problems: readonly Problem[]): VeneerError {
  const lines = [...new Set(problems.map(explain))];
  const [first] = problems;
  const [code, message, hint] = KINDS[first?.kind ?? 'unknown'] ?? OTHER;
  return new VeneerError(code, message, { lines, hint });
}

/**
 * The error for scriptlets that failed: names each, shows the last lines of the first and where its log is going to
 * be kept. One that printed nothing, and Lua, whose errors rpm reports itself, is explained by rpm's own log.
 */
export function failedScriptlets(
  failed: readonly ScriptletRun[],
  { logs, kept }: { logs: string; kept: string },
): VeneerError {
  const named = failed.map((run) => `${run.name} ${ending(run)}`).join(', ');
  const [first] = failed;
  const name = first?.name;
  const own = lastLines(`${logs}/${name}`);
  return new VeneerError('E_SCRIPTLET_FAILED', `${named}; nothing was deployed`, {
    lines: own.length > 0 ? own : lastLines(`${logs}/rpm.log`),
    hint: [...(first === undefined ? [] : facts(first)), `its whole output is in ${kept}/${name}`].join('; '),
  });
}

const DEPENDENCIES = [
  'E_DEPENDENCIES',
  'dependencies are not met',
  'add the packages that provide what is missing, or a folder that has them with --from',
] as const;
const CONFLICT = ['E_CONFLICT', 'packages conflict', 'leave one of the two out'] as const;
const OTHER = ['E_TRANSACTION_REFUSED', 'rpm refuses the transaction', undefined] as const;

const KINDS: Record<string, readonly [ErrorCode, string, string | undefined]> = {
  requires: DEPENDENCIES,
  conflicts: CONFLICT,
  obsoletes: CONFLICT,
  'file-conflict': CONFLICT,
  'file-conflict-new': CONFLICT,
  'bad-arch': [
    'E_RPM_ARCH',
    'a package is for another architecture',
    'name a build for this machine, or noarch',
  ],
  installed: ['E_IN_BASE', 'a package is in the base already', 'there is nothing to add: leave it out'],
  'old-package': ['E_TRANSACTION_REFUSED', 'the base has a newer version', 'name a newer package'],
  verify: ['E_RPM_TRUNCATED', 'a package is damaged', 'get the package again'],
};

function explain({ kind, package: name, other, subject, text }: Problem): string {
  switch (kind) {
    case 'requires':
      return `${other || name} needs ${subject}, which nothing provides`;
    case 'file-conflict':
    case 'file-conflict-new':
      return `${name} and ${other} both have ${subject}, with other content`;
    default:
      return text || `${kind}: ${name} ${subject}`;
  }
}

function ending({ status, signal, lua }: ScriptletRun): string {
  if (signal !== null) return `was ended by signal ${signal}`;
  return status === null ? `failed${lua ? ' (Lua)' : ''}` : `failed with exit status ${status}`;
}

/** What a scriptlet lacked in the tree: mostly a dependency that its package forgot to name. */
function facts({ interpreterMissing, commandsNotFound }: ScriptletRun): string[] {
  if (interpreterMissing !== null) {
    return [`its interpreter ${interpreterMissing} is not in the tree: the package should require it`];
  }
  if (commandsNotFound.length === 0) return [];
  return [`it did not find ${commandsNotFound.join(', ')}: the package should require what brings that`];
}

function lastLines(log: string): string[] {
  let fd: number;
  try {
    fd = openSync(log, 'r');
  } catch {
    return [];
  }
  const { size } = fstatSync(fd);
  const tail = Buffer.alloc(Math.min(size, LAST_BYTES));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  closeSync(fd);
  return tail.toString('utf8').trimEnd().split('\n').filter(Boolean).slice(-LAST_LINES);
}
