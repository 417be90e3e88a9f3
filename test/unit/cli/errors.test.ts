import { CommanderError } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { exitCodeTable } from '../../../src/cli/exit-codes.js';
import { buildProgram } from '../../../src/cli/program.js';
import { commandLine } from '../../../src/cli/shell-words.js';
import { EXIT, VeneerError } from '../../../src/index.js';
import { defectText, errorAsJson, errorText } from '../../../src/report/error.js';
import { PLAIN_VIEW } from '../../../src/report/style.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('an error shows its code, lines and hint, escaped', () => {
  const error = new VeneerError('E_NO_BASE', 'no base \u001b[2J', { lines: ['one\ntwo'], hint: 'do this' });
  expect(errorText(error, PLAIN_VIEW)).toBe(
    'error [E_NO_BASE]: no base \\x1b[2J\n  one\n  two\nhint: do this',
  );
  expect(errorAsJson(error)).toEqual({
    formatVersion: 1,
    error: { code: 'E_NO_BASE', message: 'no base \u001b[2J', hint: 'do this', lines: ['one\ntwo'] },
  });
});

test('anything else is called a defect, and has a stack only for developers', () => {
  expect(defectText(new TypeError('x'), false)).not.toContain('    at ');
  expect(defectText(new TypeError('x'), true)).toContain('    at ');
});

test('the table of exit codes has every one', () => {
  expect(exitCodeTable().split('\n')).toHaveLength(Object.keys(EXIT).length);
});

test.each([
  [['bogus'], "unknown command 'bogus'", 'veneer --help'],
  [['status', '--bogus'], "unknown option '--bogus'", 'veneer status --help'],
  [['status', 'extra'], 'too many arguments', 'veneer status --help'],
  [['base', 'import', 'x'], "required option '--name <name>'", 'veneer base import --help'],
  [['diff', 'a'], "missing required argument 'b'", 'veneer diff --help'],
  [['install', '--time-limit', '0', 'x'], 'number of seconds', 'veneer install --help'],
  [['base'], 'needs a command: import, list', 'veneer base --help'],
  [['status'], 'no sysroot was named', '--sysroot DIR'],
])('%j is a usage error with a hint', async (args, message, hint) => {
  vi.stubEnv('VENEER_SYSROOT', '');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const error = await failure(args);
  expect(error).toMatchObject({ code: 'E_USAGE', exitStatus: EXIT.usage });
  expect((error as VeneerError).message).toContain(message);
  expect((error as VeneerError).hint).toContain(hint);
});

test('the sysroot may be named before the command and after it, and wins over the environment', async () => {
  vi.stubEnv('VENEER_SYSROOT', '/nowhere/env');
  for (const args of [
    ['--sysroot', '/nowhere/x', 'status'],
    ['status', '--sysroot', '/nowhere/x'],
  ]) {
    expect(await failure(args)).toMatchObject({
      code: 'E_NOT_A_SYSROOT',
      message: expect.stringContaining('/nowhere/x'),
    });
  }
  expect(await failure(['status'])).toMatchObject({ message: expect.stringContaining('/nowhere/env') });
});

test('help has examples and ends well', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const command of [
    'init',
    'install',
    'uninstall',
    'status',
    'packages',
    'diff',
    'rollback',
    'fsck',
    'doctor',
  ]) {
    write.mockClear();
    const error = await failure([command, '--help']);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).toBe(0);
    expect(write.mock.calls.join('')).toContain(`Examples:\n  veneer ${command}`);
  }
});

test('a command is kept as it can be typed again', () => {
  expect(commandLine(['install', "it's", 'a b', './x.rpm'])).toBe("veneer install 'it'\\''s' 'a b' ./x.rpm");
});

async function failure(args: string[]): Promise<unknown> {
  return buildProgram()
    .parseAsync(args, { from: 'user' })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
}
