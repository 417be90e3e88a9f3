import {
  appendFileSync,
  chmodSync,
  cpSync,
  linkSync,
  lutimesSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeXattr, setXattr } from '../../../scriptlet-sandbox/index.js';
import { run } from '../../../src/support/processes.js';
import { type CompareOptions, compareTrees } from '../../../src/tree/compare.js';
import { displayPath } from '../../../src/tree/path.js';
import { describeTree, makeTree, RICH_TREE } from '../../helpers/tree.js';

let folder: string;
let a: string;
let b: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veneer-compare-'));
  a = join(folder, 'a');
  b = join(folder, 'b');
  await makeTree(a, RICH_TREE);
  await run('cp', ['-a', a, b]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function differences(options?: CompareOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const { kind, path, what } of compareTrees(a, b, options)) {
    found.push([kind, displayPath(path), ...what].join(' '));
  }
  return found;
}

/** Makes a change below b without touching the times of the folder it is in. */
async function quietly(name: string, change: (host: string) => unknown): Promise<void> {
  await change(join(b, name));
  const reference = join(a, name, '..');
  await run('touch', ['-r', reference, join(b, name, '..')]);
}

describe('compareTrees', () => {
  it('finds no difference between a tree and its copy', async () => {
    expect(await differences()).toEqual([]);
    expect(describeTree(b)).toEqual(describeTree(a));
  });

  it('finds no difference to a hardlink copy, and one name that no longer shares', async () => {
    rmSync(b, { recursive: true });
    await run('cp', ['-al', a, b]);
    await run('touch', ['-r', a, b]);
    expect(await differences()).toEqual([]);
    await quietly('opt/pair', async (host) => {
      rmSync(host);
      await run('cp', ['-a', join(a, 'opt/pair'), host]);
    });
    expect(await differences()).toEqual(['changed /opt/pair hardlinks', 'changed /usr/share/pair hardlinks']);
  });

  it('names each aspect that differs', async () => {
    chmodSync(join(b, 'usr/bin/su'), 0o755);
    removeXattr(Buffer.from(join(b, 'usr/bin/ping')), 'security.capability');
    setXattr(Buffer.from(join(b, 'usr/bin/marked')), 'user.note', Buffer.from('other'));
    await run('chown', ['7:7', join(b, 'var/mail/bob')]);
    await quietly('usr/lib/link', async (host) => {
      await run('ln', ['-sfn', 'elsewhere', host]);
      lutimesSync(host, 1, 1);
    });
    expect(await differences()).toEqual([
      'changed /usr/bin/marked xattrs',
      'changed /usr/bin/ping xattrs',
      'changed /usr/bin/su mode',
      'changed /usr/lib/link target mtime hardlinks',
      'changed /usr/lib/link2 hardlinks',
      'changed /var/mail/bob owner',
    ]);
  });

  it('reads files of one size, and takes other sizes as other content', async () => {
    writeFileSync(join(b, 'usr/lib-exec'), Buffer.alloc(38, 'x'));
    appendFileSync(join(b, 'old/file'), '!');
    for (const name of ['usr/lib-exec', 'old/file']) await run('touch', ['-r', join(a, name), join(b, name)]);
    const found = await differences();
    expect(found).toContain('changed /old/file size content');
    expect(found).toHaveLength(2);
  });

  it('finds added and removed paths and changed types, with both entries', async () => {
    await quietly('var/empty', (host) => {
      rmSync(host, { recursive: true });
      writeFileSync(host, '', { mode: 0o644 });
      utimesSync(host, 1, 1);
    });
    await quietly('opt/extra', (host) => linkSync(join(b, 'usr/share/pair'), host));
    await quietly('run/fifo', (host) => rmSync(host));
    expect(await differences()).toEqual([
      'added /opt/extra',
      'changed /opt/pair hardlinks',
      'removed /run/fifo',
      'changed /usr/share/pair hardlinks',
      'changed /var/empty type mode mtime',
    ]);
    for await (const { kind, before, after } of compareTrees(a, b)) {
      expect([before === undefined, after === undefined]).toEqual([kind === 'added', kind === 'removed']);
    }
  });

  it('leaves out what is to be ignored, existence included', async () => {
    chmodSync(join(b, 'usr/bin/su'), 0o755);
    cpSync(join(b, 'usr/bin/su'), join(b, 'usr/bin/new'));
    const ignore: CompareOptions['ignore'] = (path, aspect) =>
      path === 'usr/bin/new' ? aspect === 'existence' : aspect === 'mode' || aspect === 'mtime';
    expect(await differences({ ignore })).toEqual([]);
  });
});
