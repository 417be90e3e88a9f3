import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildRpm } from '../../../fixtures/build-rpm.js';
import { withRpmHome } from '../../../fixtures/rpm-home.js';
import { digestFile, type PackageFile, readPackageFile } from '../../../src/rpm/package-file.js';
import { run } from '../../../src/support/processes.js';
import { codeOf, errorOf, plainRpm, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();
let path: string;
let subject: PackageFile;

beforeAll(async () => {
  path = await buildRpm(
    {
      name: 'subject',
      version: '1.0~rc1',
      epoch: '2',
      summary: 'Größe',
      requires: ['/bin/sh', 'libfoo >= 1.2-3'],
      provides: ['capability(x) = 7'],
      conflicts: ['enemy < 3'],
      obsoletes: ['ancestor <= 2'],
      files: {
        '/etc/subject.conf': { content: 'key=value\n', config: 'noreplace', mode: 0o640, group: 'mail' },
        '/usr/bin/subject': { content: '#!/bin/sh\n', mode: 0o4755 },
        '/usr/bin/ping6': { content: 'x', mode: 0o755, caps: 'cap_net_raw=ep' },
        '/usr/lib/subject': { dir: true, mode: 0o1777 },
        '/usr/lib/subject/link': { link: '../target with space' },
        '/var/log/subject.log': { ghost: true },
        '/usr/share/subject/caf\udce9 au lait': 'latin1 name',
      },
      scripts: {
        pre: 'echo pre',
        post: { interpreter: '/sbin/ldconfig' },
        posttrans: { interpreter: '<lua>', body: 'print("hi")' },
        preun: 'echo preun',
      },
      triggers: [
        { kind: 'triggerin', on: 'bash, zsh > 3', body: 'echo t1' },
        { kind: 'triggerpostun', on: 'ksh', body: 'echo t2', interpreter: '/bin/bash' },
        { kind: 'filetriggerin', on: '/usr/lib /usr/share', body: 'cat' },
        { kind: 'transfiletriggerpostun', on: '/etc', body: 'cat >/dev/null' },
      ],
    },
    folder,
  );
  subject = await readPackageFile(path);
});

test('the name, sizes and times are what rpm says', async () => {
  const format = '%{NEVRA}\\n%{SUMMARY}\\n%{LICENSE}\\n%{LONGSIZE}\\n%{BUILDTIME}\\n%{SHA256HEADER}';
  const expected = await plainRpm('-qp', '--qf', format, path);
  const { nevra, summary, license, size, buildTime, headerDigest } = subject;
  expect([nevra, summary, license, size, buildTime, headerDigest].join('\n')).toBe(expected);
  expect(nevra).toBe('subject-2:1.0~rc1-1.noarch');
  expect(subject.installTime).toBeUndefined();
});

test.each(['requires', 'provides', 'conflicts', 'obsoletes'] as const)(
  'the %s are what rpm says',
  async (kind) => {
    const tag = kind.slice(0, -1).toUpperCase();
    const expected = await plainRpm(
      '-qp',
      '--qf',
      `[%{${tag}NAME}|%{${tag}FLAGS}|%{${tag}VERSION}\\n]`,
      path,
    );
    expect(subject[kind].map(({ name, flags, version }) => `${name}|${flags}|${version}`).join('\n')).toBe(
      expected,
    );
    expect(subject[kind].length).toBeGreaterThan(0);
  },
);

test('the files are what rpm says, a name that is not UTF-8 included', async () => {
  const tags =
    'FILENAMES FILEMODES FILEUSERNAME FILEGROUPNAME LONGFILESIZES FILEMTIMES FILEDIGESTS FILELINKTOS FILECAPS';
  const format = tags
    .split(' ')
    .map((tag) => `%{${tag}}`)
    .join('|');
  const { env } = await withRpmHome(async (home) => home);
  const expected = execFileSync('rpm', ['-qp', '--qf', `[${format}\\n]`, path], {
    env: { ...process.env, ...env },
  });
  const lines = subject.files.map((file) =>
    [
      `/${file.path}`,
      file.mode,
      file.user,
      file.group,
      file.size,
      file.mtime,
      file.digest,
      file.link,
      file.caps,
    ].join('|'),
  );
  expect(`${lines.join('\n')}\n`).toBe(expected.toString('latin1'));
  expect(subject.files.map((file) => file.path)).toContain('usr/share/subject/caf\xe9 au lait');
  expect(new Set(subject.files.map((file) => file.digestAlgorithm))).toEqual(new Set(['sha256']));
});

test('config, noreplace and ghost files are told apart', () => {
  const flags = Object.fromEntries(subject.files.map((file) => [file.path, file.flags]));
  expect(flags['etc/subject.conf']).toEqual(['config', 'noreplace']);
  expect(flags['var/log/subject.log']).toEqual(['ghost']);
  expect(flags['usr/bin/subject']).toEqual([]);
});

test('every scriptlet is listed with its kind, interpreter, body and what it fires for', () => {
  const listed = subject.scriptlets.map(({ kind, interpreter, body, firesFor }) => [
    kind,
    interpreter,
    body.trim(),
    firesFor.join(' '),
  ]);
  expect(listed).toEqual([
    ['pre', '/bin/sh', 'echo pre', ''],
    ['post', '/sbin/ldconfig', '', ''],
    ['preun', '/bin/sh', 'echo preun', ''],
    ['posttrans', '<lua>', 'print("hi")', ''],
    ['triggerin', '/bin/sh', 'echo t1', 'bash zsh'],
    ['triggerpostun', '/bin/bash', 'echo t2', 'ksh'],
    ['filetriggerin', '/bin/sh', 'cat', '/usr/lib /usr/share'],
    ['transfiletriggerpostun', '/bin/sh', 'cat >/dev/null', '/etc'],
  ]);
});

test('the digest and size are those of the whole file', async () => {
  const { stdout } = await run('sha256sum', [path]);
  expect(await digestFile(path)).toBe(stdout.slice(0, 64));
  expect(subject.fileSize).toBe(readFileSync(path).length);
  expect(subject.path).toBe(path);
});

describe('bad input', () => {
  const bad = join(folder, 'bad.rpm');

  test('a file that does not exist', async () => {
    const error = await errorOf(() => readPackageFile(join(folder, 'absent.rpm')));
    expect([error?.code, error?.message]).toEqual(['E_USAGE', `${folder}/absent.rpm: no such file`]);
  });

  test.each([
    ['an empty file', '', /is empty/],
    ['text', 'hello, this is text\n'.repeat(50), /is not an RPM/],
    [
      'an RPM lead with rubbish behind it',
      Buffer.concat([Buffer.from('edabeedb', 'hex'), Buffer.alloc(500, 'x')]),
      /damaged/,
    ],
  ])('%s is not an RPM', async (_title, content, reason) => {
    writeFileSync(bad, content);
    const error = await errorOf(() => readPackageFile(bad));
    expect(error?.code).toBe('E_NOT_AN_RPM');
    expect(error?.message).toMatch(reason);
  });

  test('a folder, a fifo and a source package are not RPMs to install', async () => {
    mkdirSync(join(folder, 'folder.rpm'));
    expect(await codeOf(() => readPackageFile(join(folder, 'folder.rpm')))).toBe('E_NOT_AN_RPM');
    await run('mkfifo', [join(folder, 'fifo.rpm')]);
    expect(await codeOf(() => readPackageFile(join(folder, 'fifo.rpm')))).toBe('E_NOT_AN_RPM');
    const source = await errorOf(async () => readPackageFile(await buildSource()));
    expect(source?.code).toBe('E_NOT_AN_RPM');
    expect(source?.message).toMatch(/is a source package/);
  });

  test('a file that is cut off, anywhere behind its magic, is truncated', async () => {
    const whole = subject.fileSize;
    for (const length of [5, 95, 96, 100, 111, 113, 1000, 2000, whole - 500, whole - 1]) {
      copyFileSync(path, bad);
      truncateSync(bad, length);
      expect(await codeOf(() => readPackageFile(bad)), `${length} of ${whole} bytes`).toBe('E_RPM_TRUNCATED');
    }
  });
});

async function buildSource(): Promise<string> {
  const spec = join(folder, 'src.spec');
  writeFileSync(
    spec,
    'Name: src\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n%files\n',
  );
  const out = join(folder, 'source');
  await withRpmHome(({ env }) =>
    run('rpmbuild', ['-bs', '--define', `_topdir ${out}`, '--define', `_srcrpmdir ${out}`, spec], { env }),
  );
  return join(out, readdirSync(out).find((name) => name.endsWith('.src.rpm')) ?? '');
}
