import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxErrorCode } from './errors.js';

/** Why a command could not be started, in words for the one who asked. */
export interface StartFailure {
  code: SandboxErrorCode;
  message: string;
  hint?: string;
}

/**
 * execve(2) says ENOENT both for a program and for the interpreter that it names; which it was, a look at the file
 * tells. To be called in the root and with the environment that the command would have had.
 */
export function explainFailure(
  program: string,
  error: NodeJS.ErrnoException,
  at: { cwd: string; path: string },
): StartFailure {
  if (!isFolder(at.cwd))
    return { code: 'E_USAGE', message: `the folder ${at.cwd} to start in does not exist` };
  const file = find(program, at);
  if (file === undefined) {
    return { code: 'E_NOT_FOUND', message: `command not found: ${program}`, hint: `looked in ${at.path}` };
  }
  const interpreter = error.code === 'ENOENT' ? interpreterOf(file) : undefined;
  if (interpreter !== undefined) {
    return {
      code: 'E_INTERPRETER_MISSING',
      message: `${program} cannot start: its interpreter ${interpreter} is not there`,
    };
  }
  return {
    code: 'E_NOT_EXECUTABLE',
    message: `${program} cannot be executed: ${error.code ?? error.message}`,
  };
}

function find(program: string, { cwd, path }: { cwd: string; path: string }): string | undefined {
  const places = program.includes('/') ? [join('/', program.startsWith('/') ? '' : cwd, program)] : [];
  if (!program.includes('/')) places.push(...path.split(':').map((folder) => join(folder, program)));
  return places.find((place) => {
    try {
      accessSync(place);
      return !isFolder(place) || program.includes('/');
    } catch {
      return false;
    }
  });
}

/** The program of a `#!` line, or the dynamic loader that an ELF file names (PT_INTERP, at its usual place). */
function interpreterOf(file: string): string | undefined {
  const start = Buffer.alloc(4096);
  const fd = openSync(file, constants.O_RDONLY);
  const length = readSync(fd, start);
  closeSync(fd);
  const text = start.toString('latin1', 0, length);
  return /^#![ \t]*([^\s]+)/.exec(text)?.[1] ?? /^\x7fELF[\s\S]*?\0(\/[^\0]*ld[^\0]*)\0/.exec(text)?.[1];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
