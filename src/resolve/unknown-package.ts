import { spellings } from '../rpm/nevra.js';
import { VeneerError } from '../support/errors.js';
import { runsHere } from './architecture.js';
import { type FolderRepository, readRepository } from './folder-repository.js';
import { nearNames } from './near-names.js';

/**
 * The error for a name that leads to no package: E_RPM_ARCH where the folders have it for other processors only,
 * otherwise E_UNKNOWN_PACKAGE with names that are near.
 */
export async function unknownPackage(asked: string, repository?: FolderRepository): Promise<VeneerError> {
  if (repository === undefined) {
    return new VeneerError('E_UNKNOWN_PACKAGE', `${asked}: no such package`, {
      hint: 'name an RPM file, or give the folder to look for it with --from DIR',
    });
  }
  const packages = await readRepository(repository);
  const foreign = packages.find(
    (candidate) => spellings(candidate).includes(asked) && !runsHere(candidate.arch),
  );
  if (foreign !== undefined) {
    return new VeneerError(
      'E_RPM_ARCH',
      `${asked}: there is only ${foreign.nevra}, which this host cannot run`,
      {
        lines: [foreign.path],
      },
    );
  }
  const near = nearNames(
    asked,
    packages.map(({ name }) => name),
  );
  return new VeneerError('E_UNKNOWN_PACKAGE', `${asked}: no package has or provides this name`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : 'look at what the folders given with --from hold',
  });
}
