import { describe, expect, test } from 'vitest';
import { buildRpm } from '../../fixtures/build-rpm.js';
import type { Script } from '../../fixtures/package-definition.js';
import { type EngineEvent, install, type ScriptletRun, VeneerError } from '../../src/index.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { newSysroot, temporaryFolder } from '../helpers/workspace.js';

async function layered(packagePath: string) {
  const { sysroot } = await newSysroot(TINY);
  const ended: ScriptletRun[] = [];
  const report = (event: EngineEvent) => {
    if (event.type === 'transaction' && event.transaction.event === 'scriptlet-stop') {
      ended.push(event.transaction.run);
    }
  };
  try {
    await install(sysroot, { packages: [packagePath], from: [] }, { report });
    return { ended, error: undefined };
  } catch (error) {
    if (error instanceof VeneerError) return { ended, error };
    throw error;
  }
}

/** rpmbuild makes a package require its interpreters; one that provides them itself is as wrong as one that hides it. */
async function withPost(post: Script) {
  const provides = typeof post === 'string' || post.interpreter === '<lua>' ? [] : [post.interpreter];
  const definition = { name: 'a', version: '1', provides, scripts: { post } };
  const path = await buildRpm(definition, temporaryFolder());
  const { ended, error } = await layered(path);
  const run = ended.find(({ name }) => name === 'a.post');
  if (run === undefined) throw new Error('a.post did not run');
  return { run, error };
}

describe('what is told of a scriptlet', () => {
  test('its exit status', async () => {
    const { run, error } = await withPost('exit 3');
    expect(run).toMatchObject({ status: 3, signal: null, failed: true });
    expect(error?.message).toContain('failed with exit status 3');
    expect(error?.hint).not.toContain('not');
  });

  test('the signal that ended it, told from an exit status of the same meaning', async () => {
    const { ended, error } = await layered(rpm('probe-signal-1'));
    expect(ended[0]).toMatchObject({ status: null, signal: 15, failed: true });
    expect(error?.message).toContain('was ended by signal 15');
    const { run } = await withPost('sh -c "kill -TERM \\$\\$"; exit $?');
    expect(run).toMatchObject({ status: 143, signal: null });
  });

  test('an interpreter that is not in the tree', async () => {
    const { run, error } = await withPost({ interpreter: '/usr/bin/python3', body: 'print(1)' });
    expect(run).toMatchObject({ interpreterMissing: '/usr/bin/python3', commandsNotFound: [], failed: true });
    expect(error?.code).toBe('E_SCRIPTLET_FAILED');
    expect(error?.hint).toContain(
      'its interpreter /usr/bin/python3 is not in the tree: the package should require it',
    );
  });

  test('commands that are not in the tree, also where it goes on', async () => {
    const { run, error } = await withPost(
      'systemctl daemon-reload || :\nupdate-thing --all || :\nsystemctl x || :',
    );
    expect(run).toMatchObject({ commandsNotFound: ['systemctl', 'update-thing'], failed: false });
    expect(error).toBeUndefined();
  });

  test('the command without which it failed', async () => {
    const { run, error } = await withPost('echo before\nexec systemctl daemon-reload');
    expect(run).toMatchObject({ status: 127, commandsNotFound: ['systemctl'], interpreterMissing: null });
    expect(error?.hint).toContain('it did not find systemctl: the package should require what brings that');
  });

  test('the CPU time that it took, whatever others took', async () => {
    const busy = await withPost('i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done');
    const idle = await withPost('sleep 0.5');
    expect(busy.run.cpuMs).toBeGreaterThan(100);
    expect(busy.run.cpuMs).toBeLessThanOrEqual(busy.run.durationMs * 1.1 + 10);
    expect(idle.run.cpuMs).toBeLessThan(100);
    expect(idle.run.durationMs).toBeGreaterThan(500);
  });

  test('the CPU time of Lua, which runs in rpm itself', async () => {
    const { run } = await withPost({ interpreter: '<lua>', body: 'for i = 1, 2e7 do local x = i * i end' });
    expect(run.lua).toBe(true);
    expect(run.cpuMs).toBeGreaterThan(20);
  });
});
