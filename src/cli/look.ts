import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { findShown, mountAt, shellIn, unmountFrom, VeneerError } from '../index.js';
import { answer, type Context } from './answer.js';
import { examples } from './examples.js';
import { interruption } from './interruption.js';
import { quoted } from './shell-words.js';

/** Set in a shell that runs in a terminal of its own already. */
const IN_OWN_TERMINAL = 'VENEER_IN_OWN_TERMINAL';

/** `veneer shell|mount|unmount`: to look into a plan, a deployment or a base. */
export function addLook(program: Command): void {
  addShell(program);
  addMount(program);
  addUnmount(program);
}

function addShell(program: Command): void {
  program
    .command('shell')
    .description('run a shell, or a command, in a plan, deployment or base; what it changes is thrown away')
    .argument('[ref]', 'a plan, a deployment or a base (the current deployment)')
    .argument('[command...]', 'what to run (/bin/sh), after --')
    .addHelpText('after', examples('veneer shell', 'veneer shell p3fa9c1', 'veneer shell current -- rpm -qa'))
    .action((ref: string | undefined, argv: string[], _options, command: Command) => {
      if (process.stdin.isTTY && process.env[IN_OWN_TERMINAL] === undefined) return inOwnTerminal();
      const work = async (context: Context) => {
        const shown = findShown(context.openSysroot(), ref);
        const [name = '/bin/sh', ...args] = argv;
        const { TERM } = process.env;
        const end = await shellIn(shown, {
          argv: [name, ...args],
          terminal: process.stdin.isTTY === true,
          env: { ...(TERM === undefined ? {} : { TERM }), PS1: `[${shown.label}] \\w \\$ ` },
          signal: interruption.signal,
        });
        const { status, signal } = end;
        return { result: { status, signal }, text: () => '', exitStatus: status ?? 1 };
      };
      return answer(command, work, { silent: true });
    });
}

/**
 * What runs in the view must not reach the user's terminal, where it could type commands in their name: script(1)
 * gives it one of its own and copies between the two.
 */
function inOwnTerminal(): void {
  const again = [process.execPath, ...process.argv.slice(1)].map(quoted).join(' ');
  const { status, error } = spawnSync('script', ['--quiet', '--return', '--command', again, '/dev/null'], {
    stdio: 'inherit',
    env: { ...process.env, SHELL: '/bin/sh', [IN_OWN_TERMINAL]: '1' },
  });
  if (error !== undefined) {
    throw new VeneerError('E_MISSING_PROGRAM', `cannot make a terminal for the shell: ${error.message}`, {
      hint: 'install script(1), or name a command: `veneer shell REF -- COMMAND`',
    });
  }
  process.exitCode = status ?? 1;
}

function addMount(program: Command): void {
  program
    .command('mount')
    .description('show a plan, a deployment or a base read-only at a folder; nothing is copied')
    .argument('<ref>', 'a plan, a deployment or a base')
    .argument('<dir>', 'an empty folder')
    .addHelpText('after', examples('veneer mount p3fa9c1 /mnt', 'veneer unmount /mnt'))
    .action((ref: string, dir: string, _options, command: Command) =>
      answer(command, (context) => {
        const shown = findShown(context.openSysroot(), ref);
        mountAt(shown, dir);
        const text = `${shown.label} is at ${dir}, read-only\nto take it away: veneer unmount ${dir}`;
        return { result: { shown: shown.label, at: dir }, text: () => text };
      }),
    );
}

function addUnmount(program: Command): void {
  program
    .command('unmount')
    .description('take away what `veneer mount` put at a folder')
    .argument('<dir>', 'the folder')
    .addHelpText('after', examples('veneer unmount /mnt'))
    .action((dir: string, _options, command: Command) =>
      answer(command, async (context) => {
        await unmountFrom(context.openSysroot(), dir);
        return { result: { unmounted: dir }, text: () => `unmounted ${dir}` };
      }),
    );
}
