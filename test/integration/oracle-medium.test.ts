import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureMedium } from '../../fixtures/medium.js';
import { ensureReal, readClosures } from '../../fixtures/real.js';
import { fsck, install, uninstall } from '../../src/index.js';
import { expectSameAsPlainRpm } from '../helpers/oracle.js';
import { expectUnchanged, type Snapshot, snapshot } from '../helpers/snapshot.js';
import { deploymentTree, newSysroot, type TestSysroot } from '../helpers/workspace.js';

/** Real packages with maintainer scripts worth the name: users, services, alternatives, debconf, diversions. */
const PACKAGES =
  `at redis-server memcached nginx-light chrony lighttpd haproxy mosquitto rsync rpcbind uuid-runtime
  tcpdump screen tmux postgresql-common mariadb-common tor plocate stunnel4 monit vsftpd ntpsec sysstat mdadm
  tcsh sgml-base isc-dhcp-client ifupdown fuse3 openssh-server dnsmasq`.split(/\s+/);

/** One install, one copy, one run of plain rpm and one comparison; long on a busy machine. */
const TIME_LIMIT = 300_000;

const real = await ensureReal();
const closures = await readClosures(real);

let made: TestSysroot;
let before: Snapshot;
let agreed = 0;

beforeAll(async () => {
  made = await newSysroot(join(await ensureMedium(), 'base'));
  before = await snapshot(made.baseTree);
});

afterAll(() => {
  process.stdout.write(`oracle medium: ${agreed} packages agree\n`);
});

describe('Veneer deploys on Debian what plain rpm makes of a private copy of it', () => {
  test.each(PACKAGES)(
    '%s',
    async (name) => {
      const { folder, sysroot, baseTree } = made;
      const packages = (closures[name] ?? []).map((file) => join(real, 'rpms', file));
      const { deployment } = await install(sysroot, { packages, from: [] }, {});
      const names = deployment.request.packages.map((one) => one.name);
      try {
        const tree = deploymentTree(folder, deployment.id);
        await expectSameAsPlainRpm({ baseTree, packages, deploymentTree: tree });
      } finally {
        await uninstall(sysroot, names, {});
        expectUnchanged(before, await snapshot(baseTree));
      }
      agreed++;
    },
    TIME_LIMIT,
  );

  test('fsck finds nothing after all of them', async () => {
    expect(await fsck(made.sysroot, { data: false })).toEqual([]);
  });
});
