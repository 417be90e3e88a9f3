import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureMedium } from '../../../fixtures/medium.js';
import { ensureReal, readClosures } from '../../../fixtures/real.js';
import { buildChangeReport } from '../../../src/report/build/index.js';
import { previewText, styleFor } from '../../../src/report/index.js';
import { columnsOf } from '../../../src/report/preview/layout.js';
import { rpm, TINY, tinyWith } from '../../helpers/fixture-rpms.js';
import { normalised, normalisedReal } from '../../helpers/normalise.js';
import { layerOf, reportOf, reportOfNew } from '../../helpers/reports.js';
import { forgetDeployments, newSysroot, temporaryFolder } from '../../helpers/workspace.js';

const WIDTHS = [80, 160];
const DEPTHS = [{}, { files: true, scripts: true }];
const plain = (width: number) => ({ style: styleFor(false), width });

function tooWide(text: string, width: number): string[] {
  return text.split('\n').filter((line) => columnsOf(line) > width);
}

describe('a preview of real packages on Debian', async () => {
  const real = await ensureReal();
  const closures = await readClosures(real);
  const made = await newSysroot(join(await ensureMedium(), 'base'));

  test.each(['openssh-server', 'nginx-light', 'at'])('%s', async (name) => {
    const packages = (closures[name] ?? []).map((file) => join(real, 'rpms', file));
    const report = normalisedReal(await buildChangeReport(await layerOf(packages, made)));
    forgetDeployments(made.folder);
    for (const width of WIDTHS) {
      const text = previewText(report, plain(width));
      expect(tooWide(text, width)).toEqual([]);
      expect(tooWide(previewText(report, plain(width), { files: true, scripts: true }), width)).toEqual([]);
      await expect(`${text}\n`).toMatchFileSnapshot(`previews/${name}-${width}.txt`);
    }
  });
});

describe('a preview of packages on the tiny base', () => {
  const cases: [string, string[], string[]][] = [
    ['hello', [], ['hello-1.0']],
    ['upgrade', ['hello-1.0', 'probe-files-1'], ['hello-2.0', 'probe-files-2']],
    ['behaviour', [], ['probe-editor-1', 'probe-user-1', 'probe-noisy-1', 'probe-names-1', 'probe-lua-1']],
  ];

  test.each(cases)('%s', async (name, had, wanted) => {
    const base =
      had.length === 0
        ? TINY
        : await tinyWith(
            had.map((one) => rpm(one)),
            join(temporaryFolder(), 'base'),
          );
    const report = normalised(
      await reportOf(
        wanted.map((one) => rpm(one)),
        base,
      ),
    );
    for (const width of WIDTHS) {
      for (const options of DEPTHS) {
        const text = previewText(report, plain(width), options);
        expect(tooWide(text, width)).toEqual([]);
        const depth = 'files' in options ? '-whole' : '';
        await expect(`${text}\n`).toMatchFileSnapshot(`previews/${name}${depth}-${width}.txt`);
      }
    }
  });

  test('one package of several', async () => {
    const report = normalised(await reportOf([rpm('hello-1.0'), rpm('probe-user-1')]));
    const text = previewText(report, plain(80), { only: 'hello', files: true });
    expect(text).toContain('/etc/hello.conf');
    expect(text).not.toMatch(/probe/);
    expect(previewText(report, plain(80), { only: 'hello-1.0-1.noarch', files: true })).toContain(
      'hello.post',
    );
    expect(() => previewText(report, plain(80), { only: 'helo' })).toThrow(
      /helo is no package of this report/,
    );
  });

  test('colours come through the view alone', async () => {
    const report = normalised(await reportOf([rpm('hello-1.0')]));
    const coloured = previewText(report, { style: styleFor(true), width: 80 });
    expect(coloured).toContain('\u001b[32m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(previewText(report, plain(80)));
  });
});

test('hostile names, output and scripts reach no terminal as they are', async () => {
  const post = `printf '\\033[2J\\033]0;owned\\007\\r+ forged line\\n\\302\\233 31m'; printf '\\342\\200\\256rtl\\n'
mkdir -p /srv/evil; echo x >"$(printf '/srv/evil/a\\nwould install 0 packages\\033[8m')"
printf 'a:x:0:0:\\033[8m:/\\302\\2332J:/bin/sh\\n' >>/etc/passwd
printf 'k=\\033[1A\\n' >/etc/evil.conf; ln -s "$(printf '/tmp/\\033[31m\\rx')" /srv/evil/link
echo x >/srv/evil/$(printf '%0200d' 0); printf '%0300d\\n' 0`;
  const made = await reportOfNew({ name: 'evil', version: '1', scripts: { post } });
  // rpmbuild refuses these in a summary; another builder need not.
  const packages = made.packages.map((one) => ({ ...one, summary: 'a\u202eb\u001b[31m' }));
  const asked = { ...made.asked, command: `veneer install \u001b[2J${'文'.repeat(99)}` };
  const report = { ...made, packages, asked };
  for (const options of [...DEPTHS, { only: 'evil' }]) {
    const text = previewText(report, plain(80), options);
    expect(text).toMatch(/\\x1b\[2J/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text.match(/^would /gm)).toHaveLength(1);
    expect(tooWide(text, 80)).toEqual([]);
  }
});

test('what there is nothing of is said in words', async () => {
  const report = await reportOf([rpm('hello-1.0')]);
  const totals = { added: 0, changed: 0, removed: 0, inPlace: 0, bytes: 0, downloadBytes: 0 };
  const none = { packages: [], scriptlets: [], files: [], meaning: [], warnings: [], totals };
  const of = (kind: typeof report.subject.kind) =>
    previewText({ ...report, ...none, subject: { ...report.subject, kind } }, plain(80)).split('\n');
  expect(of('plan').slice(0, 2)).toEqual(['would change nothing', 'nothing deserves a closer look']);
  expect(of('deployment')[0]).toBe('this deployment changes nothing');
  expect(of('difference')[0]).toBe('there is no difference');
});
