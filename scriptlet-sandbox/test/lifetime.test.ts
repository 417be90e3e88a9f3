import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { attackedTree } from './helpers/attacked-tree.js';
import { attack, processesOf, withEngine } from './helpers/confined.js';

const { tree, remove } = attackedTree();
afterAll(remove);

describe('nothing outlives the sandbox, and what is left is named', () => {
  test.each([
    { what: 'a background process', script: 'sleep 1234 &', left: 'sleep 1234' },
    {
      what: 'a daemon that forked twice and is deaf to signals',
      script: 'attack daemon',
      left: 'attack daemon',
    },
    { what: 'one that ignores SIGTERM', script: '(trap "" TERM; sleep 1234; sleep 1) &', left: 'sleep 1234' },
    { what: 'one that left the session', script: 'setsid sleep 1234 &', left: 'sleep 1234' },
    { what: 'one that is stopped', script: 'sleep 1234 & sleep 0.3; kill -STOP $!', left: 'sleep 1234' },
  ])('$what', async ({ script, left }) => {
    // Its output goes elsewhere: who waits for the end of the output would wait for it.
    const end = await attack(['/bin/sh', '-c', `{ ${script}\n} >/dev/null 2>&1; sleep 0.1`], { tree });
    expect(end.command).toEqual({ status: 0, signal: null });
    expect(end.leftovers.map(({ command }) => command).join()).toContain(left);
    expect(end.survivors).toEqual([]);
    expect(end.exceeded).toBeUndefined();
  });
});

describe('nothing outlives an engine', () => {
  const script = 'attack daemon; setsid sleep 1234 & sleep 1000';

  test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)('that is ended by %s', async (signal) => {
    await withEngine(['/bin/sh', '-c', script], { tree }, async (engine, folder) => {
      await sleep(300);
      expect(processesOf(folder).join()).toContain('attack daemon');
      engine.kill(signal);
      await once(engine, 'exit');
      for (let waited = 0; waited < 5000 && processesOf(folder).length > 0; waited += 20) await sleep(20);
      expect(processesOf(folder)).toEqual([]);
    });
  });
});
