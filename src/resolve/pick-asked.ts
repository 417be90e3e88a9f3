import { spellings } from '../rpm/nevra.js';
import type { PackageFile } from '../rpm/package-file.js';
import { VeneerError } from '../support/errors.js';

/** A package as far as it matters for finding it by what a user typed. */
type Findable = Pick<PackageFile, 'name' | 'epoch' | 'version' | 'release' | 'arch' | 'provides'>;

/**
 * Which of the packages that dnf chose for an argument is the one that was asked for; the others are there because it
 * needs them. Throws E_UNKNOWN_PACKAGE where that cannot be told.
 */
export function pickAsked(asked: string, files: readonly PackageFile[]): PackageFile {
  const picked = findAsked(asked, files) ?? (files.length === 1 ? files[0] : undefined);
  if (picked !== undefined) return picked;
  throw new VeneerError('E_UNKNOWN_PACKAGE', `${asked}: it is not clear which package is meant`, {
    lines: files.map(({ nevra }) => nevra),
    hint: 'ask for one of these by its name',
  });
}

/** The package that is written like that, or else the one that provides a capability of that name. */
export function findAsked<T extends Findable>(asked: string, packages: readonly T[]): T | undefined {
  const [capability] = asked.trim().split(/\s+/);
  return (
    packages.find((candidate) => spellings(candidate).includes(asked)) ??
    packages.find(({ provides }) => provides.some(({ name }) => name === capability))
  );
}
