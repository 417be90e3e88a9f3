import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import { type ChangeReport, install } from '../../src/index.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { needRoot } from '../helpers/skip.js';
import { newSysroot, temporaryFolder, veneer } from '../helpers/workspace.js';

beforeEach(needRoot);

const HELLO = rpm('hello-1.0');
const EDITOR = rpm('probe-editor-1');

async function started() {
  const made = await newSysroot(TINY);
  const run = (...args: string[]) => veneer([...args, '--quiet'], { sysroot: made.folder });
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout).result;
  return { ...made, run, json };
}

const paths = ({ files }: ChangeReport) => files.map(({ kind, path }) => `${kind} ${path}`);

describe('install --preview', () => {
  test('answers in the first line, names the plan, and deploys nothing', async () => {
    const { run, sysroot } = await started();
    const { exitCode, stdout } = await run('install', '--preview', HELLO);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe('would install 1 package, run 1 script, add 5 paths');
    expect(stdout).toMatch(/kept as plan p[0-9a-f]{6}; nothing was deployed/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(readdirSync(sysroot.deployments)).toEqual([]);
  });

  test('tells every path with its cause, in JSON as in text', async () => {
    const { json, run } = await started();
    const { report, plan } = await json('install', '--preview', EDITOR);
    expect(paths(report)).toContain('removed /usr/bin/tac');
    const profile = report.files.find(({ path }: { path: string }) => path === '/etc/profile');
    expect(profile).toMatchObject({
      kind: 'changed',
      inPlace: true,
      causes: [{ by: 'scriptlet', name: 'probe-editor.post' }],
      diff: expect.stringContaining('+# added by probe-editor'),
    });
    const { stdout } = await run('plan', 'show', plan.id, '--files');
    expect(stdout).toContain('+# added by probe-editor');
  });

  test('compares with the deployment that is current', async () => {
    const { json, sysroot } = await started();
    await install(sysroot, { packages: [HELLO], from: [] });
    expect(paths((await json('install', '--preview', rpm('dep-lib-1'))).report)).toEqual([
      'added /usr/lib/dep-lib',
    ]);
    const removal = await json('uninstall', '--preview', 'hello');
    expect(removal.report.packages).toMatchObject([{ kind: 'removed', name: 'hello' }]);
    expect(paths(removal.report)).toContain('removed /usr/bin/hello');
    expect(removal).toMatchObject({ reused: false, plan: { layer: null } });
  });

  test('writes the report as one HTML file', async () => {
    const { run } = await started();
    const file = join(temporaryFolder(), 'report.html');
    expect(await run('install', '--preview', EDITOR, '--html', file)).toMatchObject({ exitCode: 0 });
    const html = readFileSync(file, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('probe-editor.post');
  });

  test('with --fail-on ends with status 7 and a line for each finding, otherwise with 0', async () => {
    const { run } = await started();
    const failing = await run('install', '--preview', EDITOR, '--fail-on', 'foreign-file');
    expect(failing.exitCode).toBe(7);
    expect(failing.stdout).toMatch(/^failed on foreign-file: .*\/usr\/bin\/tac/m);
    expect(await run('install', '--preview', EDITOR, '--fail-on', 'network')).toMatchObject({ exitCode: 0 });
  });

  test('warns of what scriptlets tried, also where something is deployed already', async () => {
    const { run, json, sysroot } = await started();
    await install(sysroot, { packages: [HELLO], from: [] });
    const post = 'nc -w 1 10.1.2.3 80 </dev/null || true';
    const caller = await buildRpm({ name: 'caller', version: '1', scripts: { post } }, temporaryFolder());
    const { report } = await json('install', '--preview', caller);
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ rule: 'network', scriptlet: 'caller.post' }),
    );
    expect(report.packages).toMatchObject([{ name: 'caller', downloadSize: expect.any(Number) }]);
    expect(await run('install', '--preview', caller, '--fail-on', 'network')).toMatchObject({ exitCode: 7 });
  });

  test('with --only shows what one package does', async () => {
    const { run } = await started();
    const { stdout } = await run('install', '--preview', HELLO, EDITOR, '--only', 'hello', '--files');
    expect(stdout).toContain('/usr/bin/hello');
    expect(stdout).not.toContain('/etc/profile');
  });

  test('of what is there already says so', async () => {
    const { run, sysroot } = await started();
    await install(sysroot, { packages: [HELLO], from: [] });
    expect(await run('install', '--preview', HELLO)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing to do'),
    });
  });

  test('of a scriptlet that fails names it, and keeps no plan', async () => {
    const { run, json } = await started();
    const failed = await run('install', '--preview', rpm('probe-fail-post-1'));
    expect(failed).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('probe-fail-post.post') });
    expect(await json('plan', 'list')).toEqual([]);
  });
});

describe('plan diff', () => {
  test('compares plans, deployments and bases in the same form', async () => {
    const { json, sysroot } = await started();
    const first = await json('install', '--preview', HELLO);
    const second = await json('install', '--preview', rpm('hello-2.0'));
    const { report } = await json('plan', 'diff', first.plan.id, second.plan.id);
    expect(report.packages).toMatchObject([{ kind: 'upgraded', before: 'hello-1.0-1.noarch' }]);
    expect(paths(report)).toContain('changed /usr/bin/hello');
    await install(sysroot, { packages: [HELLO], from: [] });
    const same = await json('plan', 'diff', 'current', first.plan.id);
    expect(same.report).toMatchObject({ packages: [], files: [] });
    expect(paths((await json('plan', 'diff', 'tiny', 'current')).report)).toContain('added /usr/bin/hello');
  });
});

describe('what a preview refuses', () => {
  const cases: [what: string, args: string[], says: RegExp][] = [
    ['a report option without it', ['install', HELLO, '--files'], /--files is for --preview/],
    ['an HTML file that cannot be written', ['--html', '/none/x.html'], /cannot write \/none\/x\.html/],
    ['an HTML file without a name', ['--html', ''], /it has no name/],
    ['a rule that there is none of', ['--fail-on', 'magic'], /no such rule: magic/],
    ['a package that is not in the report', ['--only', 'magic'], /magic/],
  ];
  test.each(cases)('%s', async (_what, args, says) => {
    const { run, sysroot } = await started();
    const full = args[0] === 'install' ? args : ['install', '--preview', HELLO, ...args];
    const { exitCode, stderr } = await run(...full);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(says);
    expect(existsSync(sysroot.current)).toBe(false);
  });
});
