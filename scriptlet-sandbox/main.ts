#!/usr/bin/env node
import { existsSync, openSync, statSync, writeFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { SandboxError } from './errors.js';
import { FUSE_OVERLAYFS_FAULTS } from './fuse-overlayfs.js';
import type { SandboxLimits } from './limits.js';
import { applyChanges } from './merge.js';
import { reportOf } from './report.js';
import { type RunEnd, runInView } from './run.js';
import type { ViewKind } from './spec.js';
import { isRootless, needsUserNamespace, restartInUserNamespace } from './user-namespace.js';
import { closeView, openView, type View } from './view.js';

/** Exit statuses of the sandbox itself, chosen as timeout(1), env(1) and the shells have them. */
const EXIT = { timedOut: 124, failed: 125, notExecutable: 126, notFound: 127 };

/** What `--limit` takes: sizes in bytes, or with K, M or G after the number. */
const LIMITS = {
  memory: 'memoryBytes',
  processes: 'processes',
  disk: 'diskBytes',
  files: 'openFiles',
} as const;

const LONGEST_SECONDS = 7 * 24 * 3600;

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

const VIEWS = ['auto', 'overlay', 'copy', 'fuse-overlayfs'];

interface Options {
  tree: string;
  upper?: string;
  view: ViewKind | 'auto';
  rootless?: boolean;
  apply?: boolean;
  report?: string;
  bindRo: string[];
  cwd?: string;
  root: boolean;
  stdin?: boolean;
  timeout?: number;
  env: Record<string, string>;
  limit: Partial<SandboxLimits>;
}

const EXAMPLES = `
Examples:
  sandbox run --tree /srv/root -- /bin/sh -c 'echo x >> /etc/motd'
  sandbox run --tree /srv/root --upper /srv/changes --report report.json -- ldconfig
  sandbox run --tree ./folder --no-root --apply -- sed -i s/a/b/ file

Exit status: the command's own; 124 time limit, 125 the sandbox itself failed, 126 cannot be executed, 127 not found.`;

const program = new Command('sandbox')
  .enablePositionalOptions()
  .exitOverride()
  .description('runs commands over a copy-on-write view of a tree, confined');
program
  .command('run')
  .description('runs a command with the view of a tree as its root; the tree is never written')
  .requiredOption('--tree <dir>', 'the tree to show')
  .option('--upper <dir>', 'an empty folder that takes the changes (without it they are thrown away)')
  .addOption(new Option('--view <kind>', 'how the tree is shown').choices(VIEWS).default('auto'))
  .option('--rootless', 'run in a user namespace with subordinate ids, as is done for ordinary users')
  .option('--apply', 'merge the changes into the tree, by replacing inodes, when the command succeeds')
  .option('--report <file>', 'write what was changed, left over and used, as JSON')
  .option('--bind-ro <path>', 'show a path of the machine at the same place, read-only', collect, [])
  .option('--cwd <path>', 'the folder to start in')
  .option('--no-root', "run on the machine's own root, read-only, with the view over the tree's own path")
  .option('--stdin', 'pass standard input on (otherwise it is empty)')
  .option('--timeout <seconds>', 'end everything after this time', positive)
  .option('--env <K=V>', 'add to the environment', variable, {})
  .option('--limit <NAME=N>', `lower a limit: ${Object.keys(LIMITS).join(', ')}`, limit, {})
  .argument('<command...>', 'the command and its arguments')
  .passThroughOptions()
  .addHelpText('after', EXAMPLES)
  .action(run);
await program.parseAsync().catch(fail);

async function run(argv: string[], options: Options): Promise<void> {
  if (needsUserNamespace() || (options.rootless && !isRootless())) restartInUserNamespace();
  if (options.view === 'fuse-overlayfs') process.stderr.write(`sandbox: warning: ${FUSE_OVERLAYFS_FAULTS}\n`);
  const report = options.report === undefined ? undefined : openReport(options.report);
  const view = openView(options);
  try {
    checkApply(view, options);
    const end = await runIn(view, argv, options);
    if (options.apply) apply(view, end);
    if (report !== undefined) {
      writeFileSync(report, `${JSON.stringify(reportOf(argv, view.upper, end), null, 2)}\n`);
    }
    finish(end, options);
  } finally {
    closeView(view);
  }
}

/** Before the command runs: its work would be done, and what came of it could not be told. */
function openReport(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new SandboxError('E_USAGE', `cannot write the report: ${(error as Error).message}`);
  }
}

