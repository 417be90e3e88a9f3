import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestFiles } from '../../../src/tree/digest.js';
import { type TreePath, treePath } from '../../../src/tree/path.js';
import { makeTree } from '../../helpers/tree.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veneer-digest-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

async function manyFiles(count: number): Promise<TreePath[]> {
  const names = Array.from({ length: count }, (_, index) => `f${index}\xff` as TreePath);
  await makeTree(root, Object.fromEntries(names.map((name) => [name, `content of ${name.length} ${name}`])));
  return names;
}

it('hashes a short list, with files longer than one read', async () => {
  const long = Buffer.alloc(1_000_003, 7);
  await makeTree(root, { empty: '', long: { file: long } });
  const digests = await digestFiles(root, [treePath('empty'), treePath('long')]);
  expect(digests).toEqual(
    new Map([
      ['empty', sha256('')],
      ['long', sha256(long)],
    ]),
  );
});

it('hashes a long list in threads and tells how far it is', async () => {
  const names = await manyFiles(700);
  const steps: number[] = [];
  const digests = await digestFiles(root, names, ({ done }) => steps.push(done));
  expect(digests.size).toBe(700);
  for (const name of names) expect(digests.get(name)).toBe(sha256(`content of ${name.length} ${name}`));
  expect(steps.at(-1)).toBe(700);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

it('fails with the errno for a file that is not there, in this thread and in others', async () => {
  const names = [...(await manyFiles(200)), treePath('absent')];
  await expect(digestFiles(root, names.slice(-2))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(digestFiles(root, names)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('follows no link and leaves the access time alone', async () => {
  writeFileSync(join(root, 'file'), 'x');
  symlinkSync('file', join(root, 'link'));
  const before = statSync(join(root, 'file'), { bigint: true }).atimeNs;
  await digestFiles(root, [treePath('file')]);
  expect(statSync(join(root, 'file'), { bigint: true }).atimeNs).toBe(before);
  await expect(digestFiles(root, [treePath('link')])).rejects.toMatchObject({ code: 'ELOOP' });
});
