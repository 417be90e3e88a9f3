import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SandboxError } from './errors.js';
import { inUserNamespace } from './marks.js';

const MAPPED = ['--user', '--map-root-user', '--map-auto', '--kill-child=SIGKILL', '--fork', '--'];
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** Whether this process has to enter a user namespace before it may mount and change owners. */
export function needsUserNamespace(): boolean {
  return process.getuid?.() !== 0;
}

/** Whether this process runs in a user namespace already, as root of its subordinate ids. */
export function isRootless(): boolean {
  return inUserNamespace();
}

/**
 * Runs this very program again, as root of a new user namespace with the caller's subordinate ids, and ends with its
 * status. Throws SandboxError E_USER_NAMESPACE, with what to set, where that is not possible.
 */
export async function restartInUserNamespace(): Promise<never> {
  checkUserNamespace();
  const args = [...MAPPED, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', args, { stdio: 'inherit' });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  return new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      for (const name of PASSED_ON) process.removeAllListeners(name);
      if (signal !== null) process.kill(process.pid, signal);
      process.exit(status ?? 1);
    });
  });
}

/** Tries a user namespace; an error says what this machine lacks for one. */
export function checkUserNamespace(): void {
  const tried = spawnSync('unshare', [...MAPPED, 'true'], { encoding: 'utf8' });
  if (tried.status === 0) return;
  const said = (tried.stderr ?? '').trim() || tried.error?.message || `status ${tried.status}`;
  throw new SandboxError('E_USER_NAMESPACE', `cannot work without root here: ${said}`, {
    hint: whatToSet(said),
  });
}

function whatToSet(said: string): string {
  const { username, uid } = userInfo();
  if (readNumber('/proc/sys/user/max_user_namespaces') === 0) {
    return 'user namespaces are forbidden: set sysctl user.max_user_namespaces to 10000, or run as root';
  }
  if (readNumber('/proc/sys/kernel/unprivileged_userns_clone') === 0) {
    return 'user namespaces are for root only: set sysctl kernel.unprivileged_userns_clone to 1, or run as root';
  }
  if (/newuidmap|newgidmap/.test(said) && /No such file|not found/.test(said)) {
    return 'newuidmap and newgidmap are missing: install the Debian package uidmap';
  }
  for (const file of ['/etc/subuid', '/etc/subgid']) {
    if (hasRange(file, [username, `${uid}`])) continue;
    return `${username} has no subordinate ids: add the line ${username}:100000:65536 to /etc/subuid and /etc/subgid`;
  }
  return 'see user_namespaces(7) and newuidmap(1), or run as root';
}

function hasRange(file: string, names: readonly string[]): boolean {
  const lines = readText(file).split('\n');
  return lines.some((line) => names.includes(line.split(':')[0] ?? ''));
}

function readNumber(file: string): number | undefined {
  const text = readText(file).trim();
  return text === '' ? undefined : Number(text);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