function runIn(view: View, argv: string[], options: Options): Promise<RunEnd> {
  return runInView(view, {
    argv: argv as [string, ...string[]],
    root: options.root ? 'view' : 'host',
    cwd: options.cwd,
    env: options.env,
    bindReadOnly: options.bindRo,
    stdio: [options.stdin ? 0 : 'ignore', 1, 2],
    limits: options.limit,
    timeLimitMs: options.timeout === undefined ? undefined : options.timeout * 1000,
    onStart: (passOn) => {
      for (const signal of PASSED_ON) process.on(signal, () => passOn(signal));
    },
  });
}

function checkApply(view: View, { apply: wanted }: Options): void {
  if (!wanted || statSync(view.upper).dev === statSync(view.tree).dev) return;
  throw new SandboxError('E_UPPER', '--apply needs the upper folder on the file system of the tree', {
    hint: 'files are put in place by link and rename; leave --upper out, or name a folder beside the tree',
  });
}

function apply(view: View, end: RunEnd): void {
  if (end.status === 0) applyChanges(view.upper, view.tree, end.changes);
  else process.stderr.write('sandbox: nothing was applied, as the command did not succeed\n');
}

/** Ends as the command did: with its status, or by its signal. */
function finish({ status, signal, timedOut, exceeded }: RunEnd, { timeout }: Options): void {
  if (timedOut) {
    process.stderr.write(`sandbox: the command was ended at its time limit of ${timeout} s\n`);
    process.exitCode = EXIT.timedOut;
  } else if (exceeded !== undefined) {
    process.stderr.write(`sandbox: the command was ended at its limit: ${exceeded}\n`);
    process.exitCode = EXIT.failed;
  } else if (signal !== null) {
    for (const name of PASSED_ON) process.removeAllListeners(name);
    process.once('exit', () => process.kill(process.pid, signal));
  } else process.exitCode = status ?? EXIT.failed;
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.failed;
    return;
  }
  const known = error instanceof SandboxError;
  const message = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`sandbox: ${message}\n`);
  if (known && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  const code = known ? error.code : '';
  if (code === 'E_NOT_FOUND' || code === 'E_INTERPRETER_MISSING') process.exitCode = EXIT.notFound;
  else process.exitCode = code === 'E_NOT_EXECUTABLE' ? EXIT.notExecutable : EXIT.failed;
}

function collect(value: string, before: string[]): string[] {
  if (!value.startsWith('/')) throw new InvalidArgumentError('it must be an absolute path');
  if (!existsSync(value)) throw new InvalidArgumentError('there is no such path');
  return [...before, value];
}

function positive(value: string): number {
  const seconds = Number(value);
  if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) {
    throw new InvalidArgumentError(`it must be a number of seconds above 0 and up to ${LONGEST_SECONDS}`);
  }
  return seconds;
}

function limit(value: string, before: Partial<SandboxLimits>): Partial<SandboxLimits> {
  const [, name = '', number, unit = ''] = /^(\w+)=(\d+)([KMG]?)$/.exec(value) ?? [];
  if (!Object.hasOwn(LIMITS, name) || Number(number) === 0) {
    throw new InvalidArgumentError(
      `it must be one of ${Object.keys(LIMITS).join(', ')}, =, and a number above 0`,
    );
  }
  const bytes = Number(number) * 1024 ** ' KMG'.indexOf(unit || ' ');
  return { ...before, [LIMITS[name as keyof typeof LIMITS]]: bytes };
}

function variable(value: string, before: Record<string, string>): Record<string, string> {
  const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(value) ?? [];
  if (name === undefined || text === undefined) throw new InvalidArgumentError('it must be NAME=VALUE');
  return { ...before, [name]: text };
}
