import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEntry } from '../../../src/tree/entry.js';
import { applyMetadata } from '../../../src/tree/metadata.js';
import type { TreePath } from '../../../src/tree/path.js';
import { temporaryFolder } from '../../helpers/workspace.js';

test('a folder made below one with a default ACL does not keep what it inherits', () => {
  const [tree, copy] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(tree, 'dir'));
  const entry = readEntry(tree, 'dir' as TreePath);
  execFileSync('setfacl', ['-d', '-m', 'u:1000:rwx', copy]);
  mkdirSync(join(copy, 'dir'));
  expect(Object.keys(readEntry(copy, entry.path).xattrs)).toContain('system.posix_acl_default');
  applyMetadata(copy, entry);
  const applied = readEntry(copy, entry.path);
  expect({ mode: applied.mode, xattrs: applied.xattrs }).toEqual({ mode: entry.mode, xattrs: {} });
});
