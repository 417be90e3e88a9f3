import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PackageDefinition } from '../../../fixtures/package-definition.js';
import { buildChangeReport } from '../../../src/report/build/index.js';
import { findWarnings } from '../../../src/report/build/warnings/index.js';
import type { ChangeReport, Warning, WarningRule } from '../../../src/report/change-report.js';
import { failOn } from '../../../src/report/fail-on.js';
import { rpm, TINY, tinyWith } from '../../helpers/fixture-rpms.js';
import { layerOf, reportOf, reportOfNew } from '../../helpers/reports.js';
import { newSysroot, temporaryFolder } from '../../helpers/workspace.js';

const A = { name: 'a', version: '1' };

function found({ warnings }: ChangeReport, rule: WarningRule): [Warning['severity'], string | null][] {
  return warnings.filter((warning) => warning.rule === rule).map(({ severity, path }) => [severity, path]);
}

/** For each rule a package that is to be told of, what of it, and one that is not. */
const RULES: Record<
  Exclude<WarningRule, 'scriptlet-failed' | 'config-kept'>,
  {
    fires: Partial<PackageDefinition>;
    tells: [Warning['severity'], string | null][];
    silent: Partial<PackageDefinition>;
  }
> = {
  'foreign-file': {
    fires: {
      scripts: {
        post: 'echo x >>/etc/profile; echo x >/usr/lib/tiny/far; rm /usr/bin/tac; : >>/etc/hosts; touch /etc/hosts',
      },
    },
    tells: [
      ['high', '/usr/bin/tac'],
      ['high', '/usr/lib/tiny/far'],
      ['high', '/usr/share/tiny-far'],
      ['medium', '/etc/profile'],
      ['low', '/etc/hosts'],
    ],
    silent: {
      files: { '/etc/a': '1' },
      scripts: { post: 'echo u:x:7:7::/:/bin/sh >>/etc/passwd; echo 2 >>/etc/a' },
    },
  },
  'in-place-write': {
    fires: {
      scripts: { post: 'echo x >>/etc/profile; chmod 0600 /etc/shells; : >>/etc/hosts; touch /etc/hosts' },
    },
    tells: [
      ['medium', '/etc/profile'],
      ['medium', '/etc/shells'],
      ['low', '/etc/hosts'],
    ],
    silent: {
      files: { '/etc/a': '1' },
      scripts: { post: 'echo x >>/etc/a; cp /etc/hosts /etc/h; echo x >>/etc/h; mv /etc/h /etc/hosts' },
    },
  },
  'unowned-file': {
    fires: {
      scripts: {
        post: 'echo x >/usr/bin/x; echo x >/etc/x; mkdir /usr/lib/empty; for i in 1 2 3 4; do >/srv/$i; done',
      },
    },
    tells: [
      ['medium', '/usr/bin/x'],
      ['low', '/etc/x'],
      ['low', '/srv'],
    ],
    silent: {
      files: { '/usr/share/a': { dir: true }, '/usr/share/a/ghost': { ghost: true } },
      scripts: { post: 'echo x >/usr/share/a/ghost; echo x >/etc/ld.so.cache; cp /etc/passwd /etc/passwd-' },
    },
  },
  'world-writable': {
    fires: {
      files: {
        '/srv/a': { content: 'a', mode: 0o666 },
        '/srv/sticky': { dir: true, mode: 0o1777 },
        '/srv/b': 'b',
      },
      scripts: { post: 'chmod 0602 /srv/b' },
    },
    tells: [
      ['high', '/srv/a'],
      ['high', '/srv/b'],
      ['low', '/srv/sticky'],
    ],
    silent: { files: { '/srv/a': { content: 'a', mode: 0o664 }, '/srv/l': { link: 'a' } } },
  },
  'set-uid': {
    fires: {
      files: {
        '/usr/bin/u': { content: 'u', mode: 0o4755 },
        '/usr/bin/g': { content: 'g', mode: 0o2755, group: 'mail' },
      },
      scripts: { post: 'chmod u+s /usr/bin/busybox' },
    },
    tells: [
      ['high', '/usr/bin/busybox'],
      ['high', '/usr/bin/u'],
      ['medium', '/usr/bin/g'],
    ],
    silent: {
      files: { '/srv/d': { dir: true, mode: 0o2775 } },
      scripts: { post: 'echo x >>/usr/bin/tiny-su; chmod 4755 /usr/bin/tiny-su' },
    },
  },
  capabilities: {
    fires: { files: { '/usr/bin/c': { content: 'c', mode: 0o755, caps: 'cap_net_raw=ep' } } },
    tells: [['high', '/usr/bin/c']],
    silent: { scripts: { post: 'chmod 0700 /usr/bin/tiny-ping' } },
  },
  'command-not-found': {
    fires: { scripts: { post: 'no-such-command || :' } },
    tells: [['medium', null]],
    silent: { scripts: { post: 'true' } },
  },
  network: {
    fires: { scripts: { post: 'nc 192.0.2.1 80 || :' } },
    tells: [['medium', null]],
    silent: { scripts: { post: 'ip addr' } },
  },
  'left-process': {
    fires: { scripts: { post: 'setsid sleep 60 >/dev/null 2>&1 </dev/null &' } },
    tells: [['medium', null]],
    silent: { scripts: { post: 'sleep 0.01 & wait' } },
  },
  'outside-usr': {
    fires: {
      files: { '/var/lib/a': { dir: true }, '/var/lib/a/b': 'b', '/opt/a': 'a', '/usr/local/a': 'a' },
    },
    tells: [
      ['medium', '/opt/a'],
      ['medium', '/usr/local/a'],
      ['low', '/var'],
    ],
    silent: { files: { '/usr/share/a': 'a', '/srv/var/a': 'a' } },
  },
};

