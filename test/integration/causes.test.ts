import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import type { PackageDefinition } from '../../fixtures/package-definition.js';
import { type Cause, install, type LayerChange, listLayerChanges } from '../../src/index.js';
import { rpm, TINY, tinyWith } from '../helpers/fixture-rpms.js';
import { keepingUnchanged } from '../helpers/snapshot.js';
import { newSysroot, temporaryFolder } from '../helpers/workspace.js';

const RPMDB = 'usr/lib/sysimage/rpm';

/** Layers packages on a tree and answers what changed, by path. */
async function layered(packages: readonly string[], base = TINY): Promise<Map<string, LayerChange>> {
  const { sysroot, baseTree } = await newSysroot(base);
  await keepingUnchanged(baseTree, () => install(sysroot, { packages: [...packages], from: [] }, {}));
  const [layer] = readdirSync(sysroot.layers);
  const { watched } = JSON.parse(readFileSync(join(sysroot.layers, layer ?? '', 'layer.json'), 'utf8'));
  expect(watched).toBe(process.env.VENEER_WATCH ?? 'events');
  return new Map(listLayerChanges(sysroot).map((change) => [change.path, change]));
}

async function built(...definitions: PackageDefinition[]): Promise<string[]> {
  const folder = temporaryFolder();
  const paths: string[] = [];
  for (const definition of definitions) paths.push(await buildRpm(definition, folder));
  return paths;
}

/** Layers packages that are made for the occasion. */
async function layeredNew(...definitions: PackageDefinition[]): Promise<Map<string, LayerChange>> {
  return layered(await built(...definitions));
}

/** Causes in short: `payload a`, `a.post`, `rpm`. */
function causes(changes: Map<string, LayerChange>, path: string): string[] | undefined {
  return changes.get(path)?.causes.map(inShort);
}

function inShort(cause: Cause): string {
  if (cause.by === 'rpm') return 'rpm';
  return cause.by === 'scriptlet' ? cause.name : `payload ${cause.package}`;
}

const A = { name: 'a', version: '1' };
const B = { name: 'b', version: '1' };
const A_PAYLOAD = 'payload a-1-1.noarch';

describe.each([
  ['by events', undefined],
  ['by walking the upper folder', 'walk'],
])('who changed a path, %s', (_how, watch) => {
  const using = async <T>(work: () => Promise<T>): Promise<T> => {
    if (watch !== undefined) process.env.VENEER_WATCH = watch;
    try {
      return await work();
    } finally {
      delete process.env.VENEER_WATCH;
    }
  };
  const make = (...definitions: PackageDefinition[]) => using(() => layeredNew(...definitions));

  test('a file of the base that got another name has the cause of that, not of its folder', async () => {
    const post = 'ln /usr/bin/busybox /usr/share/another-name';
    const files = { '/usr/bin/a': { content: 'a\n' } };
    const changes = await using(() => layeredNew({ ...A, files, scripts: { post } }));
    expect(causes(changes, 'usr/share/another-name')).toEqual(['a.post']);
    expect(causes(changes, 'usr/bin/busybox')).toEqual(['a.post']);
  });

  test('a payload alone', async () => {
    const files = { '/usr/share/a': { dir: true }, '/usr/share/a/x': 'x', '/usr/share/a/l': { link: 'x' } };
    const changes = await make({ ...A, files });
    for (const path of ['usr/share/a', 'usr/share/a/x', 'usr/share/a/l', 'usr/share']) {
      expect(causes(changes, path), path).toEqual([A_PAYLOAD]);
    }
    for (const path of [RPMDB, `${RPMDB}/rpmdb.sqlite`]) expect(causes(changes, path), path).toEqual(['rpm']);
  });

  test('a payload whose %post edits it', async () => {
    const post = 'echo more >>/usr/share/a/x; echo new >/usr/share/a/y';
    const changes = await make({ ...A, files: { '/usr/share/a/x': 'x', '/etc/a': 'a' }, scripts: { post } });
    expect(causes(changes, 'usr/share/a/x')).toEqual([A_PAYLOAD, 'a.post']);
    expect(causes(changes, 'usr/share/a/y')).toEqual(['a.post']);
    expect(causes(changes, 'usr/share/a')).toEqual([A_PAYLOAD, 'a.post']);
    expect(causes(changes, 'etc/a')).toEqual([A_PAYLOAD]);
  });

  test('a scriptlet that edits the file of another package', async () => {
    const post = 'echo more >>/usr/share/a/x; chmod 0600 /etc/os-release';
    const changes = await make(
      { ...A, files: { '/usr/share/a/x': 'x' } },
      { ...B, requires: ['a'], scripts: { post } },
    );
    expect(causes(changes, 'usr/share/a/x')).toEqual([A_PAYLOAD, 'b.post']);
    expect(causes(changes, 'etc/os-release')).toEqual(['b.post']);
  });

  test('several scriptlets, in their order', async () => {
    const say = (what: string) => `echo ${what} >>/var/lib/said`;
    const posttrans = 'local f = io.open("/var/lib/said", "a") f:write("lua") f:close()';
    const changes = await make({
      ...A,
      files: { '/usr/share/a': 'a' },
      scripts: { pre: say('pre'), post: say('post'), posttrans: { interpreter: '<lua>', body: posttrans } },
    });
    expect(causes(changes, 'var/lib/said')).toEqual(['a.pre', 'a.post', 'a.posttrans']);
  });

  test('a trigger is the act of the package that carries it', async () => {
    const trigger = { kind: 'triggerin', on: 'a', body: 'echo triggered >>/usr/share/a/x' } as const;
    const changes = await make({ ...A, files: { '/usr/share/a/x': 'x' } }, { ...B, triggers: [trigger] });
    expect(changes.get('usr/share/a/x')?.causes).toEqual([
      { by: 'payload', package: 'a-1-1.noarch' },
      { by: 'scriptlet', name: 'b.triggerin', package: 'b-1-1.noarch' },
    ]);
  });

  test('a folder of the base that a scriptlet renames, with all that is in it', async () => {
    const post = 'mv /srv/odd/other /srv/odd/moved; echo new >/srv/odd/moved/new';
    const changes = await make({ ...A, scripts: { post } });
    for (const path of ['srv/odd/other', 'srv/odd/moved', 'srv/odd/moved/across', 'srv/odd/moved/new']) {
      expect(causes(changes, path), path).toEqual(['a.post']);
    }
  });

  test('what a scriptlet removes', async () => {
    const post = 'rm -r /srv/odd/other; rm /etc/os-release';
    const changes = await make({ ...A, scripts: { post } });
    expect(changes.get('srv/odd/other')).toMatchObject({ kind: 'removed' });
    for (const path of ['srv/odd/other', 'etc/os-release']) {
      expect(causes(changes, path), path).toEqual(['a.post']);
    }
  });

  test('an upgrade, whose old payload is removed and new one edited', async () => {
    const files = { '/usr/share/a/old': '1', '/usr/share/a/both': '1' };
    const [one = '', two = ''] = await built(
      { ...A, files, scripts: { postun: 'echo $1 >/usr/share/a/postun' } },
      { ...A, version: '2', files: { '/usr/share/a/both': '2' } },
    );
    const base = await tinyWith([one], `${temporaryFolder()}/base`);
    const changes = await using(() => layered([two], base));
    expect(changes.get('usr/share/a/old')?.kind).toBe('removed');
    expect(causes(changes, 'usr/share/a/old')).toEqual([A_PAYLOAD]);
    expect(causes(changes, 'usr/share/a/both')).toEqual(['payload a-2-1.noarch']);
    expect(changes.get('usr/share/a/postun')?.causes).toEqual([
      { by: 'scriptlet', name: 'a.postun', package: 'a-1-1.noarch' },
    ]);
  });

  test('everything but folders that are only on the way', async () => {
    const packages = ['probe-order-1', 'probe-trigger-1', 'probe-lua-1', 'probe-editor-1'].map((name) =>
      rpm(name),
    );
    const changes = await using(() => layered(packages));
    const without = [...changes.values()].filter((change) => change.causes.length === 0);
    expect(without.filter(({ kind }) => kind !== 'touched').map(({ path }) => path)).toEqual([]);
  });
});

