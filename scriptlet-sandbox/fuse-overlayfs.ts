import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { childOf, hostPath } from './changes.js';
import { getXattr, listXattrs, makeWhiteout, mount, removeXattr, setXattr } from './libc.js';
import { markName } from './marks.js';
import { keepingTimes } from './metadata.js';
import { inodeKey, OVL_FB_HEADER } from './overlay-index.js';
import type { SandboxSpec, ViewFolders } from './spec.js';

/** What a user of this view must be told. */
export const FUSE_OVERLAYFS_FAULTS =
  'fuse-overlayfs has known faults: `rm -rf d; mkdir d` can bring the old content of d back, a set-uid bit of a file ' +
  'that root does not own is lost when the file is first written, and a write by one name of a hardlink pair can be ' +
  'lost when the other name is replaced';

const MS_BIND = 4096;
const MS_SHARED = 1 << 20;

const PLAIN = '/run';

const OWN_ATTRIBUTES = /^(user|trusted)\.(fuseoverlayfs|containers)\./;
const OPAQUE_FILE = '.wh..wh..opq';
const WHITEOUT_PREFIX = '.wh.';

/**
 * Starts fuse-overlayfs, which serves the view until the sandbox ends. It keeps a mount namespace of its own, as it
 * goes on writing to the upper folder when that is read-only for everyone else; its mount comes over because the mount
 * point is shared. It has no way to escape `,` and `:` in its options, so the folders are bound to plain names first:
 * upper and work folder by their parent, as it renames from one to the other.
 */
export function mountFuseOverlay({ tree, upper, work, mountPoint }: SandboxSpec): void {
  mount({ source: 'none', target: PLAIN, type: 'tmpfs' });
  for (const [name, folder] of Object.entries({ lower: tree, parent: dirname(upper) })) {
    mkdirSync(`${PLAIN}/${name}`);
    mount({ source: folder, target: `${PLAIN}/${name}`, flags: MS_BIND });
  }
  mount({ source: mountPoint, target: mountPoint, flags: MS_BIND });
  mount({ source: 'none', target: mountPoint, flags: MS_SHARED });
  const plain = (path: string) => `${PLAIN}/parent/${relative(dirname(upper), path)}`;
  if (/[,:\\]/.test(plain(upper)))
    throw new Error(`fuse-overlayfs cannot take an upper folder named ${upper}`);
  const options = `lowerdir=${PLAIN}/lower,upperdir=${plain(upper)},workdir=${plain(work)}`;
  const args = ['--mount', '--propagation', 'unchanged', 'fuse-overlayfs', '-o', options, mountPoint];
  execFileSync('unshare', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Turns the marks that fuse-overlayfs leaves in an upper folder into those of the kernel's overlayfs. */
export function normaliseFuseMarks(folders: ViewFolders): void {
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const host = hostPath(folders.upper, folder);
    keepingTimes(host, () => replaceMarkFiles(folders.upper, folder ?? ''));
    for (const name of readdirSync(host, 'latin1')) {
      const path = childOf(folder, name);
      if (lstatSync(hostPath(folders.upper, path)).isDirectory()) pending.push(path);
      replaceAttributes(folders, path);
    }
  }
}

function replaceMarkFiles(upper: string, folder: string): void {
  for (const name of readdirSync(hostPath(upper, folder), 'latin1')) {
    if (!name.startsWith(WHITEOUT_PREFIX)) continue;
    unlinkSync(hostPath(upper, childOf(folder, name)));
    if (name === OPAQUE_FILE) setXattr(hostPath(upper, folder), markName('opaque'), Buffer.from('y'));
    else if (name !== '.wh..opq')
      makeWhiteout(hostPath(upper, childOf(folder, name.slice(WHITEOUT_PREFIX.length))));
  }
}

/** `user.fuseoverlayfs.origin` holds the path that a file was copied up from. */
function replaceAttributes({ tree, upper }: ViewFolders, path: string): void {
  const host = hostPath(upper, path);
  for (const name of listXattrs(host).filter((attribute) => OWN_ATTRIBUTES.test(attribute))) {
    const value = getXattr(host, name)?.toString('latin1') ?? '';
    removeXattr(host, name);
    if (!name.endsWith('.origin') || lstatSync(host).isDirectory()) continue;
    const original = hostPath(tree, value.replace(/^\/+|\0$/g, ''));
    if (lstatSync(original, { throwIfNoEntry: false }) === undefined) continue;
    const mark = Buffer.concat([Buffer.alloc(OVL_FB_HEADER), Buffer.from(inodeKey(original), 'hex')]);
    setXattr(host, markName('origin'), mark);
  }
}
