import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { SandboxError } from './errors.js';
import { idRanges } from './user-namespace.js';

/** Mapped ids but root's are moved up by this much: far from what overflow is, below the last that there can be. */
const SHIFT = 2_000_000_000;

/**
 * The first path below a folder that root of this user namespace cannot copy as it is: a device node, or what belongs
 * to an id that is not mapped. Such an id shows as the overflow id, 65534, which as a rule is mapped as well, for
 * `nobody`: so the search runs in a namespace of its own, where every mapped id has another number.
 * Throws SandboxError E_USER_NAMESPACE where that cannot be made.
 */
export async function findForeign(folder: string): Promise<{ path: string; isDevice: boolean } | undefined> {
  const [uid, gid] = ['uid', 'gid'].map((kind) =>
    readFileSync(`/proc/sys/kernel/overflow${kind}`, 'utf8').trim(),
  );
  const tests = ['(', '-uid', `${uid}`, '-o', '-gid', `${gid}`, '-o', '-type', 'b', '-o', '-type', 'c', ')'];
  const said = await runShifted(['find', folder, '-xdev', ...tests, '-printf', '%y%P\\0', '-quit']);
  const [type = '', path] = [said[0], said.slice(1).split('\0')[0]];
  return path === undefined || type === '' ? undefined : { path, isDevice: 'bc'.includes(type) };
}

/** Runs a program in a nested user namespace with shifted ids; answers its output, one character a byte. */
async function runShifted(argv: readonly string[]): Promise<string> {
  const script = 'echo ready; read -r _ && exec "$@"';
  const child = spawn('unshare', ['--user', 'sh', '-c', script, 'sh', ...argv], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.once('error', () => child.stdout.destroy());
  const output: AsyncIterator<string> = child.stdout.setEncoding('latin1')[Symbol.asyncIterator]();
  try {
    const ready = await output.next();
    if (ready.done)
      throw new SandboxError('E_USER_NAMESPACE', 'no user namespace can be made within this one');
    // Only from outside, and only once, may the ids of a namespace be set (user_namespaces(7)).
    for (const kind of ['uid', 'gid'] as const)
      writeFileSync(`/proc/${child.pid}/${kind}_map`, shifted(kind));
    child.stdin.end('\n');
    let said = '';
    for (let chunk = await output.next(); !chunk.done; chunk = await output.next()) said += chunk.value;
    return said;
  } finally {
    child.stdin.destroy();
  }
}

/** Root stays root, or it could not look everywhere. */
function shifted(kind: 'uid' | 'gid'): string {
  const lines = idRanges(kind).flatMap(({ first, count }) => {
    const from = Math.max(first, 1);
    const rest = count - (from - first);
    return [...(first === 0 ? ['0 0 1'] : []), ...(rest > 0 ? [`${from + SHIFT} ${from} ${rest}`] : [])];
  });
  return lines.join('\n');
}
