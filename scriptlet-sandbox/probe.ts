import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import koffi from 'koffi';
import { isRootless, needsUserNamespace } from './user-namespace.js';

/** One thing that the sandbox stands on; `error` says why it cannot be used here. */
export interface Probe {
  name: string;
  error: string | undefined;
}

/** Tries what the sandbox needs of this machine, one by one. */
export function probeSandbox(): Probe[] {
  return [
    { name: 'namespaces', error: tryShell('true') },
    { name: isRoot() ? 'overlayfs with index=on' : 'overlayfs with userxattr', error: tryOverlay() },
    { name: 'libseccomp', error: tryLoad('libseccomp.so.2') },
    { name: 'librpm', error: tryLoad('librpm.so.10') && tryLoad('librpm.so.9') },
    { name: '/proc', error: existsSync('/proc/self/fd') ? undefined : '/proc is not mounted' },
  ];
}

/** Runs a script in namespaces of its own, where whatever it mounts is gone with it. */
function tryShell(script: string): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', [...namespaces(), 'sh', '-c', script], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (stderr ?? '').trim() || error?.message || `status ${status}`;
}

/** An ordinary user's are within a user namespace. */
function namespaces(): string[] {
  const flags = [
    '--mount',
    '--pid',
    '--net',
    '--uts',
    '--ipc',
    '--cgroup',
    '--fork',
    '--propagation',
    'private',
  ];
  return needsUserNamespace() ? ['--user', '--map-root-user', ...flags] : flags;
}

/** Whether the machine's own root asks, and not that of a user namespace. */
function isRoot(): boolean {
  return !needsUserNamespace() && !isRootless();
}

/** On a tmpfs, whose inodes have the handles that `index=on` needs. */
function tryOverlay(): string | undefined {
  const options = isRoot() ? 'index=on' : 'userxattr';
  return tryShell(
    'mount -t tmpfs none /tmp && cd /tmp && mkdir lower upper work view && ' +
      `mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work,${options} view`,
  );
}

function tryLoad(library: string): string | undefined {
  try {
    koffi.load(library);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
