import { findForeign, idRanges, isRootless } from '../../scriptlet-sandbox/index.js';
import { VeneerError } from '../support/errors.js';
import { displayPath, type TreePath } from '../tree/path.js';
import type { TarMember } from './tar-listing.js';
import { memberPath } from './tar-safety.js';

/**
 * Refuses a folder that cannot be copied as it is by root of a user namespace: where it holds a device node, or what
 * belongs to an id from outside the namespace. Throws E_BASE_SOURCE.
 */
export async function refuseForeignFolder(folder: string): Promise<void> {
  const foreign = isRootless() ? await findForeign(folder) : undefined;
  if (foreign === undefined) return;
  const path = foreign.path as TreePath;
  if (foreign.isDevice) throw deviceNode(path);
  throw new VeneerError('E_BASE_SOURCE', `${displayPath(path)} belongs to somebody else`, {
    lines: [`neither you nor your subordinate ids own it in ${folder}: a copy would belong to you`],
    hint: 'import a tar, which has owners as numbers; as root: tar --numeric-owner --xattrs -C FOLDER -cf FILE .',
  });
}

/** The same for the members of an archive, before anything is unpacked. Throws E_BASE_SOURCE. */
export function refuseForeignMembers(members: readonly TarMember[]): void {
  if (!isRootless()) return;
  const [uids, gids] = [idRanges('uid'), idRanges('gid')];
  for (const { name, kind, uid, gid } of members) {
    const path = memberPath(name) as TreePath;
    if (kind === 'char' || kind === 'block') throw deviceNode(path);
    if (isIn(uids, uid) && isIn(gids, gid)) continue;
    throw new VeneerError(
      'E_BASE_SOURCE',
      `${displayPath(path)} belongs to ${uid}:${gid}, which you have no id for`,
      {
        hint: 'ask for a larger range in /etc/subuid and /etc/subgid, or run this as root',
      },
    );
  }
}

function isIn(ranges: ReturnType<typeof idRanges>, id: number): boolean {
  return ranges.some(({ first, count }) => first <= id && id < first + count);
}

function deviceNode(path: TreePath): VeneerError {
  return new VeneerError('E_BASE_SOURCE', `${displayPath(path)} is a device node, which only root can make`, {
    hint: 'leave it out, as the sandbox has a /dev of its own, or run this as root',
  });
}
