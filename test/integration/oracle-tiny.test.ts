import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../../fixtures/packages.js';
import { fsck, install } from '../../src/index.js';
import { rpm, TINY, tinyWith } from '../helpers/fixture-rpms.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { needRoot } from '../helpers/skip.js';
import { keepingUnchanged } from '../helpers/snapshot.js';
import { deploymentTree, newSysroot, withFolder } from '../helpers/workspace.js';

/** Packages as `name-version`, and those that the base has already. */
interface Case {
  install: string[];
  base?: string[];
}

/** These cannot go in by themselves: `bad-input.test.ts` and `life.test.ts` say what happens instead. */
const REFUSED = new Set([
  'dep-app-1',
  'foreign-arch-1',
  'needs-missing-1',
  'probe-conflict-1',
  'probe-fail-post-1',
  'probe-fail-posttrans-1',
  'probe-fail-pre-1',
  'probe-fail-pretrans-1',
  'probe-fifo-1',
  'probe-signal-1',
]);

const REFUSED_UPGRADES = new Set(['probe-fail-preun']);

const alone: Case[] = DEFINITIONS.map(({ name, version }) => `${name}-${version}`)
  .filter((name) => !REFUSED.has(name))
  .filter((name) => !name.startsWith('dep-circle'))
  .map((name) => ({ install: [name] }));

/** Every definition whose name was there before, in an older version. */
const upgrades: Case[] = DEFINITIONS.flatMap(({ name, version }, index) => {
  const old = DEFINITIONS.slice(0, index).find((earlier) => earlier.name === name);
  if (old === undefined || REFUSED_UPGRADES.has(name)) return [];
  return [{ base: [`${name}-${old.version}`], install: [`${name}-${version}`] }];
});

const together: Case[] = [
  { install: ['dep-app-1', 'dep-lib-1'] },
  { install: ['dep-circle-a-1', 'dep-circle-b-1'] },
  { base: ['dep-lib-1'], install: ['dep-app-1', 'dep-extra-1'] },
  { base: ['probe-order-1'], install: ['probe-heir-1'] },
  { install: ['probe-trigger-1', 'probe-lua-trigger-1', 'probe-order-1'] },
  { base: ['probe-trigger-1', 'probe-lua-trigger-1'], install: ['probe-order-1'] },
  { base: ['probe-trigger-1', 'probe-lua-trigger-1', 'probe-order-1'], install: ['probe-order-2'] },
  { base: ['probe-trigger-1', 'probe-order-1'], install: ['probe-trigger-2'] },
  { base: ['probe-trigger-1', 'probe-lua-trigger-1', 'probe-order-1'], install: ['probe-heir-1'] },
  { base: ['probe-trigger-1', 'probe-order-1'], install: ['probe-order-2', 'probe-trigger-2'] },
];

let agreed = 0;
afterAll(() => {
  process.stdout.write(`oracle tiny: ${agreed} packages agree\n`);
});

describe('Veneer deploys on the tiny base what plain rpm makes of a private copy of it', () => {
  test.each([...alone, ...upgrades, ...together].map((one) => [titleOf(one), one] as const))(
    '%s',
    async (_title, { install: names, base = [] }) => {
      await withFolder(async (folder) => {
        const packages = names.map((name) => rpm(name));
        const source =
          base.length === 0
            ? TINY
            : await tinyWith(
                base.map((name) => rpm(name)),
                join(folder, 'base'),
              );
        const { folder: root, sysroot, baseTree } = await newSysroot(source, join(folder, 'sysroot'));
        await keepingUnchanged(baseTree, async () => {
          const { deployment } = await install(sysroot, { packages, from: [] }, {});
          const tree = deploymentTree(root, deployment.id);
          await expectSameAsPlainRpm({ baseTree, packages, deploymentTree: tree });
        });
        expect(await fsck(sysroot, { data: true })).toEqual([]);
        agreed += packages.length;
      });
    },
  );
});

test('the tests above ran as root', (context) => needRoot(context));

function titleOf({ install: names, base = [] }: Case): string {
  return base.length === 0 ? names.join(' and ') : `${names.join(' and ')} over ${base.join(' and ')}`;
}
