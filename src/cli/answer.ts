import type { Command } from 'commander';
import type { View } from '../index.js';
import { openSysroot, type RunOptions, type Sysroot, VeneerError } from '../index.js';
import { pathOf } from './command-path.js';
import { interruption } from './interruption.js';
import { printJson, printText, viewOf } from './output.js';
import { createProgress } from './progress.js';
import { commandLine } from './shell-words.js';

/** What a command's work is given. */
export interface Context {
  /** The folder that the user named; throws E_USAGE where none was. */
  sysrootDir(): string;
  openSysroot(): Sysroot;
  run: RunOptions;
}

/** What a command has to say. */
export interface Answer {
  /** What `--json` prints as `result`. */
  result: unknown;
  text: (view: View) => string;
  exitStatus?: number;
}

interface GlobalOptions {
  sysroot?: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/**
 * Does a command's work, with its progress on stderr and its result on stdout, as text or JSON. Silent: the screen
 * belongs to what the command starts.
 */
export async function answer(
  command: Command,
  work: (context: Context) => Answer | Promise<Answer>,
  { silent = false }: { silent?: boolean } = {},
): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const progress = createProgress(process.stderr, {
    quiet: silent || options.quiet === true,
    verbose: options.verbose === true,
  });
  const unlisten = interruption.listen((message) => progress.report({ type: 'notice', message }));
  let done: Answer;
  try {
    done = await work({
      sysrootDir: () => requireSysroot(command),
      openSysroot: () => openSysroot(requireSysroot(command)),
      run: {
        report: progress.report,
        signal: interruption.signal,
        command: commandLine(process.argv.slice(2)),
      },
    });
  } finally {
    progress.stop();
    unlisten();
  }
  print(done, command, options);
}

/** The folder that the user named, or ''. */
export function namedSysroot(command: Command): string {
  return command.optsWithGlobals<GlobalOptions>().sysroot ?? process.env.VENEER_SYSROOT ?? '';
}

function requireSysroot(command: Command): string {
  const dir = namedSysroot(command);
  if (dir !== '') return dir;
  throw new VeneerError('E_USAGE', 'no sysroot was named', {
    hint: 'give --sysroot DIR, or set VENEER_SYSROOT; `veneer init --sysroot DIR` makes one',
  });
}

function print(done: Answer, command: Command, options: GlobalOptions): void {
  process.exitCode = done.exitStatus ?? 0;
  if (options.json !== true) {
    const text = done.text(viewOf(process.stdout));
    if (text !== '') printText(text);
    return;
  }
  // Without the program's own name: `base import`.
  const name = pathOf(command).split(' ').slice(1).join(' ');
  printJson({ formatVersion: 1, command: name, result: done.result });
}
