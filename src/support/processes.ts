import { ExecaError, execa, type Options } from 'execa';
import { isErrno, VeneerError } from './errors.js';
import { log } from './log.js';

export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const STDERR_TAIL_LINES = 12;

/**
 * Runs a standard program to its end with a clean locale and no standard input, and captures both outputs as text.
 * Throws E_MISSING_PROGRAM when it is not installed and, unless `reject` is false, E_PROGRAM_FAILED with the
 * last lines of its stderr when it ends with another status than 0.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: Options = {},
): Promise<Finished> {
  log.debug({ program, args }, 'run');
  try {
    const result = await execa(program, args, {
      stdin: 'ignore',
      ...options,
      env: { LC_ALL: 'C.UTF-8', ...options.env },
    });
    if (isMissing(result)) throw result;
    const { exitCode, stdout, stderr } = result;
    return { exitCode: exitCode ?? -1, stdout: String(stdout ?? ''), stderr: String(stderr ?? '') };
  } catch (error) {
    throw asVeneerError(program, error);
  }
}

function asVeneerError(program: string, error: unknown): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (isMissing(error)) {
    return new VeneerError('E_MISSING_PROGRAM', `the program ${program} is not installed`, {
      hint: 'run `veneer doctor` to see what is missing and how to get it',
      cause: error,
    });
  }
  return new VeneerError('E_PROGRAM_FAILED', error.shortMessage, {
    lines: String(error.stderr ?? '')
      .split('\n')
      .slice(-STDERR_TAIL_LINES),
    cause: error,
  });
}

/** With `reject: false` execa answers this as a result, which is an error all the same. */
function isMissing(outcome: unknown): boolean {
  return outcome instanceof ExecaError && (isErrno(outcome, 'ENOENT') || isErrno(outcome.cause, 'ENOENT'));
}
