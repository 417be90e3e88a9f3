import { closeSync, constants, openSync } from 'node:fs';
import { makeCopy } from './copy-view.js';
import { mountFuseOverlay } from './fuse-overlayfs.js';
import { mount, setMountReadOnly, unmount } from './libc.js';
import { inUserNamespace } from './marks.js';
import type { ChosenView, SandboxSpec } from './spec.js';

const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_BIND = 4096;

/**
 * Errors of mount(2) that mean "not here" and that a copy does not share: no overlayfs in this kernel (ENODEV), not
 * in this namespace (EPERM), not on these file systems (EINVAL, EOPNOTSUPP, EXDEV, EREMOTE), stacked too deep (ELOOP).
 */
const OVERLAY_REFUSED = new Set(['ENODEV', 'EPERM', 'EINVAL', 'EOPNOTSUPP', 'EXDEV', 'EREMOTE', 'ELOOP']);

/** Mounts the view that was asked for, or with `auto` the first that can be had. Throws what mount(2) says. */
export function mountView(spec: SandboxSpec): ChosenView {
  if (spec.layer !== undefined && spec.view !== 'overlay')
    throw new Error('a layer is shown by an overlay only');
  if (spec.view === 'copy') return mountCopy(spec, 'it was asked for');
  if (spec.view === 'fuse-overlayfs') {
    mountFuseOverlay(spec);
    return { kind: 'fuse-overlayfs', reason: 'it was asked for' };
  }
  try {
    mountOverlay(spec);
    return { kind: 'overlay', reason: spec.view === 'auto' ? 'the kernel mounts it' : 'it was asked for' };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (spec.view !== 'auto' || !OVERLAY_REFUSED.has(code)) throw error;
    return mountCopy(spec, `the kernel refuses overlayfs here (${code})`);
  }
}

/**
 * Folders are named by descriptor, so that no `:`, `,` or `\` in a path can be read as an overlay option.
 * `index=on` keeps hardlink groups of the tree together while they are written; `redirect_dir=on` lets a folder of the
 * tree be renamed, as `%pretrans` scripts do that turn one into a link; `nfs_export=on` gives folders handles that can
 * be opened again, without which the kernel refuses to tell events of the view (fanotify_mark(2)); `volatile` makes
 * fsync inside free, as the upper folder is made durable once, when it is committed. In a user namespace the kernel
 * takes none of the first three beside `userxattr` (overlayfs.rst).
 */
function mountOverlay({ tree, layer, upper, work, mountPoint }: SandboxSpec): void {
  const lowers = layer === undefined ? [tree] : [layer, tree];
  const folders = [upper, work, ...lowers].map((path) =>
    openSync(path, constants.O_RDONLY | constants.O_DIRECTORY),
  );
  const [above, scratch, ...below] = folders.map((fd) => `/proc/self/fd/${fd}`);
  const lower = below.join(':');
  const kind = inUserNamespace() ? 'userxattr' : 'index=on,nfs_export=on,redirect_dir=on,metacopy=off';
  const options = `lowerdir=${lower},upperdir=${above},workdir=${scratch},${kind},volatile`;
  try {
    mount({ source: 'veneer', target: mountPoint, type: 'overlay', flags: MS_NODEV, data: options });
  } finally {
    for (const fd of folders) closeSync(fd);
  }
}

function mountCopy(spec: SandboxSpec, reason: string): ChosenView {
  mount({ source: makeCopy(spec), target: spec.mountPoint, flags: MS_BIND });
  return { kind: 'copy', reason };
}

/**
 * Mounts what a tree and an upper folder over it look like together, read-only, where the caller is: it stays until it
 * is unmounted. Costs nothing but the mount. Throws what mount(2) says.
 */
export function mountReadOnly(
  { tree, layer }: { tree: string; layer?: string | undefined },
  target: string,
): void {
  // An overlay without upper folder takes two lower ones at least: a tree alone is bound.
  if (layer === undefined) {
    mount({ source: tree, target, flags: MS_BIND });
    try {
      setMountReadOnly(target, true, 'this mount');
    } catch (error) {
      unmount(target);
      throw error;
    }
    return;
  }
  const folders = [layer, tree].map((path) => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
  const lower = folders.map((fd) => `/proc/self/fd/${fd}`).join(':');
  const data = `lowerdir=${lower}${inUserNamespace() ? ',userxattr' : ''}`;
  try {
    mount({ source: 'veneer', target, type: 'overlay', flags: MS_RDONLY | MS_NODEV | MS_NOSUID, data });
  } finally {
    for (const fd of folders) closeSync(fd);
  }
}
