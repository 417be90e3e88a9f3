import { spawn } from 'node:child_process';
import { explainFailure, type StartFailure } from './command-error.js';
import { changeRoot, resourceUsage, takeTerminal } from './libc.js';
import { type NetworkAttempts, readNetworkAttempts } from './network.js';
import type { ConfinedContext } from './spec.js';

/** A command to run confined. */
export interface CommandInput {
  argv: readonly string[];
  /** Where it starts; in the view unless it runs on the host's root. */
  cwd: string;
  env: Record<string, string>;
  root: 'view' | 'host';
  /** Whether it reads the sandbox's own stdin; otherwise its stdin is empty. */
  stdin: boolean;
  /** Whether stdin, stdout and stderr are a terminal that it is to have for itself. */
  terminal: boolean;
}

/** How a command ended, as an event to the parent. */
export type CommandEvent =
  | ({ command: 'failed' } & StartFailure)
  | {
      command: 'ended';
      status: number | null;
      signal: NodeJS.Signals | null;
      usage: ReturnType<typeof resourceUsage>;
      network: NetworkAttempts;
    };

/**
 * Runs one command with the view as its root. Its output goes through pipes, so that it never holds a terminal, and
 * so that the end of the last process that writes is seen: a background child is waited for until then.
 */
export async function run({ view, input, emit, onSignal }: ConfinedContext): Promise<void> {
  const { argv, cwd, env, root, stdin, terminal } = input as CommandInput;
  if (root === 'view') changeRoot(view);
  const [program = '', ...args] = argv;
  const piped = [stdin ? 'inherit' : 'ignore', 'pipe', 'pipe'] as const;
  if (terminal) takeTerminal(0);
  const stdio = terminal ? 'inherit' : [...piped];
  const child = spawn(program, args, { cwd, env, stdio, detached: !terminal });
  onSignal((signal) => {
    if (child.pid !== undefined) process.kill(terminal ? child.pid : -child.pid, signal);
  });
  // Whoever read the output is gone: so it shall be for the command, which then ends by SIGPIPE as in any pipeline.
  process.stdout.on('error', () => child.stdout?.destroy());
  process.stderr.on('error', () => child.stderr?.destroy());
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  const event = await new Promise<CommandEvent>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ command: 'failed', ...explainFailure(program, error, { cwd, path: env.PATH ?? '' }) });
    });
    child.once('close', (status, signal) => {
      const used = { usage: resourceUsage('children'), network: readNetworkAttempts() };
      resolve({ command: 'ended', status, signal, ...used });
    });
  });
  emit(event);
}
