import { mkdir, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import glob from 'fast-glob';
import { type PackageFile, readPackageFile } from '../rpm/package-file.js';
import { VeneerError } from '../support/errors.js';
import { inParallel } from '../support/limits.js';
import { run } from '../support/processes.js';

/** Folders of RPM files, made readable for dnf as one repository. */
export interface FolderRepository {
  /** The repository: links to the packages, and createrepo's metadata. */
  path: string;
  /** The RPM files; the one at index 7 is `7.rpm` in the repository. */
  packages: readonly string[];
}

/**
 * Makes one repository out of folders of RPM files, in `work`; the folders themselves are only read. It holds links
 * under names of its own, since a file name may hold anything, and two folders may have files of the same name.
 * Throws E_USAGE for a folder that is not there and E_MISSING_PROGRAM without createrepo_c.
 */
export async function indexFolders(folders: readonly string[], work: string): Promise<FolderRepository> {
  const lists = await Promise.all(folders.map(listPackages));
  const packages = [...new Set(lists.flat())];
  const path = join(work, 'repository');
  await mkdir(path, { recursive: true });
  await inParallel(packages.entries(), ([index, file]) => symlink(file, join(path, linkName(index))));
  await run('createrepo_c', ['--quiet', '--no-database', path]);
  return { path, packages };
}

/** The file behind a name in the repository. */
export function packageBehind({ packages }: FolderRepository, name: string): string | undefined {
  return packages.find((_, index) => linkName(index) === name);
}

/** The headers of everything in the repository; what is not a good RPM is left out, as createrepo_c does. */
export async function readRepository({ packages }: FolderRepository): Promise<PackageFile[]> {
  const read = await inParallel(packages, (path) =>
    readPackageFile(path).catch((error) => {
      if (error instanceof VeneerError) return undefined;
      throw error;
    }),
  );
  return read.filter((file) => file !== undefined);
}

async function listPackages(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new VeneerError('E_USAGE', `${folder}: no such folder`, {
      hint: '--from takes a folder that holds *.rpm files',
    });
  }
  const names = await glob('*.rpm', { cwd: resolve(folder), ignore: ['*.src.rpm'] });
  return names.sort().map((name) => resolve(folder, name));
}

function linkName(index: number): string {
  return `${index}.rpm`;
}
