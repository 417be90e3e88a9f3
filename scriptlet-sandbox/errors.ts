/** What can go wrong with a sandbox by its user's doing or its machine's. */
export type SandboxErrorCode =
  | 'E_USAGE'
  | 'E_TREE'
  | 'E_UPPER'
  | 'E_VIEW_REFUSED'
  | 'E_NOT_FOUND'
  | 'E_INTERPRETER_MISSING'
  | 'E_NOT_EXECUTABLE'
  | 'E_PATH_TOO_LONG'
  | 'E_USER_NAMESPACE'
  | 'E_SANDBOX_DIED';

/** An error with a stable code, and with what its reader can do about it. */
export class SandboxError extends Error {
  override name = 'SandboxError';
  readonly hint: string | undefined;

  constructor(
    readonly code: SandboxErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}
