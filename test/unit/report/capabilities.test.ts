import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getXattr } from '../../../scriptlet-sandbox/index.js';
import { capabilityText } from '../../../src/report/build/capabilities.js';
import { temporaryFolder } from '../../helpers/workspace.js';

test.each([
  'cap_net_raw=ep',
  'cap_net_admin,cap_net_raw=ep',
  'cap_chown=p cap_net_raw=i',
  'cap_chown=ip',
  'cap_checkpoint_restore=eip',
  '=ep',
  '=ep cap_chown-ep',
  '=ip cap_sys_admin-p',
  '=',
])('capabilities %s read as getcap writes them', (set) => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  execFileSync('setcap', [set, file]);
  const shown = execFileSync('getcap', [file], { encoding: 'utf8' })
    .trim()
    .slice(file.length + 1);
  expect(capabilityText(getXattr(Buffer.from(file), 'security.capability') ?? Buffer.alloc(0))).toBe(shown);
});

test('the id of a user namespace is told, and a value that is none is shown as it is', () => {
  const value = Buffer.from('0100000300200000000000000000000000000000e8030000', 'hex');
  expect(capabilityText(value)).toBe('cap_net_raw=ep [rootid=1000]');
  expect(capabilityText(Buffer.from('01020304', 'hex'))).toBe('01020304');
  expect(capabilityText(Buffer.alloc(0))).toBe('');
});
