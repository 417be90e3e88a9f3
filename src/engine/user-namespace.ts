import {
  checkUserNamespace,
  needsUserNamespace,
  restartInUserNamespace,
  SandboxError,
} from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';

/**
 * Lets an ordinary user do what needs root: starts the running program anew, in place of its process, as root of a
 * user namespace with the caller's subordinate ids. Nothing happens for root, or in such a namespace already; so it
 * is the first thing that a program does. Throws E_USER_NAMESPACE, with what to set, where that is not possible.
 */
export function enterUserNamespace(): void {
  if (needsUserNamespace()) explained(restartInUserNamespace);
}

/** Throws E_USER_NAMESPACE, with what to set, where an ordinary user cannot layer packages on this machine. */
export function tryUserNamespace(): void {
  explained(checkUserNamespace);
}

function explained(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SandboxError) || error.code !== 'E_USER_NAMESPACE') throw error;
    throw new VeneerError(error.code, error.message, { hint: error.hint, cause: error });
  }
}
