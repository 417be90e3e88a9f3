import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compiledEntry } from '../entry.js';
import type { ViewWrite } from '../spec.js';

const folder = mkdtempSync(join(tmpdir(), 'veneer-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Watched {
  how: string;
  reason: string;
  /** What each look told. */
  looks: ViewWrite[][];
}

/** Starts to watch a view, then runs each script in it and looks. */
const WATCHER = `
import { execFileSync } from 'node:child_process';
const { watchView } = await import(process.argv[1]);
const { how, reason, take } = watchView({ mountPoint: 'view', tree: 'tree', upper: 'upper', work: 'work' }, 'overlay');
const looks = process.argv.slice(2).map((script) => {
  execFileSync('sh', ['-ec', script], { cwd: 'view' });
  return take();
});
console.log(JSON.stringify({ how, reason, looks }));
`;

function watched(namespaces: string[], options: string, scripts: string[]): Watched {
  const mounts =
    'mount -t tmpfs none . && cd "$PWD" && mkdir -p tree/d upper work view && echo a >tree/d/a && ' +
    `mount -t overlay none -o lowerdir=tree,upperdir=upper,workdir=work,${options} view && exec "$@"`;
  const node = [process.execPath, '--input-type=module', '-e', WATCHER];
  const args = [...namespaces, 'sh', '-ec', mounts, 'sh', ...node, compiledEntry('scriptlet-sandbox/watch')];
  return JSON.parse(execFileSync('unshare', [...args, ...scripts], { cwd: folder, encoding: 'utf8' }));
}

const AS_ROOT = ['--mount', '--propagation', 'private'];
const AS_ANYBODY = ['--user', '--map-root-user', '--mount'];

describe('watching a view', () => {
  test('each look tells what changed since the last one, by events of the kernel', () => {
    const scripts = ['echo b >>d/a', 'true', 'mkdir n; echo n >n/f; mv n m', 'chmod 0700 m'];
    const { how, reason, looks } = watched(AS_ROOT, 'index=on,nfs_export=on,redirect_dir=on', scripts);
    expect({ how, reason }).toEqual({ how: 'events', reason: '' });
    expect(looks[0]?.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['written a']);
    expect(looks[1]).toEqual([]);
    expect(looks[2]?.map(({ name, kind }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining(['entry n', 'entry f', 'written f', 'moved-folder m']),
    );
    expect(looks[3]?.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['written ']);
  });

  test.each([
    ['where folders of the view have no handles', AS_ROOT, 'index=on', 'EOPNOTSUPP'],
    ['without privileges', AS_ANYBODY, 'userxattr', 'EPERM'],
  ])('%s the upper folder is walked instead', (_what, namespaces, options, code) => {
    const scripts = ['echo b >>d/a', 'true', 'mkdir n; echo n >n/f; mv n m'];
    const { how, reason, looks } = watched(namespaces, options, scripts);
    expect(how).toBe('walk');
    expect(reason).toContain(code);
    expect(looks[0]?.map((write) => write.folder)).toContain('/d/a');
    expect(looks[1]).toEqual([]);
    expect(looks[2]?.map((write) => write.folder)).toEqual(expect.arrayContaining(['/m', '/m/f']));
  });
});
