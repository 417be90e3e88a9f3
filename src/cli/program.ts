import { Command, type CommanderError } from 'commander';
import { VeneerError, version } from '../index.js';
import { addApply } from './apply.js';
import { addBase } from './base.js';
import { pathOf } from './command-path.js';
import { addDiff } from './diff.js';
import { addDoctor } from './doctor.js';
import { exitCodeTable } from './exit-codes.js';
import { addFsck } from './fsck.js';
import { addInit } from './init.js';
import { addInstall } from './install.js';
import { addLook } from './look.js';
import { addPackages } from './packages.js';
import { addPlan } from './plan.js';
import { addRollback } from './rollback.js';
import { addStatus } from './status.js';
import { addUninstall } from './uninstall.js';
import { enterWhereNeeded } from './without-root.js';

const ADD_COMMANDS = [
  addInit,
  addBase,
  addInstall,
  addUninstall,
  addPlan,
  addApply,
  addStatus,
  addPackages,
  addDiff,
  addLook,
  addRollback,
  addFsck,
  addDoctor,
];

const DESCRIPTION =
  'Layers RPM packages on an immutable base tree, with the real rpm: each change is a new deployment, ' +
  'put in place in one step and undone with one command.';

/** The whole command line. Every mistake in its use is thrown as E_USAGE. */
export function buildProgram(): Command {
  const program = new Command('veneer')
    .description(DESCRIPTION)
    .version(version(), '--version', 'print the version')
    .option('--sysroot <dir>', 'the folder that holds everything Veneer owns (or set VENEER_SYSROOT)')
    .option('--json', 'print the result, or the error, as JSON on standard output')
    .option('--quiet', 'tell nothing of the progress')
    .option('--verbose', 'tell each package and scriptlet as it starts, in lines of their own')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    // Errors are printed by main, with their code and in JSON where that was asked for.
    .configureOutput({ outputError: () => {} })
    .hook('preAction', (_program, command) => enterWhereNeeded(command))
    .addHelpText('after', `\nExit status:\n${exitCodeTable()}`)
    .addHelpText('after', `\n\`veneer COMMAND --help\` shows a command's options and examples.`);
  for (const add of ADD_COMMANDS) add(program);
  throwUsageErrors(program);
  return program;
}

function throwUsageErrors(command: Command): void {
  command.exitOverride((error) => {
    throw asUsageError(error, command);
  });
  for (const child of command.commands) throwUsageErrors(child);
}

function asUsageError(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return error;
  const words = pathOf(command);
  const hint = `run \`${words} --help\``;
  // The group or the program alone: Commander has shown the help on stderr.
  if (error.code === 'commander.help') {
    const names = command.commands.map((child) => child.name()).filter((name) => name !== 'help');
    return new VeneerError('E_USAGE', `${words} needs a command: ${names.join(', ')}`, { hint });
  }
  const [message = '', ...lines] = error.message.replace(/^error: /, '').split('\n');
  return new VeneerError('E_USAGE', message, { hint, lines: lines.filter((line) => line !== '') });
}
