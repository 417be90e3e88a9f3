/** Exit statuses of the command, by meaning; `--help` prints the same table. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  scriptlet: 3,
  dependencies: 4,
  locked: 5,
  damage: 6,
  unsafe: 7,
  interrupted: 130,
} as const;

/** Every error code a user can meet, with the exit status it leads to. */
export const ERROR_EXITS = {
  E_USAGE: EXIT.usage,
  E_NOT_A_SYSROOT: EXIT.failed,
  E_SYSROOT_EXISTS: EXIT.failed,
  E_SYSROOT_FORMAT: EXIT.failed,
  E_SYSROOT_SPLIT: EXIT.failed,
  E_SYSROOT_UNWRITABLE: EXIT.failed,
  E_LOCKED: EXIT.locked,
  E_NO_BASE: EXIT.failed,
  E_BASE_EXISTS: EXIT.failed,
  E_BASE_IN_USE: EXIT.failed,
  E_BASE_SOURCE: EXIT.failed,
  E_BASE_DAMAGED: EXIT.damage,
  E_TAR_UNSAFE: EXIT.failed,
  E_TAR_BROKEN: EXIT.failed,
  E_NO_RPMDB: EXIT.failed,
  E_RPMDB_UNSUPPORTED: EXIT.failed,
  E_RPMDB_BROKEN: EXIT.failed,
  E_NOT_AN_RPM: EXIT.usage,
  E_RPM_TRUNCATED: EXIT.usage,
  E_RPM_ARCH: EXIT.failed,
  E_DUPLICATE_PACKAGE: EXIT.usage,
  E_UNKNOWN_PACKAGE: EXIT.failed,
  E_NOT_LAYERED: EXIT.failed,
  E_IN_BASE: EXIT.failed,
  E_DEPENDENCIES: EXIT.dependencies,
  E_CONFLICT: EXIT.dependencies,
  E_SCRIPTLET_FAILED: EXIT.scriptlet,
  E_TRANSACTION_REFUSED: EXIT.failed,
  E_TRANSACTION_DIED: EXIT.failed,
  E_TIME_LIMIT: EXIT.failed,
  E_MEMORY_LIMIT: EXIT.failed,
  E_PROCESS_LIMIT: EXIT.failed,
  E_DISK_LIMIT: EXIT.failed,
  E_OUTPUT_LIMIT: EXIT.failed,
  E_STOPPED: EXIT.failed,
  E_NO_DEPLOYMENT: EXIT.failed,
  E_NO_PREVIOUS: EXIT.failed,
  E_NO_PLAN: EXIT.failed,
  E_PLAN_STALE: EXIT.failed,
  E_PLAN_APPLIED: EXIT.failed,
  E_DAMAGE: EXIT.damage,
  E_MISSING_PROGRAM: EXIT.failed,
  E_PROGRAM_FAILED: EXIT.failed,
  E_NOT_PERMITTED: EXIT.failed,
  E_USER_NAMESPACE: EXIT.failed,
  E_INTERRUPTED: EXIT.interrupted,
} as const;

export type ErrorCode = keyof typeof ERROR_EXITS;

export interface ErrorDetails {
  /** What to do about it: most often the next command to run. */
  hint?: string | undefined;
  /** More lines to show under the message: the last lines of a scriptlet, each unmet dependency. */
  lines?: readonly string[] | undefined;
  cause?: unknown;
}

/**
 * An error that is meant for the user: it has a stable code, names the path or package, and says what to do.
 * Anything else that is thrown is a defect of Veneer.
 */
export class VeneerError extends Error {
  override readonly name = 'VeneerError';
  readonly hint: string | undefined;
  readonly lines: readonly string[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.hint = details.hint;
    this.lines = details.lines ?? [];
  }

  get exitStatus(): number {
    return ERROR_EXITS[this.code];
  }
}

/** Tells whether an error came from a system call with one of these names (ENOENT, EEXIST, …). */
export function isErrno(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes((error as NodeJS.ErrnoException).code ?? '');
}
