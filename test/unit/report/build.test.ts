import { createHash } from 'node:crypto';
import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../../fixtures/build-rpm.js';
import { buildChangeReport, buildDifferenceReport } from '../../../src/report/build/index.js';
import { makeSide } from '../../../src/report/build/side.js';
import type { ChangeReport, FileChange } from '../../../src/report/change-report.js';
import { treePath } from '../../../src/tree/path.js';
import { rpm, TINY, tinyWith } from '../../helpers/fixture-rpms.js';
import { privateCopy } from '../../helpers/plain-rpm.js';
import { layerOf, reportOf, reportOfNew } from '../../helpers/reports.js';
import { newSysroot, temporaryFolder } from '../../helpers/workspace.js';

const A = { name: 'a', version: '1' };
const NO_DURATIONS = { phases: {}, scriptletsMs: 0 };

function fileAt({ files }: ChangeReport, path: string): FileChange {
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is not in the report`);
  return found;
}

/** `letters path`, for all or for those below a folder. */
function lines({ files }: ChangeReport, below = '/'): string[] {
  return files.filter(({ path }) => path.startsWith(below)).map(({ letters, path }) => `${letters} ${path}`);
}

describe('the files of a report', () => {
  test('letters say which aspects changed', async () => {
    const post = `cp -p /usr/bin/tiny-mail /srv/keep; echo x >>/etc/profile; chmod 0600 /etc/hosts; chown 8:2 /etc/shells
chmod 0700 /usr/bin/tiny-ping; ln -sf elsewhere /usr/bin/tac; rm /usr/lib/tiny/of-bin; mkdir /usr/lib/tiny/of-bin
rm -r /usr/lib/tiny/empty; touch /etc/os-release`;
    const report = await reportOfNew({ ...A, scripts: { post } });
    expect(lines(report, '/etc').concat(lines(report, '/usr'))).toEqual([
      '.p..... /etc/hosts',
      '....... /etc/os-release',
      'c...... /etc/profile',
      '..ug... /etc/shells',
      '......t /usr/bin/tac',
      '.p..... /usr/bin/tiny-ping',
      '------- /usr/lib/tiny/empty',
      '..ug..t /usr/lib/tiny/of-bin',
    ]);
    expect(fileAt(report, '/etc/shells')).toMatchObject({
      before: { uid: 0, user: 'root', group: 'root' },
      after: { uid: 8, user: 'mail', gid: 2, group: 'bin' },
      owner: 'setup-1-1.noarch',
    });
  });

  test('capabilities, digests, targets, and names by the tree that has them', async () => {
    const report = await reportOf([rpm('probe-files-1'), rpm('probe-user-1')]);
    expect(fileAt(report, '/usr/bin/probe-caps').after?.capabilities).toBe('cap_net_admin,cap_net_raw=ep');
    expect(fileAt(report, '/usr/lib/probe/dangling').after?.target).toBe('/does/not/exist');
    expect(fileAt(report, '/var/lib/probe-user').after).toMatchObject({
      uid: 900,
      user: 'probe',
      group: 'probe',
    });
    expect(fileAt(report, '/usr/lib/probe/same-bytes').after?.sha256).toBe(
      createHash('sha256').update('same\n').digest('hex'),
    );
  });

  test('a folder that is removed or replaced is told with all that was in it', async () => {
    const removed = await reportOfNew({ ...A, scripts: { post: 'rm -r /srv/odd' } });
    const replaced = await reportOfNew({ ...A, scripts: { post: 'rm -r /srv/odd; echo x >/srv/odd' } });
    const renewed = await reportOfNew({
      ...A,
      scripts: { post: 'rm -r /srv/odd; mkdir /srv/odd; >/srv/odd/new' },
    });
    const below = lines(removed, '/srv/odd/');
    expect(below.length).toBeGreaterThan(3);
    expect(lines(replaced, '/srv/odd/')).toEqual(below);
    expect(lines(renewed, '/srv/odd/').filter((line) => line !== '+++++++ /srv/odd/new')).toEqual(below);
    expect(new Set(removed.files.map(({ kind }) => kind))).toEqual(new Set(['removed']));
    expect(removed.files.every(({ causes }) => causes.length === 1)).toBe(true);
    expect(fileAt(replaced, '/srv/odd').letters).toBe('......t');
  });

  test('neither the rpmdb nor folders of which times alone moved are told', async () => {
    const report = await reportOf([rpm('hello-1.0')]);
    expect(lines(report)).toEqual([
      '+++++++ /etc/hello.conf',
      '+++++++ /usr/bin/hello',
      '+++++++ /usr/share/hello',
      '+++++++ /usr/share/hello/post-ran',
      '+++++++ /usr/share/hello/version',
    ]);
  });

  test('text is compared up to a limit, and only text', async () => {
    const post = `printf 'a\\0b' >/etc/nul; printf '\\377' >/etc/stray; head -c 70000 /dev/zero | tr '\\0' x >/etc/long
echo new >/etc/text; echo mine >>/usr/share/a/brought`;
    const files = { '/etc/a.conf': 'a=1\n', '/usr/share/a/brought': 'b\n', '/usr/share/a/plain': 'p\n' };
    const report = await reportOfNew({ ...A, files, scripts: { post } });
    for (const path of ['/etc/nul', '/etc/stray', '/etc/long', '/usr/share/a/plain']) {
      expect(fileAt(report, path).diff, path).toBeNull();
    }
    expect(fileAt(report, '/etc/text').diff).toBe('--- /dev/null\n+++ /etc/text\n@@ -0,0 +1,1 @@\n+new\n');
    expect(fileAt(report, '/etc/a.conf').diff).toContain('+a=1');
    expect(fileAt(report, '/usr/share/a/brought').diff).toContain('+mine');
  });

  test('what not everyone may read is not quoted, neither what it was nor what it is', async () => {
    const post = `umask 077; echo secret >/etc/key; echo x:secret:1:::::: >>/etc/shadow
chmod 0600 /etc/hosts; echo secret >>/etc/hosts; echo open >>/etc/profile`;
    const report = await reportOfNew({ ...A, scripts: { post } });
    for (const path of ['/etc/key', '/etc/shadow', '/etc/hosts']) {
      expect(fileAt(report, path).diff, path).toBeNull();
    }
    expect(fileAt(report, '/etc/profile').diff).toContain('+open');
    expect(JSON.stringify(report.files)).not.toContain('secret');
  });

  test('the owner is the package that lists the path, also by a link to its folder', async () => {
    const report = await reportOfNew({
      ...A,
      files: { '/bin/a-tool': 'a' },
      scripts: { post: 'touch /usr/bin/a-tool' },
    });
    expect(fileAt(report, '/usr/bin/a-tool').owner).toBe('a-1-1.noarch');
  });

  test('names that share an inode count once', async () => {
    const report = await reportOfNew({ ...A, scripts: { post: 'ln /usr/bin/busybox /usr/bin/other-name' } });
    expect(report.totals).toMatchObject({ added: 1, changed: 1, bytes: 0 });
  });
});

describe('the scriptlets of a report', () => {
  test('have body, interpreter, output and the number of paths they changed', async () => {
    const report = await reportOf([rpm('probe-noisy-1'), rpm('hello-1.0')]);
    const [noisy, hello] = report.scriptlets;
    expect(hello).toMatchObject({ name: 'hello.post', interpreter: '/bin/sh', ran: true, changedPaths: 2 });
    expect(hello?.body).toContain('post of hello 1.0');
    expect(noisy?.output.text).toContain('\u001b[31mred');
    expect(noisy?.output).toMatchObject({ truncated: false });
  });

  test('long output is told by its end, cut between characters', async () => {
    const post = "i=0; while [ $i -lt 3000 ]; do echo größe; i=$((i + 1)); done; echo 'the end'";
    const [run] = (await reportOfNew({ ...A, scripts: { post } })).scriptlets;
    expect(run?.output).toMatchObject({ bytes: 3000 * 8 + 8, truncated: true });
    expect(run?.output.text).toMatch(/the end\n$/);
    expect(run?.output.text).not.toContain('\ufffd');
  });

  test('those that did not run stand at their package, with the reason', async () => {
    const trigger = (kind: 'triggerin' | 'triggerun' | 'filetriggerin', on: string) => ({
      kind,
      on,
      body: 'true',
    });
    const report = await reportOfNew({
      ...A,
      files: { '/usr/share/a': 'a' },
      scripts: { pre: 'true', preun: 'true', verifyscript: 'true' },
      triggers: [
        trigger('triggerin', 'other'),
        trigger('triggerun', 'other'),
        trigger('filetriggerin', '/nowhere'),
      ],
    });
    expect(report.scriptlets.map(({ name, ran, skipped }) => [name, ran, skipped])).toEqual([
      ['a.pre', true, ''],
      ['a.preun', false, 'runs when the package is removed'],
      ['a.verify', false, 'runs only when the package is verified (rpm -V)'],
      ['a.triggerin', false, 'fires when other is installed'],
      ['a.triggerun', false, 'fires when other is removed'],
      ['a.filetriggerin', false, 'no matching file came: /nowhere'],
    ]);
  });

  test('those of the base that fire, and of a package that is replaced, have bodies as well', async () => {
    const old = await buildRpm({ ...A, scripts: { postun: 'echo old' } }, temporaryFolder());
    const now = await buildRpm({ ...A, version: '2' }, temporaryFolder());
    const base = await tinyWith([old, rpm('probe-trigger-1')], join(temporaryFolder(), 'base'));
    const report = await reportOf([now, rpm('probe-order-1')], base);
    expect(report.packages).toMatchObject([{ kind: 'added' }, { kind: 'upgraded', before: 'a-1-1.noarch' }]);
    const body = (name: string) => report.scriptlets.find((one) => one.name === name)?.body;
    expect(body('a.postun')).toBe('echo old');
    expect(body('probe-trigger.triggerin')).toMatch(/\S/);
  });
});

test('what changes mean is told by topic', async () => {
  const units = {
    '/usr/lib/systemd/system/a.service': '[Unit]\n',
    '/usr/lib/systemd/user/b.timer': '[Timer]\n',
  };
  const system = '/etc/systemd/system';
  const post = `echo u:x:900:8::/home/u:/bin/sh >>/etc/passwd; sed -i 's/^mail:x:8:/&u/' /etc/group
mkdir -p ${system}/multi-user.target.wants /etc/alternatives; cd ${system}
ln -s /usr/lib/systemd/system/a.service multi-user.target.wants/a.service; ln -s /usr/lib/systemd/system/a.service alias.service
ln -s /dev/null masked.service; ln -s /usr/bin/vi /etc/alternatives/editor; chmod u-s /usr/bin/tiny-su`;
  const report = await reportOfNew({
    ...A,
    files: {
      ...units,
      '/etc/cron.d/a': '#\n',
      '/etc/pam.d/a': '#\n',
      '/etc/sudoers.d/a': '#\n',
      '/etc/ld.so.conf.d/a.conf': '#\n',
      '/lib/modules/6.1/a.ko': 'a',
      '/lib/modules/6.1/b.ko.xz': 'b',
      '/usr/bin/cap': { content: 'c', mode: 0o755, caps: 'cap_chown=ep' },
    },
    scripts: { post },
  });
  expect(report.meaning.map(({ topic, action, what }) => `${topic} ${action}: ${what}`)).toEqual([
    'user added: u (uid 900)',
    'group changed: mail (u joins)',
    'systemd unit enabled: alias.service (alias of a.service)',
    'systemd unit disabled: masked.service (masked)',
    'systemd unit enabled: a.service (wanted by multi-user.target)',
    'systemd unit added: a.service',
    'systemd unit added: b.timer (for users)',
    'capabilities added: /usr/bin/cap (cap_chown=ep)',
    'set-uid or set-gid removed: /usr/bin/tiny-su (set-uid root)',
    'kernel module added: 2 modules of kernel 6.1',
    'alternative added: editor -> /usr/bin/vi',
    'cron added: /etc/cron.d/a',
    'shared libraries added: /etc/ld.so.conf.d/a.conf',
    'PAM added: /etc/pam.d/a',
    'sudoers added: /etc/sudoers.d/a',
  ]);
});

describe('a report of two trees', () => {
  const difference = (before: Parameters<typeof buildDifferenceReport>[0]['before'], after: typeof before) =>
    buildDifferenceReport({
      subject: {
        ...{ kind: 'difference', before: 'a', after: 'b', created: '2026-01-01T00:00:00Z', view: null },
        base: { id: '', name: '', digest: '' },
      },
      ...{ asked: { command: '', packages: [] }, before, after },
    });

  test('two layers of one base differ by what either changes, whatever the base holds', async () => {
    const made = await newSysroot(TINY);
    const one = await layerOf([rpm('hello-1.0')], made);
    const both = await layerOf([rpm('probe-user-1')], made);
    const side = ({ base, layer }: typeof one) => ({
      tree: base.tree,
      upper: layer.upper,
      changes: layer.changes,
    });
    const report = await difference(side(one), side(both));
    expect(report.packages.map(({ kind, name }) => [kind, name])).toEqual([['added', 'probe-user']]);
    expect(lines(report)).toEqual([
      'c...... /etc/group',
      'c...... /etc/passwd',
      '+++++++ /var/lib/probe-user',
      '+++++++ /var/lib/probe-user/key',
    ]);
    expect((await difference(side(one), side(one))).files).toEqual([]);
    const back = await difference(side(both), side(one));
    expect(back.packages.map(({ kind, name }) => [kind, name])).toEqual([['removed', 'probe-user']]);
    expect(fileAt(back, '/var/lib/probe-user/key')).toMatchObject({
      kind: 'removed',
      owner: 'probe-user-1-1.noarch',
    });
  });

  test('whole trees are compared, and causes are those of their layers', async () => {
    const { layer, base } = await layerOf([rpm('hello-1.0')], await newSysroot(TINY));
    const deployed = await tinyWith([rpm('hello-1.0')], join(temporaryFolder(), 'deployed'));
    const report = await difference({ tree: base.tree }, { tree: deployed, changes: layer.changes });
    expect(lines(report)).toEqual(lines(await reportOf([rpm('hello-1.0')])));
    expect(fileAt(report, '/usr/share/hello/post-ran').causes).toMatchObject([{ name: 'hello.post' }]);
    const newer = await tinyWith([rpm('hello-2.0')], join(temporaryFolder(), 'newer'));
    expect((await difference({ tree: newer }, { tree: deployed })).packages).toMatchObject([
      { kind: 'downgraded' },
    ]);
  });
});

test('a bare base changes nothing', async () => {
  const { subject, asked } = await layerOf([rpm('hello-1.0')], await newSysroot(TINY));
  const packageFiles = new Map<string, string>();
  const request = {
    subject,
    asked,
    base: { tree: TINY },
    layer: undefined,
    packageFiles,
    durations: NO_DURATIONS,
  };
  const { packages, scriptlets, files, meaning, warnings } = await buildChangeReport(request);
  expect({ packages, scriptlets, files, meaning, warnings }).toEqual({
    packages: [],
    scriptlets: [],
    files: [],
    meaning: [],
    warnings: [],
  });
});

test('of the base a report needs only the paths that change, the rpmdb and the accounts', async () => {
  const request = await layerOf([rpm('hello-1.0'), rpm('probe-user-1')], await newSysroot(TINY));
  const bare = join(temporaryFolder(), 'bare');
  await privateCopy(request.base.tree, bare);
  for (const folder of ['usr/bin', 'usr/sbin', 'usr/lib/tiny', 'srv', 'root']) {
    for (const name of readdirSync(join(bare, folder))) rmSync(join(bare, folder, name), { recursive: true });
  }
  for (const name of ['hosts', 'profile', 'shells']) rmSync(join(bare, 'etc', name));
  const report = await buildChangeReport({ ...request, base: { tree: bare } });
  expect(report).toEqual(await buildChangeReport(request));
  expect(report.files.length).toBeGreaterThan(5);
});

test('a link in the tree never leads to a file of the host', async () => {
  const tree = join(temporaryFolder(), 'tree');
  const host = temporaryFolder();
  await privateCopy(TINY, tree);
  writeFileSync(join(host, 'passwd'), 'host:x:0:0::/:/bin/sh\n');
  symlinkSync(host, join(tree, 'linked'));
  symlinkSync(join(host, 'passwd'), join(tree, 'etc/link'));
  const side = makeSide({ tree });
  expect(side.read(treePath('etc/passwd'))?.toString()).toContain('root');
  expect(side.read(treePath('linked/passwd'))).toBeUndefined();
  expect(side.find(treePath('linked/passwd'))).toBeUndefined();
  expect(side.read(treePath('etc/link'))).toBeUndefined();
});
