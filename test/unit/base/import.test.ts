import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importTree } from '../../../src/base/import.js';
import { run } from '../../../src/support/processes.js';
import { describeTree, makeTree, RICH_TREE } from '../../helpers/tree.js';

let folder: string;
let source: string;
let sysroot: string;
let tree: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veneer-import-'));
  source = join(folder, 'source');
  sysroot = join(folder, 'sysroot');
  tree = join(sysroot, 'tree');
  mkdirSync(sysroot);
  await makeTree(source, RICH_TREE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PRESERVE = ['--format=posix', '--xattrs', '--xattrs-include=*', '--acls', '--sparse'];

/** Packs the source as a tar of the given name, with further arguments for tar before its members. */
async function pack(name: string, args: string[] = [], members: string[] = ['.']): Promise<string> {
  const archive = join(folder, name);
  await run('tar', ['-C', source, ...PRESERVE, ...args, '-caf', archive, ...members]);
  return archive;
}

describe('importTree from a folder', () => {
  it('keeps everything: hardlinks, set-uid, capabilities, xattrs, times, strange names, the root itself', async () => {
    await importTree(source, tree, { sysroot });
    expect(describeTree(tree)).toEqual(describeTree(source));
  });

  it('keeps holes and ACLs', async () => {
    await run('setfacl', ['-m', 'u:1234:r', join(source, 'usr/lib-exec')]);
    await importTree(source, tree, { sysroot });
    expect(statSync(join(tree, 'var/sparse')).blocks).toBeLessThan(100);
    expect((await run('getfacl', ['-n', join(tree, 'usr/lib-exec')])).stdout).toContain('user:1234:r--');
  });

  it('refuses what is missing, empty, neither folder nor tar, or overlaps the sysroot', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    mkdirSync(join(sysroot, 'inner'));
    writeFileSync(join(folder, 'text'), 'some text that is no archive\n'.repeat(100));
    writeFileSync(join(folder, 'nothing'), '');
    for (const bad of [
      'absent',
      'empty',
      'text',
      'nothing',
      'sysroot',
      'sysroot/inner',
      '.',
      'source/run/fifo',
    ]) {
      await expect(importTree(join(folder, bad), tree, { sysroot }), bad).rejects.toMatchObject({
        code: 'E_BASE_SOURCE',
      });
    }
    expect(existsSync(tree)).toBe(false);
  });
});

describe('importTree from a tar', () => {
  it.each(['plain.tar', 'x.tar.gz', 'x.tar.xz', 'x.tar.zst', 'x.tar.bz2'])(
    'unpacks %s as it was',
    async (name) => {
      await importTree(await pack(name), tree, { sysroot });
      expect(describeTree(tree)).toEqual(describeTree(source));
      expect(statSync(join(tree, 'var/sparse')).blocks).toBeLessThan(100);
    },
  );

  it('reads standard input and leaves nothing of it behind', async () => {
    const stdin = createReadStream(await pack('x.tar.gz'));
    await importTree('-', tree, { sysroot, stdin });
    expect(describeTree(tree)).toEqual(describeTree(source));
    expect(existsSync(join(sysroot, 'standard-input.tar'))).toBe(false);
  });

  it('gives folders without a member of their own fixed metadata', async () => {
    await importTree(await pack('x.tar', [], ['usr/bin/su']), tree, { sysroot });
    const described = describeTree(tree);
    for (const path of ['/', '/usr', '/usr/bin']) expect(described[path]).toBe('directory 755 0:0 0 0');
  });

  it('refuses a truncated or damaged archive and one without members', async () => {
    for (const name of ['x.tar', 'x.tar.gz', 'x.tar.xz', 'x.tar.zst']) {
      const archive = await pack(name);
      truncateSync(archive, Math.floor(statSync(archive).size / 2));
      await expect(importTree(archive, tree, { sysroot }), name).rejects.toMatchObject({
        code: 'E_TAR_BROKEN',
      });
    }
    // Cut exactly where the second member begins: tar itself finds nothing wrong with that.
    const cut = join(folder, 'cut.tar');
    writeFileSync(cut, header('first', '0', ''));
    await expect(importTree(cut, tree, { sysroot })).rejects.toMatchObject({ code: 'E_TAR_BROKEN' });
    const memberless = await pack('none.tar', [], ['--files-from=/dev/null']);
    await expect(importTree(memberless, tree, { sysroot })).rejects.toMatchObject({ code: 'E_BASE_SOURCE' });
  });
});

describe('a hostile tar', () => {
  async function refusal(archive: string): Promise<string> {
    const error = await importTree(archive, tree, { sysroot }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'E_TAR_UNSAFE' });
    expect(existsSync(tree)).toBe(false);
    return error.message;
  }

  it('with an absolute name', async () => {
    const archive = await pack('a.tar', ['-P'], [join(source, 'usr/bin/su')]);
    expect(await refusal(archive)).toMatch(/usr\/bin\/su' .* absolute path as its name/);
  });

  it('with .. in a name', async () => {
    const archive = await pack('d.tar', ['-P', '--transform=s,^usr/,x/../../../,'], ['usr/bin/su']);
    expect(await refusal(archive)).toMatch(/'x\/\.\.\/\.\.\/\.\.\/bin\/su' .* has '\.\.'/);
  });

  it('with a member below a symlink', async () => {
    await makeTree(source, { trap: { symlink: '/etc' } });
    const archive = await pack('s.tar', ['-P', '--transform=s,^usr/bin,trap,'], ['trap', 'usr/bin/su']);
    expect(await refusal(archive)).toMatch(/'trap\/su' .* crosses the archive's symlink 'trap'/);
  });

  it('with a hardlink to an absolute target', async () => {
    const archive = join(folder, 'h.tar');
    writeFileSync(archive, Buffer.concat([header('shadow', '1', '/etc/shadow'), Buffer.alloc(1024)]));
    expect(await refusal(archive)).toMatch(/'shadow' .* absolute path as the target of its hardlink/);
  });

  it('with a hardlink through a symlink, or a symlink in place of the root', async () => {
    const archive = join(folder, 'h.tar');
    const link = header('out', '2', '/etc');
    writeFileSync(archive, Buffer.concat([link, header('h', '1', 'out/shadow'), Buffer.alloc(1024)]));
    expect(await refusal(archive)).toMatch(/crosses the archive's symlink 'out'/);
    writeFileSync(archive, Buffer.concat([header('./', '2', '/etc'), Buffer.alloc(1024)]));
    expect(await refusal(archive)).toMatch(/root of the tree/);
  });

  it('with a name that looks like a harmless line of the listing', async () => {
    const archive = join(folder, 'n.tar');
    const name = '../x"\n-rw-r--r-- 0/0 0 2026-01-01 00:00:00 "y';
    writeFileSync(archive, Buffer.concat([header(name, '0', ''), Buffer.alloc(1024)]));
    expect(await refusal(archive)).toMatch(/'\.\.\/x"\\n-rw/);
    expect(readFileSync(archive).includes('\n')).toBe(true);
  });
});

/** A ustar header of an empty member, made by hand since tar itself would not write such things. */
function header(name: string, type: string, target: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write('0000644\0' + '0000000\0' + '0000000\0' + '00000000000\0' + '00000000000\0', 100, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(target, 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
