import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SandboxError } from './errors.js';
import { becomeProgram } from './libc.js';
import { inUserNamespace } from './marks.js';

const MAPPED = ['--user', '--map-root-user', '--map-auto', '--'];

/** Whether this process has to enter a user namespace before it may mount and change owners. */
export function needsUserNamespace(): boolean {
  return process.getuid?.() !== 0;
}

/** Whether this process runs in a user namespace already, as root of its subordinate ids. */
export function isRootless(): boolean {
  return inUserNamespace();
}

/** The ids that this process's user namespace has; files can be given to no others. */
export function idRanges(kind: 'uid' | 'gid'): { first: number; count: number }[] {
  const lines = readText(`/proc/self/${kind}_map`).trim().split('\n');
  return lines.map((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return { first, count };
  });
}

/**
 * Starts this very program anew, in place of this process, as root of a new user namespace with the caller's
 * subordinate ids. Nothing that runs comes back; the pid stays, so signals reach it as before. Throws SandboxError
 * E_USER_NAMESPACE, with what to set, where that is not possible.
 */
export function restartInUserNamespace(): never {
  checkUserNamespace();
  becomeProgram('unshare', [...MAPPED, process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
}

/** Tries a user namespace; an error says what this machine lacks for one. */
export function checkUserNamespace(): void {
  const tried = spawnSync('unshare', [...MAPPED, 'true'], { encoding: 'utf8' });
  if (tried.status === 0) return;
  const said = (tried.stderr ?? '').trim() || tried.error?.message || `status ${tried.status}`;
  throw new SandboxError('E_USER_NAMESPACE', `cannot work without root here: ${said.split('\n')[0]}`, {
    hint: whatToSet(said),
  });
}

/** Settings that forbid user namespaces to all or to ordinary users; the second is Debian's, the third Ubuntu's. */
const SETTINGS = [
  { name: 'user.max_user_namespaces', forbids: 0, allows: 10_000 },
  { name: 'kernel.unprivileged_userns_clone', forbids: 0, allows: 1 },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', forbids: 1, allows: 0 },
];

function whatToSet(said: string): string {
  const setting = SETTINGS.find(({ name, forbids }) => readSysctl(name) === forbids);
  if (setting !== undefined) {
    const { name, allows } = setting;
    return `user namespaces are forbidden by ${name}: run \`sysctl ${name}=${allows}\` as root, or run this as root`;
  }
  if (/unrecognized option/.test(said)) return 'util-linux 2.38 or newer is needed, or run this as root';
  if (/newuidmap|newgidmap/.test(said) && /No such file|not found/.test(said)) {
    return 'newuidmap and newgidmap are missing: install the Debian package uidmap, or run this as root';
  }
  const { uid, name } = caller();
  const lacking = ['/etc/subuid', '/etc/subgid'].filter((file) => !hasRange(file, [name, `${uid}`]));
  if (lacking.length === 0) return 'see user_namespaces(7) and newuidmap(1), or run this as root';
  return `${name} has no subordinate ids: add the line ${name}:100000:65536 to ${lacking.join(' and ')}, or run this as root`;
}

/** In a container the caller may have no line in /etc/passwd. */
function caller(): { uid: number; name: string } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, name: userInfo().username };
  } catch {
    return { uid, name: `${uid}` };
  }
}

function hasRange(file: string, names: readonly string[]): boolean {
  const lines = readText(file).split('\n');
  return lines.some((line) => names.includes(line.split(':')[0] ?? ''));
}

function readSysctl(name: string): number | undefined {
  const text = readText(`/proc/sys/${name.replaceAll('.', '/')}`).trim();
  return text === '' ? undefined : Number(text);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
