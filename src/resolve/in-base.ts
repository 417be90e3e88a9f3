import type { PackageFacts } from '../rpm/package-facts.js';
import { VeneerError } from '../support/errors.js';
import { findAsked } from './pick-asked.js';

/** Throws E_IN_BASE where the base has this very build of a package. */
export function requireNotInBase(wanted: PackageFacts, installed: readonly PackageFacts[]): void {
  if (installed.some(({ nevra }) => nevra === wanted.nevra)) throw inBaseError(wanted.nevra, installed);
}

/** The error for an argument that the base meets already; names the package of the base that does. */
export function inBaseError(asked: string, installed: readonly PackageFacts[]): VeneerError {
  const found = installed.find(({ nevra }) => nevra === asked) ?? findAsked(asked, installed);
  return new VeneerError(
    'E_IN_BASE',
    found === undefined
      ? `${asked}: the base has it already, at the same or a newer version`
      : `${found.nevra} is in the base already`,
    { hint: 'there is nothing to add; leave it out' },
  );
}
