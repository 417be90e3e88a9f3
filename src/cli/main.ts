#!/usr/bin/env node
import { CommanderError } from 'commander';
import { defectText, EXIT, errorAsJson, errorText, VeneerError } from '../index.js';
import { interruption } from './interruption.js';
import { endProcess, printErrorText, printJson, survivePipes, viewOf } from './output.js';
import { buildProgram } from './program.js';

await main();

async function main(): Promise<void> {
  survivePipes();
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    process.exitCode = fail(error);
  }
  endProcess();
}

/** Tells the user, and gives the exit status. */
function fail(thrown: unknown): number {
  // What Commander throws as a plain error was help or the version, which it has printed.
  if (thrown instanceof CommanderError) return thrown.exitCode;
  const error = interruption.explain(thrown);
  if (wantsJson()) printJson(errorAsJson(error));
  if (error instanceof VeneerError) {
    if (!wantsJson()) printErrorText(errorText(error, viewOf(process.stderr)));
    return error.exitStatus;
  }
  if (!wantsJson()) printErrorText(defectText(error, process.env.VENEER_LOG === 'debug'));
  return EXIT.failed;
}

// Read from the arguments as they are: they may be what could not be understood.
function wantsJson(): boolean {
  const args = process.argv.slice(2);
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--json');
}
