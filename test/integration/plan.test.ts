import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import {
  applyPlan,
  discardPlan,
  findPlan,
  fsck,
  install,
  listPlans,
  previewInstall,
  previewUninstall,
  status,
  uninstall,
} from '../../src/index.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { needRoot } from '../helpers/skip.js';
import { keepingUnchanged } from '../helpers/snapshot.js';
import { deploymentTree, newSysroot, temporaryFolder } from '../helpers/workspace.js';

beforeEach(needRoot);

const HELLO = { packages: [rpm('hello-1.0')], from: [] };

/** Each run of its %post leaves another number: what two runs make tells which of them is there. */
const RANDOM = {
  name: 'random',
  version: '1',
  scripts: { post: 'cat /proc/sys/kernel/random/uuid >/usr/share/random' },
};

describe('a preview', () => {
  test('leaves a plan, and no deployment, checkout or stage', async () => {
    const { sysroot, baseTree } = await newSysroot(TINY);
    await keepingUnchanged(baseTree, async () => {
      const { plan, reused } = await previewInstall(sysroot, HELLO, {
        command: 'veneer install --preview hello',
      });
      expect(reused).toBe(false);
      expect(plan).toMatchObject({ onto: null, applied: null, changes: { added: 5 } });
      expect(listPlans(sysroot)).toEqual([plan]);
      expect(status(sysroot)).toMatchObject({ current: null, deployments: [] });
      expect(await fsck(sysroot, { data: true })).toEqual([]);
    });
  });

  test('applied deploys the very files that were made for it, as plain rpm would', async () => {
    const folder = temporaryFolder();
    const packages = [await buildRpm(RANDOM, folder)];
    const { sysroot, folder: root } = await newSysroot(TINY);
    const { plan } = await previewInstall(sysroot, { packages, from: [] });
    const shown = readFileSync(join(sysroot.layers, plan?.layer ?? '', 'upper/usr/share/random'), 'utf8');
    const outcome = await applyPlan(sysroot, plan?.id ?? '');
    const tree = deploymentTree(root, outcome.deployment.id);
    expect(readFileSync(join(tree, 'usr/share/random'), 'utf8')).toBe(shown);
    expect(outcome).toMatchObject({ reused: true, changed: true });
    expect(outcome.durations.transact).toBeUndefined();
    expect(findPlan(sysroot, plan?.id ?? '').applied).toBe(outcome.deployment.id);
    expect(await fsck(sysroot, { data: true })).toEqual([]);
  });

  test('applied is what plain rpm makes', async () => {
    const { sysroot, folder, baseTree } = await newSysroot(TINY);
    await keepingUnchanged(baseTree, async () => {
      const { plan } = await previewInstall(sysroot, HELLO);
      const { deployment } = await applyPlan(sysroot, plan?.id ?? '');
      const made = deploymentTree(folder, deployment.id);
      await expectSameAsPlainRpm({ baseTree, packages: HELLO.packages, deploymentTree: made });
    });
  });

  test('of an uninstall gives what an uninstall gives', async () => {
    const { sysroot } = await newSysroot(TINY);
    await install(sysroot, HELLO);
    const { plan } = await previewUninstall(sysroot, ['hello']);
    expect(plan).toMatchObject({ layer: null, request: { packages: [] } });
    const { deployment } = await applyPlan(sysroot, plan?.id ?? '');
    expect(deployment).toMatchObject({ layer: null, packages: [] });
  });

  test('of what is there already has no plan', async () => {
    const { sysroot } = await newSysroot(TINY);
    await install(sysroot, HELLO);
    expect(await previewInstall(sysroot, HELLO)).toMatchObject({ plan: null });
    expect(listPlans(sysroot)).toEqual([]);
  });

  test('and an install that equal a stored layer use it, but for --fresh, which tells what came out differently', async () => {
    const packages = [await buildRpm(RANDOM, temporaryFolder())];
    const { sysroot } = await newSysroot(TINY);
    const wanted = { packages, from: [] };
    const first = await previewInstall(sysroot, wanted);
    expect(await previewInstall(sysroot, wanted)).toMatchObject({ reused: true, rerun: null });
    const fresh = await previewInstall(sysroot, wanted, { fresh: true });
    expect(fresh.rerun).toEqual([{ path: '/usr/share/random', kind: 'changed', what: ['content'] }]);
    expect(fresh.plan?.layer).not.toBe(first.plan?.layer);
    const { deployment } = await applyPlan(sysroot, fresh.plan?.id ?? '');
    expect(deployment.layer).toBe(fresh.plan?.layer);
    expect(await fsck(sysroot, { data: true })).toEqual([]);
  });

  test('whose two runs are equal stands on the stored layer', async () => {
    const { sysroot } = await newSysroot(TINY);
    const first = await previewInstall(sysroot, HELLO);
    const again = await previewInstall(sysroot, HELLO, { fresh: true });
    expect(again).toMatchObject({ rerun: [], reused: false });
    expect(again.plan?.layer).toBe(first.plan?.layer);
  });
});

