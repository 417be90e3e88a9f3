import { spellings } from '../rpm/nevra.js';
import { VeneerError } from '../support/errors.js';
import { runsHere } from './architecture.js';
import { type FolderRepository, readRepository } from './folder-repository.js';
import { nearNames } from './near-names.js';

/** The error for a name that leads to no package: E_UNKNOWN_PACKAGE, with names of the folders that are near. */
export async function unknownPackage(asked: string, repository?: FolderRepository): Promise<VeneerError> {
  if (repository === undefined) {
    return new VeneerError('E_UNKNOWN_PACKAGE', `${asked}: no such package`, {
      hint: 'name an RPM file, or give the folder to look for it with --from DIR',
    });
  }
  const packages = await readRepository(repository);
  const names = packages.map(({ name }) => name);
  const near = nearNames(asked, names);
  return new VeneerError('E_UNKNOWN_PACKAGE', `${asked}: no package has or provides this name`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : 'look at what the folders given with --from hold',
  });
}

/** E_RPM_ARCH where the folders have what was asked for, but only for other processors than this host's. */
export async function foreignPackage(
  asked: string,
  repository: FolderRepository,
): Promise<VeneerError | undefined> {
  const packages = await readRepository(repository);
  const matching = packages.filter((candidate) => spellings(candidate).includes(asked));
  const [foreign] = matching;
  if (foreign === undefined || matching.some(({ arch }) => runsHere(arch))) return undefined;
  return new VeneerError(
    'E_RPM_ARCH',
    `${asked}: there is only ${foreign.nevra}, which this host cannot run`,
    {
      lines: [foreign.path],
    },
  );
}
