import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readInstalled } from '../rpm/installed.js';
import type { PackageFacts } from '../rpm/package-facts.js';
import { type PackageFile, readPackageFile } from '../rpm/package-file.js';
import type { Rpmdb } from '../rpm/rpmdb.js';
import { openRpmdbLookup } from '../rpm/rpmdb-lookup.js';
import { VeneerError } from '../support/errors.js';
import { inParallel } from '../support/limits.js';
import { requireArchitecture } from './architecture.js';
import { askDnf, type DnfRoot, makeDnfRoot } from './dnf.js';
import { dnfError, isUnknown } from './dnf-errors.js';
import { indexFolders } from './folder-repository.js';
import { inBaseError, requireNotInBase } from './in-base.js';
import { pickAsked } from './pick-asked.js';
import { foreignPackage, unknownPackage } from './unknown-package.js';

export interface ResolveRequest {
  /** What the user typed: paths of RPM files, and names, full names or capabilities to look up in `from`. */
  arguments: readonly string[];
  /** Folders of RPM files; without any, local files are taken as they are. */
  from: readonly string[];
  /** The base's tree and where its rpmdb is. */
  treeRoot: string;
  rpmdb: Rpmdb;
  /** A private folder for work files; the caller removes it. */
  cacheDir: string;
}

/** What one argument leads to. */
export interface ResolvedPackage {
  asked: string;
  file: PackageFile;
  /** What the base lacks for it, out of `from`, sorted by path. */
  dependencies: PackageFile[];
}

/**
 * Turns what a user asks for into RPM files. Each argument is resolved by itself against the base alone, so the
 * answer for one never depends on the others, nor on what is layered already.
 * Throws E_UNKNOWN_PACKAGE, E_DEPENDENCIES, E_DUPLICATE_PACKAGE, E_RPM_ARCH, E_IN_BASE, what readPackageFile throws,
 * and E_MISSING_PROGRAM without dnf or createrepo_c where `from` is given.
 */
export async function resolvePackages(request: ResolveRequest): Promise<ResolvedPackage[]> {
  const locals = await inParallel(request.arguments.filter(isLocalFile), readLocal);
  refuseDuplicates(locals);
  refuseInstalled(request, locals);
  // Read for an error only: it is every header of the base.
  const installed = () => readInstalled(request.treeRoot, { rpmdb: request.rpmdb, files: false });
  const dnf = await prepareDnf(request);
  const resolved = await inParallel(request.arguments, (asked) => {
    const local = locals.find((candidate) => candidate.asked === asked);
    return local === undefined ? resolveName(asked, dnf, installed) : resolveLocal(local, dnf);
  });
  refuseDuplicates(resolved);
  return resolved;
}

function isLocalFile(argument: string): boolean {
  return argument.includes('/') || argument.endsWith('.rpm');
}

function refuseInstalled({ treeRoot, rpmdb }: ResolveRequest, locals: readonly ResolvedPackage[]): void {
  const lookup = openRpmdbLookup(treeRoot, rpmdb);
  try {
    for (const { file } of locals) requireNotInBase(file, lookup.named(file.name));
  } finally {
    lookup.close();
  }
}

async function readLocal(asked: string): Promise<ResolvedPackage> {
  const file = await readPackageFile(asked);
  requireArchitecture(file);
  return { asked, file, dependencies: [] };
}

function refuseDuplicates(resolved: readonly ResolvedPackage[]): void {
  const askedBy = new Map<string, string>();
  for (const { asked, file } of resolved) {
    const other = askedBy.get(file.name);
    if (other !== undefined) {
      throw new VeneerError(
        'E_DUPLICATE_PACKAGE',
        `the package ${file.name} is asked for twice: as ${other} and as ${asked}`,
        { hint: 'name each package once' },
      );
    }
    askedBy.set(file.name, asked);
  }
}

async function prepareDnf(request: ResolveRequest): Promise<DnfRoot | undefined> {
  if (request.from.length === 0 || request.arguments.length === 0) return undefined;
  await mkdir(request.cacheDir, { recursive: true });
  const work = await mkdtemp(join(resolve(request.cacheDir), 'resolve-'));
  return makeDnfRoot(work, await indexFolders(request.from, work), request);
}

async function resolveName(
  asked: string,
  dnf: DnfRoot | undefined,
  installed: () => readonly PackageFacts[],
): Promise<ResolvedPackage> {
  // dnf would take these for options, groups and patterns.
  if (dnf === undefined || !/^[\w][^*?[\]@]*$/.test(asked))
    throw await unknownPackage(asked, dnf?.repository);
  const answer = await askDnf(dnf, { name: asked });
  if (answer.exitCode !== 0) {
    const foreign = await foreignPackage(asked, dnf.repository);
    if (foreign !== undefined) throw foreign;
    throw isUnknown(answer) ? await unknownPackage(asked, dnf.repository) : dnfError(asked, answer);
  }
  if (answer.files.length === 0) throw inBaseError(asked, installed());
  const files = await inParallel(answer.files, readPackageFile);
  const file = pickAsked(asked, files);
  return { asked, file, dependencies: files.filter((other) => other !== file) };
}

async function resolveLocal(local: ResolvedPackage, dnf: DnfRoot | undefined): Promise<ResolvedPackage> {
  if (dnf === undefined) return local;
  // dnf knows a file by its ending, and takes some characters for more than a name.
  const folder = await mkdtemp(join(dnf.work, 'local-'));
  const link = join(folder, 'package.rpm');
  await symlink(resolve(local.file.path), link);
  const answer = await askDnf(dnf, { local: link });
  if (answer.exitCode !== 0) throw dnfError(local.asked, answer);
  const files = await inParallel(answer.files, readPackageFile);
  // Where the folder has the same package, dnf may choose that copy of it.
  return { ...local, dependencies: files.filter(({ name }) => name !== local.file.name) };
}