describe('a plan that cannot be applied', () => {
  test('applied twice: refused, with the command that makes a new one', async () => {
    const { sysroot } = await newSysroot(TINY);
    const { plan } = await previewInstall(sysroot, HELLO, {
      command: 'veneer install --preview ./hello.rpm',
    });
    await applyPlan(sysroot, plan?.id ?? '');
    await expect(applyPlan(sysroot, plan?.id ?? '')).rejects.toMatchObject({
      code: 'E_PLAN_APPLIED',
      hint: expect.stringContaining('veneer install --preview ./hello.rpm'),
    });
  });

  test('another deployment became current since: refused', async () => {
    const { sysroot } = await newSysroot(TINY);
    const { plan } = await previewInstall(sysroot, HELLO);
    await install(sysroot, { packages: [rpm('probe-order-1')], from: [] });
    const before = status(sysroot).current?.id;
    await expect(applyPlan(sysroot, plan?.id ?? '')).rejects.toMatchObject({ code: 'E_PLAN_STALE' });
    expect(status(sysroot).current?.id).toBe(before);
  });

  test('unknown or ambiguous: the candidates are listed', async () => {
    const { sysroot } = await newSysroot(TINY);
    await expect(applyPlan(sysroot, 'p123456')).rejects.toMatchObject({
      code: 'E_NO_PLAN',
      hint: expect.stringContaining('--preview'),
    });
    const first = await previewInstall(sysroot, HELLO);
    const second = await previewInstall(sysroot, { packages: [rpm('probe-order-1')], from: [] });
    const ids = [first.plan?.id, second.plan?.id].sort();
    const error = await applyPlan(sysroot, 'p').catch((refused) => refused);
    expect(error).toMatchObject({ code: 'E_NO_PLAN' });
    expect(error.lines.map((line: string) => line.split(' ')[0])).toEqual(ids);
  });

  test('damaged: the file is named, nothing is deployed, and it can be discarded', async () => {
    const { sysroot } = await newSysroot(TINY);
    const { plan } = await previewInstall(sysroot, HELLO);
    const id = plan?.id ?? '';
    writeFileSync(join(sysroot.layers, plan?.layer ?? '', 'upper/usr/share/hello/version'), 'other\n');
    await expect(applyPlan(sysroot, id)).rejects.toMatchObject({
      code: 'E_DAMAGE',
      message: expect.stringContaining('/usr/share/hello/version'),
    });
    rmSync(join(sysroot.layers, plan?.layer ?? ''), { recursive: true });
    await expect(applyPlan(sysroot, id)).rejects.toMatchObject({ code: 'E_DAMAGE' });
    writeFileSync(join(sysroot.plans, `${id}.json`), '{');
    await expect(applyPlan(sysroot, id)).rejects.toMatchObject({
      code: 'E_DAMAGE',
      message: expect.stringContaining(id),
    });
    expect(status(sysroot).current).toBeNull();
    expect(await discardPlan(sysroot, id)).toBe(id);
    expect(listPlans(sysroot)).toEqual([]);
  });

  test('interrupted while it is made: nothing is left', async () => {
    const { sysroot } = await newSysroot(TINY);
    for (const phase of ['resolve', 'shadow', 'transact', 'collect', 'sync']) {
      const abort = new AbortController();
      const made = previewInstall(sysroot, HELLO, {
        signal: abort.signal,
        report: (event) => {
          if (event.type === 'phase' && event.phase === phase && event.state === 'start') abort.abort();
        },
      });
      await expect(made, phase).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
      expect(listPlans(sysroot), phase).toEqual([]);
      expect(await fsck(sysroot, { data: false }), phase).toEqual([]);
    }
    expect(await uninstall(sysroot, ['hello']).catch(({ code }) => code)).toBe('E_NO_DEPLOYMENT');
  });
});