describe.each(Object.entries(RULES))('%s', (name, { fires, tells, silent }) => {
  const rule = name as WarningRule;

  test('is told', async () => {
    expect(found(await reportOfNew({ ...A, ...fires }), rule)).toEqual(tells);
  });

  test('is not told of what is no reason', async () => {
    expect(found(await reportOfNew({ ...A, ...silent }), rule)).toEqual([]);
  });
});

describe('what a transaction alone tells', () => {
  test('config-kept: a configuration file that was changed and is upgraded', async () => {
    const base = await tinyWith([rpm('hello-1.0')], join(temporaryFolder(), 'base'));
    expect(found(await reportOf([rpm('hello-2.0')], base), 'config-kept')).toEqual([]);
    const changed = await tinyWith([rpm('hello-1.0')], join(temporaryFolder(), 'changed'));
    appendFileSync(join(changed, 'etc/hello.conf'), 'mine=1\n');
    const report = await reportOf([rpm('hello-2.0')], changed);
    expect(found(report, 'config-kept')).toEqual([['medium', '/etc/hello.conf.rpmnew']]);
    expect(report.meaning).toMatchObject([{ topic: 'configuration kept', action: 'added' }]);
  });

  test('scriptlet-failed: a failure that is on record, which a strict transaction never leaves', async () => {
    const request = await layerOf([rpm('hello-1.0')], await newSysroot(TINY));
    expect(found(await buildChangeReport(request), 'scriptlet-failed')).toEqual([]);
    request.layer.facts.scriptlets = request.layer.facts.scriptlets.map((run) => ({
      ...run,
      ...{ failed: true, status: 3 },
    }));
    const report = await buildChangeReport(request);
    expect(report.warnings.find(({ rule }) => rule === 'scriptlet-failed')).toMatchObject({
      severity: 'high',
      text: 'hello.post failed with exit status 3, and that was tolerated',
      scriptlet: 'hello.post',
    });
  });
});

test('a report without changes warns of nothing', () => {
  expect(findWarnings({ files: [], scriptlets: [], leftovers: [] })).toEqual([]);
});

test('a preview can be made to fail on named rules, and on known ones alone', async () => {
  const report = await reportOf([rpm('probe-files-1')]);
  expect(failOn(report, ['set-uid', 'network']).map(({ path }) => path)).toEqual(['/usr/bin/probe-setuid']);
  expect(failOn(report, [])).toEqual([]);
  expect(() => failOn(report, ['set-uid', 'setuid', 'toString'])).toThrow(
    expect.objectContaining({ code: 'E_USAGE', message: 'no such rule: setuid, toString' }),
  );
});
