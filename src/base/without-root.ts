import { hasId, isRootless, overflowId } from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';
import { run } from '../support/processes.js';
import { displayPath, type TreePath, treePath } from '../tree/path.js';
import type { TarMember } from './tar-listing.js';
import { memberPath } from './tar-safety.js';

/**
 * Refuses a folder that cannot be copied as it is by root of a user namespace: where it holds a device node, or what
 * belongs to an id from outside the namespace, which shows as the overflow id. Throws E_BASE_SOURCE.
 */
export async function refuseForeignFolder(folder: string): Promise<void> {
  if (!isRootless()) return;
  const [uid, gid] = [overflowId('uid'), overflowId('gid')];
  const foreign = [
    '(',
    '-uid',
    `${uid}`,
    '-o',
    '-gid',
    `${gid}`,
    '-o',
    '-type',
    'b',
    '-o',
    '-type',
    'c',
    ')',
  ];
  const args = [folder, '-xdev', ...foreign, '-printf', '%y%P', '-quit'];
  const { stdout } = await run('find', args, { reject: false });
  if (stdout === '') return;
  const path = treePath(stdout.slice(1));
  if ('bc'.includes(stdout.slice(0, 1))) throw deviceNode(path);
  throw new VeneerError('E_BASE_SOURCE', `${displayPath(path)} belongs to an id that you have no right to`, {
    lines: [
      `its owner or group shows as ${uid}, which stands for all that are not among your subordinate ids`,
    ],
    hint: 'import a tar of it, whose owners are numbers (as root: tar --numeric-owner -C ROOT -c .)',
  });
}

/** The same for the members of an archive, before anything is unpacked. Throws E_BASE_SOURCE. */
export function refuseForeignMembers(members: readonly TarMember[]): void {
  if (!isRootless()) return;
  const uids = new Set([...new Set(members.map(({ uid }) => uid))].filter((id) => hasId('uid', id)));
  const gids = new Set([...new Set(members.map(({ gid }) => gid))].filter((id) => hasId('gid', id)));
  for (const { name, kind, uid, gid } of members) {
    const path = memberPath(name) as TreePath;
    if (kind === 'char' || kind === 'block') throw deviceNode(path);
    if (uids.has(uid) && gids.has(gid)) continue;
    throw new VeneerError(
      'E_BASE_SOURCE',
      `${displayPath(path)} belongs to ${uid}:${gid}, which you have no id for`,
      {
        hint: 'have your range in /etc/subuid and /etc/subgid made larger, or run this as root',
      },
    );
  }
}

function deviceNode(path: TreePath): VeneerError {
  return new VeneerError('E_BASE_SOURCE', `${displayPath(path)} is a device node, which only root can make`, {
    hint: 'leave it out (a base needs none: the sandbox has a /dev of its own), or run this as root',
  });
}
