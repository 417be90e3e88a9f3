import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { afterAll } from 'vitest';
import { type BaseInfo, importBaseInto, initSysroot, type Sysroot } from '../../src/index.js';

/** On the disk and not in a tmpfs: overlayfs, hardlinks and xattrs shall be those that users have. */
const PARENT = process.env.VENEER_TEST_DIR ?? '/var/tmp';
const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');

const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

/** A new folder, removed when the test file is done, unless VENEER_KEEP=1. */
export function temporaryFolder(): string {
  mkdirSync(PARENT, { recursive: true });
  const folder = mkdtempSync(join(PARENT, 'veneer-test-'));
  folders.push(folder);
  return folder;
}

/** Runs work that needs much room in a folder that is removed at once when it is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder();
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}

function removeFolder(folder: string): void {
  if (process.env.VENEER_KEEP === '1') process.stderr.write(`kept ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}

/** A sysroot with one base in it. */
export interface TestSysroot {
  folder: string;
  sysroot: Sysroot;
  base: BaseInfo;
  baseTree: string;
}

/** Makes a sysroot in a folder that does not exist yet and imports a base into it. */
export async function newSysroot(
  baseSource: string,
  folder = join(temporaryFolder(), 'sysroot'),
): Promise<TestSysroot> {
  const sysroot = initSysroot(folder);
  const base = await importBaseInto(sysroot, { source: baseSource, name: 'tiny' }, {});
  return { folder, sysroot, base, baseTree: join(folder, 'bases', base.id, 'tree') };
}

/** Where a deployment's tree is. */
export function deploymentTree(sysroot: string, id: string): string {
  return join(sysroot, 'deployments', id, 'tree');
}

/** The names of what is deployed, and of work that was left behind: both lists are part of promise 2. */
export function sysrootState(sysroot: string): { deployments: string[]; stage: string[] } {
  const list = (name: string) => readdirSync(join(sysroot, name));
  return { deployments: list('deployments'), stage: list('stage') };
}

/** Makes a sysroot what it was after the import: it is the base that the next package is for, at no cost. */
export function forgetDeployments(sysroot: string): void {
  for (const name of ['current', 'previous']) rmSync(join(sysroot, name), { force: true });
  for (const id of sysrootState(sysroot).deployments) {
    rmSync(join(sysroot, 'deployments', id), { recursive: true });
  }
}

/** How a run of the command line ended. */
export interface CliResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  sysroot?: string;
  env?: Record<string, string>;
  input?: Buffer;
  /** A shell script that runs first, in a mount namespace of its own with the command. */
  prepare?: string;
}

/** Runs the compiled command line to its end, whatever its status; the sysroot is given by the environment. */
export async function veneer(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const command = [process.execPath, CLI, ...args];
  const wrapped =
    options.prepare === undefined
      ? command
      : ['unshare', '--mount', 'sh', '-ec', `${options.prepare}\nexec "$@"`, 'sh', ...command];
  const [program = '', ...rest] = wrapped;
  const { exitCode, stdout, stderr } = await execa(program, rest, execaOptions(options));
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** Starts the compiled command line and answers its process, for tests that do something meanwhile. */
export function startVeneer(args: readonly string[], options: CliOptions = {}) {
  return execa(process.execPath, [CLI, ...args], execaOptions(options));
}

function execaOptions({ sysroot, env, input }: CliOptions) {
  return {
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    env: { ...(sysroot === undefined ? {} : { VENEER_SYSROOT: sysroot }), ...env },
  } satisfies Options;
}
