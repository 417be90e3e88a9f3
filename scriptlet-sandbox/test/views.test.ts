import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeView, openView, runInView } from '../index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(process.env.VENEER_TEST_DIR ?? '/var/tmp', 'sandbox-views-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const VIEWS = ['overlay', 'copy'] as const;

test.each(VIEWS)('a later run in a view goes on where the first left off: %s', async (kind) => {
  const view = openView({ tree: makeTree(), view: kind });
  const run = (script: string) => runInView(view, { argv: ['/bin/sh', '-c', script] });
  try {
    const first = await run('rm -r /removed /gone; echo 1 >>/pair-a; echo 1 >/new');
    expect(first.status).toBe(0);
    const second = await run('[ ! -e /removed ] && [ ! -e /gone ] && echo 2 >>/pair-b && echo 2 >>/new');
    expect(second.status).toBe(0);
    const told = second.changes.filter(({ path }) => path !== '').map(({ path, kind }) => `${path} ${kind}`);
    expect(told.sort()).toEqual([
      'gone removed',
      'new added',
      'pair-a changed',
      'pair-b changed',
      'removed removed',
    ]);
    expect(readFileSync(join(view.upper, 'pair-a'), 'utf8')).toBe('1\n2\n');
  } finally {
    closeView(view);
  }
});

function makeTree(): string {
  const tree = join(folder, 'tree');
  for (const name of ['bin', 'gone']) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync('/bin/busybox', join(tree, 'bin/sh'));
  linkSync(join(tree, 'bin/sh'), join(tree, 'bin/rm'));
  for (const name of ['removed', 'gone/below', 'pair-a']) writeFileSync(join(tree, name), '');
  linkSync(join(tree, 'pair-a'), join(tree, 'pair-b'));
  return tree;
}
