import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandsNotFoundIn, interpreterMissingIn } from '../../../src/rpm/scriptlet-facts.js';

describe('commands that were not found', () => {
  test.each([
    ['/var/tmp/rpm-tmp.aB3: line 3: no-such: command not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3: line 3: exec: no-such: not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3: 3: no-such: not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3: line 3: no-such: not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3[3]: no-such: not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3: 3: exec: no-such: not found', 'no-such'],
    ['sh: no-such: not found', 'no-such'],
    ['/var/tmp/rpm-tmp.aB3:3: command not found: no-such', 'no-such'],
    [`Can't exec "no-such": No such file or directory at /var/tmp/rpm-tmp.aB3 line 1.`, 'no-such'],
    ['/usr/bin/env: ‘no-such’: No such file or directory', 'no-such'],
    ["env: can't execute 'no-such': No such file or directory", 'no-such'],
    ['xargs: no-such: No such file or directory', 'no-such'],
  ])('are told by: %s', (line, command) => {
    expect(commandsNotFoundIn(`before\n${line}\nafter\n`)).toEqual([command]);
  });

  test.each([
    'user nobody: not found',
    '/var/tmp/rpm-tmp.aB3: line 3: /etc/none: No such file or directory',
    'cat: /etc/none: No such file or directory',
    '/var/tmp/rpm-tmp.aB3: line 3: cannot open none: No such file',
    '/var/tmp/rpm-tmp.aB3: line 3: none: No such file or directory',
    'grep: not found',
    'warning: file /etc/none: not found',
  ])('are not told by: %s', (line) => {
    expect(commandsNotFoundIn(line)).toEqual([]);
  });

  test.each([
    ['bash', ['--norc', '-c', 'no-such']],
    ['bash', ['--norc', '-c', 'exec no-such']],
    ['dash', ['-c', 'no-such']],
    ['dash', ['-c', 'exec no-such']],
    ['busybox', ['sh', '-c', 'no-such']],
    ['busybox', ['sh', '-c', 'exec no-such']],
    ['busybox', ['env', 'no-such']],
    ['busybox', ['xargs', 'no-such']],
    ['perl', ['-we', 'system("no-such")']],
    ['env', ['no-such']],
    ['xargs', ['no-such']],
    ['nohup', ['no-such']],
    ['nice', ['no-such']],
    ['timeout', ['5', 'no-such']],
  ])('are told by what %s %j prints here', (program, args) => {
    const { stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      input: 'x\n',
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
    });
    expect(commandsNotFoundIn(stderr), stderr).toEqual(['no-such']);
  });
});

describe('an interpreter that is missing', () => {
  test('is named by rpm', () => {
    const text = 'error: failed to exec scriptlet interpreter /usr/bin/python3: No such file or directory\n';
    expect(interpreterMissingIn(text)).toBe('/usr/bin/python3');
  });

  test('is not one that may not be executed', () => {
    expect(interpreterMissingIn('failed to exec scriptlet interpreter /etc/passwd: Permission denied')).toBe(
      null,
    );
  });
});
