import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError } from 'execa';
import type { Rpmdb } from '../rpm/rpmdb.js';
import { makeShadow } from '../rpm/shadow.js';
import { VeneerError } from '../support/errors.js';
import { type Finished, run } from '../support/processes.js';
import { type FolderRepository, packageBehind } from './folder-repository.js';

/** A place where dnf can ask what the base needs: it never sees the base itself, nor the host's settings. */
export interface DnfRoot {
  repository: FolderRepository;
  work: string;
  /** dnf's install root: holds a copy of the base's rpmdb and nothing else. */
  root: string;
  home: string;
}

/** What dnf said of one argument. */
export interface DnfAnswer extends Finished {
  /** The files of the folders that it would install, without a local file that was the argument itself. */
  files: string[];
}

/** The only repository that dnf is given; it names it in its messages. */
export const REPOSITORY_ID = 'veneer';

/** Prepares a dnf root in `work`, which dnf fills with logs and caches. */
export async function makeDnfRoot(
  work: string,
  repository: FolderRepository,
  base: { treeRoot: string; rpmdb: Rpmdb },
): Promise<DnfRoot> {
  const root = join(work, 'root');
  const home = join(work, 'home');
  await Promise.all([root, home].map((folder) => mkdir(folder)));
  await makeShadow(base.treeRoot, base.rpmdb, root);
  // Debian's rpm has its database in the home folder: without this, dnf would see an empty system and say nothing.
  await writeFile(join(home, '.rpmmacros'), `%_dbpath /${base.rpmdb.folder}\n%_db_backend sqlite\n`);
  await writeFile(join(work, 'dnf.conf'), '');
  return { repository, work, root, home };
}

/**
 * Asks dnf what to install for one argument on the base alone, without weak dependencies. `local` is a local file, by
 * an absolute path that ends in .rpm. Throws E_MISSING_PROGRAM; what dnf refuses is in the answer.
 */
export async function askDnf(dnf: DnfRoot, wanted: { name: string } | { local: string }): Promise<DnfAnswer> {
  const state = await mkdtemp(join(dnf.work, 'dnf-'));
  // dnf refuses to start where the folder for its log is missing.
  await Promise.all(['log', 'cache', 'lib', 'found'].map((folder) => mkdir(join(state, folder))));
  const args = dnfArguments(dnf, state, 'name' in wanted ? wanted.name : wanted.local);
  const finished = await run('dnf', args, { env: { HOME: dnf.home } }).catch(refusal);
  const names = await readdir(join(state, 'found'));
  const files = names.map((name) => packageBehind(dnf.repository, name)).filter((file) => file !== undefined);
  return { ...finished, files: files.sort() };
}

/** What dnf printed before it ended with another status than 0; any other error (dnf is missing) is thrown on. */
function refusal(error: unknown): Finished {
  const cause = error instanceof VeneerError ? error.cause : undefined;
  if (!(cause instanceof ExecaError) || cause.exitCode === undefined) throw error;
  return { exitCode: cause.exitCode, stdout: String(cause.stdout), stderr: String(cause.stderr) };
}

function dnfArguments({ repository, work, root }: DnfRoot, state: string, wanted: string): string[] {
  const settings = {
    reposdir: '/nonexistent',
    varsdir: '/nonexistent',
    cachedir: join(state, 'cache'),
    logdir: join(state, 'log'),
    persistdir: join(state, 'lib'),
    install_weak_deps: 'False',
    best: 'True',
  };
  return [
    ...['--quiet', '--assumeyes', '--noplugins', '--nogpgcheck'],
    ...['--config', join(work, 'dnf.conf')],
    ...['--installroot', root],
    // Nothing here depends on a release, but dnf looks for one and warns.
    ...['--releasever', '1'],
    ...['--disablerepo', '*', '--repofrompath', `${REPOSITORY_ID},file://${encodeURI(repository.path)}`],
    ...['--enablerepo', REPOSITORY_ID],
    ...Object.entries(settings).map(([key, value]) => `--setopt=${key}=${value}`),
    ...['--downloadonly', '--destdir', join(state, 'found')],
    ...['install', wanted],
  ];
}