describe('what events alone can tell', () => {
  test('a file that is renamed into place is the act of who renamed it', async () => {
    const changes = await layeredNew({
      ...A,
      scripts: {
        pre: 'cp /etc/passwd /etc/passwd.new; echo a:x:7001:7001::/:/bin/sh >>/etc/passwd.new',
        post: 'mv /etc/passwd.new /etc/passwd',
      },
    });
    expect(causes(changes, 'etc/passwd')).toEqual(['a.post']);
    expect(changes.get('etc/passwd')?.inPlace).toBe(false);
    expect(changes.has('etc/passwd.new')).toBe(false);
  });

  test('a folder of the base that one scriptlet writes in and another renames', async () => {
    const changes = await layeredNew({
      ...A,
      scripts: {
        pre: 'echo more >>/srv/odd/other/across',
        post: 'mv /srv/odd/other /srv/odd/moved',
        posttrans: 'echo new >/srv/odd/moved/new',
      },
    });
    expect(causes(changes, 'srv/odd/moved/across')).toEqual(['a.pre', 'a.post']);
    expect(causes(changes, 'srv/odd/moved/new')).toEqual(['a.post', 'a.posttrans']);
    expect(causes(changes, 'srv/odd/other')).toEqual(['a.post']);
  });

  test('a hardlinked file that was written by a name which is gone', async () => {
    const post = 'echo more >>/usr/lib/tiny/pair-a; rm /usr/lib/tiny/pair-a';
    const changes = await layeredNew({ ...A, scripts: { post } });
    expect(causes(changes, 'usr/lib/tiny/pair-b')).toEqual(['a.post']);
    expect(changes.get('usr/lib/tiny/pair-b')?.inPlace).toBe(true);
  });

  test('a process that a scriptlet left running writes in the name of that scriptlet', async () => {
    const late = 'while [ ! -e /run/stop ]; do echo late >>/var/lib/late; sleep 0.05; done >/dev/null 2>&1 &';
    const changes = await layeredNew(
      { ...A, scripts: { pre: `(${late})\nuntil [ -e /var/lib/late ]; do sleep 0.05; done` } },
      {
        ...B,
        requires: ['a'],
        files: { '/usr/share/b': 'b' },
        scripts: { post: 'sleep 0.5; touch /run/stop' },
      },
    );
    expect(causes(changes, 'var/lib/late')).toEqual(['a.pre']);
    expect(causes(changes, 'usr/share/b')).toEqual(['payload b-1-1.noarch']);
  });
});
