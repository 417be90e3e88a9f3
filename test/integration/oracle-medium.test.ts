import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureMedium } from '../../fixtures/medium.js';
import { ensureReal, readClosures } from '../../fixtures/real.js';
import { fsck, install } from '../../src/index.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { expectUnchanged, type Snapshot, snapshot } from '../helpers/snapshot.js';
import { deploymentTree, forgetDeployments, newSysroot, type TestSysroot } from '../helpers/workspace.js';

/** Real packages with maintainer scripts worth the name: users, services, alternatives, debconf, keys, caches. */
const PACKAGES =
  `at redis-server memcached nginx-light chrony lighttpd haproxy mosquitto rsync rpcbind uuid-runtime
  tcpdump postgresql-common mariadb-common tor plocate stunnel4 monit vsftpd ntpsec sysstat mdadm sgml-base ifupdown
  fuse3 openssh-server dnsmasq samba-common smartmontools xinetd`.split(/\s+/);

/** One install, one copy, one run of plain rpm and one comparison; long on a busy machine. */
const TIME_LIMIT = 300_000;

const real = await ensureReal();
const closures = await readClosures(real);

let made: TestSysroot;
let before: { inodes: Snapshot; bytes: Snapshot };
let agreed = 0;

beforeAll(async () => {
  made = await newSysroot(join(await ensureMedium(), 'base'));
  before = { inodes: await snapshot(made.baseTree, { bytes: false }), bytes: await snapshot(made.baseTree) };
});

afterAll(() => {
  process.stdout.write(`oracle medium: ${agreed} packages agree\n`);
});

describe('Veneer deploys on Debian what plain rpm makes of a private copy of it', () => {
  test.each(PACKAGES)(
    '%s',
    async (name) => {
      const packages = (closures[name] ?? []).map((file) => join(real, 'rpms', file));
      expect(packages, `${name} is not among the real packages`).not.toEqual([]);
      const { deployment } = await install(made.sysroot, { packages, from: [] }, {});
      try {
        const tree = deploymentTree(made.folder, deployment.id);
        await expectSameAsPlainRpm({ baseTree: made.baseTree, packages, deploymentTree: tree });
        expect(await fsck(made.sysroot, { data: false })).toEqual([]);
        agreed++;
      } finally {
        forgetDeployments(made.folder);
        expectUnchanged(before.inodes, await snapshot(made.baseTree, { bytes: false }));
      }
    },
    TIME_LIMIT,
  );

  test('after all of them the base is the same byte for byte', async () => {
    expectUnchanged(before.bytes, await snapshot(made.baseTree));
  });
});
