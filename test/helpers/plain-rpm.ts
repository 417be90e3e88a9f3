import { rm } from 'node:fs/promises';
import { DATABASE_FOLDER } from '../../fixtures/rpm-home.js';
import { run } from '../../src/support/processes.js';

/** The environment that scriptlets get in the sandbox, and here as well; vitest.config.ts sets the epoch for both. */
const ENVIRONMENT = {
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  SYSTEMD_OFFLINE: '1',
  SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH,
};

/** What scriptlets find mounted: the same as `scriptlet-sandbox/mounts.ts` gives them, written a second time. */
const MOUNTS = `
root=$1
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for name in sys sysrq-trigger irq bus fs; do
  [ -e "$root/proc/$name" ] || continue
  mount --bind "$root/proc/$name" "$root/proc/$name"
  mount -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/$name"
done
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/dev"
for name in null zero full random urandom tty; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -o remount,bind,ro,nosuid,nodev "$root/dev"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/var/tmp"
hostname localhost
# Nothing that a user wrote for rpm may count.
for file in "$HOME/.rpmmacros" "$HOME/.rpmrc" "$HOME/.config/rpm/macros" "$HOME/.config/rpm/rpmrc"; do
  [ -e "$file" ] && mount --bind /dev/null "$file"
done
shift
"$@"
`;

const NAMESPACES = [
  ...['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup'],
  ...['--fork', '--kill-child=SIGKILL', '--propagation', 'private'],
];

const RPM_OPTIONS = [
  ...['--noplugins', '--nosignature', '--force-debian'],
  ...['--define', `_dbpath ${DATABASE_FOLDER}`, '--define', '_db_backend sqlite'],
  ...['--define', '_pkgverify_level digest'],
];

/**
 * Runs the plain `rpm` program on a private copy of a tree, with the mounts and the environment that the sandbox
 * gives. Throws E_PROGRAM_FAILED when rpm says that something failed.
 */
export async function plainRpm(copy: string, args: readonly string[]): Promise<void> {
  const rpm = ['rpm', '--root', copy, ...RPM_OPTIONS, ...args];
  await run('unshare', [...NAMESPACES, 'sh', '-ec', MOUNTS, 'sh', copy, ...rpm], {
    env: ENVIRONMENT,
    extendEnv: false,
    cwd: '/',
  });
}

/** Makes a full private copy of a tree: nothing is shared that a write could reach. */
export async function privateCopy(tree: string, copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  await run('cp', ['-a', '--reflink=auto', '--', tree, copy]);
}
