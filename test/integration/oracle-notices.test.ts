import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install } from '../../src/index.js';
import { run } from '../../src/support/processes.js';
import { rpm, TINY } from '../helpers/fixture-rpms.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { privateCopy } from '../helpers/plain-rpm.js';
import { expectUnchanged, snapshot } from '../helpers/snapshot.js';
import { deploymentTree, newSysroot, temporaryFolder } from '../helpers/workspace.js';

/** What the tests rely on must itself be able to fail: every kind of damage to a copy of a right deployment. */
const work = temporaryFolder();
const { folder, sysroot, baseTree } = await newSysroot(TINY, join(work, 'sysroot'));
const packages = [rpm('hello-1.0')];
const { deployment } = await install(sysroot, { packages, from: [] }, {});
const damaged = join(work, 'damaged');

const DAMAGE = {
  'a missing file': 'rm usr/share/hello/version',
  'a file too many': ': >usr/share/hello/more',
  'another content': 'echo 9.9 >usr/share/hello/version; touch -d @1700000000 usr/share/hello/version',
  'another content of a base file of the same size': 'printf X | dd of=etc/hosts bs=1 conv=notrunc',
  'another mode': 'chmod 0700 usr/bin/hello',
  'another owner': 'chown 8 usr/bin/hello',
  'another time': 'touch -d @1600000000 usr/bin/hello',
  'another time of a folder': 'touch -d @1600000000 usr/share',
  'a lost capability': 'setcap -r usr/bin/tiny-ping',
  'a lost xattr': 'setfattr -x user.veneer srv/odd/xattr',
  'a split pair': 'cp -p usr/lib/tiny/pair-a x; mv x usr/lib/tiny/pair-a',
  'a changed link': 'ln -sfn elsewhere srv/odd/symlink',
  'a lost package': `node -e "
    const db = new (require('better-sqlite3'))('usr/lib/sysimage/rpm/rpmdb.sqlite');
    db.pragma('foreign_keys = OFF');
    db.exec('DELETE FROM Packages WHERE hnum = 1')"`,
};

test('the oracle agrees with a deployment that is right, and with a copy of it', async () => {
  const tree = deploymentTree(folder, deployment.id);
  await expectSameAsPlainRpm({ baseTree, packages, deploymentTree: tree });
  await privateCopy(tree, damaged);
  await expectSameAsPlainRpm({ baseTree, packages, deploymentTree: damaged });
});

test.each(Object.entries(DAMAGE))('the oracle notices %s', async (_what, command) => {
  await privateCopy(deploymentTree(folder, deployment.id), damaged);
  const modules = join(import.meta.dirname, '../../node_modules');
  await run('sh', ['-ec', command], { cwd: damaged, env: { NODE_PATH: modules } });
  const compared = expectSameAsPlainRpm({ baseTree, packages, deploymentTree: damaged });
  await expect(compared).rejects.toThrow();
});

test('the snapshot of a base notices a file that was replaced by an equal one', async () => {
  await privateCopy(TINY, damaged);
  const before = await snapshot(damaged);
  expectUnchanged(before, await snapshot(damaged));
  await run('sh', ['-ec', 'cp -p etc/hosts x; mv x etc/hosts; touch -r usr etc'], { cwd: damaged });
  const after = await snapshot(damaged);
  expect(() => expectUnchanged(before, after)).toThrow(/the base has changed/);
});
