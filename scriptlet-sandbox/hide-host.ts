import { lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mount, pivotRoot, setMountReadOnly, unmount } from './libc.js';
import type { SandboxSpec } from './spec.js';

const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_BIND = 4096;
const MS_REC = 16384;
const MS_PRIVATE = 1 << 18;
const MNT_DETACH = 2;

/** What librpm itself needs of the host: its libraries, its configuration, how programs find libraries. */
const SOFTWARE = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/etc/ld.so.cache', '/etc/rpm'],
];

/**
 * Leaves of the host only what the module needs, each at its own path, and puts the rest out of reach by giving the
 * mount namespace another root. librpm enters the view with chroot(2), which a process leaves again with any folder
 * that it holds open outside, and a Lua scriptlet, running in librpm's process, reaches those by /proc/self/fd.
 * No folder may be open from before; who watches the view needs its folders. Does nothing where the module is to run
 * on the host's own root.
 */
export function hideHost(spec: SandboxSpec): void {
  if (spec.root === 'host') return;
  // What is taken away here must not go from where a view came by propagation.
  mount({ source: 'none', target: '/', flags: MS_REC | MS_PRIVATE });
  // Any folder does that is not among what is kept.
  const root = '/proc';
  mount({
    source: 'host',
    target: root,
    type: 'tmpfs',
    flags: MS_NOSUID | MS_NODEV,
    data: 'mode=755,size=1m',
  });
  const watched = spec.watch === undefined ? [] : [spec.tree, spec.upper, spec.work];
  for (const path of [...SOFTWARE, ...(spec.readable ?? []), ...watched, spec.mountPoint, ...spec.writable]) {
    keep(path, `${root}${path}`);
  }
  // The view's own: a fresh /proc would have the kernel's settings in it. A link of the tree must not be followed.
  for (const path of ['/proc', '/dev']) {
    const own = `${spec.mountPoint}${path}`;
    if (lstatSync(own, { throwIfNoEntry: false })?.isDirectory()) keep(own, `${root}${path}`);
  }
  setMountReadOnly(root, true, 'this mount');
  process.chdir(root);
  pivotRoot('.');
  unmount('.', MNT_DETACH);
  process.chdir('/');
}

/** Links are made anew: `/bin` leads to `/usr/bin`. A mount keeps whether it is read-only. */
function keep(path: string, target: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  mkdirSync(dirname(target), { recursive: true });
  if (stat.isSymbolicLink() && SOFTWARE.includes(path)) {
    symlinkSync(readlinkSync(path), target);
    return;
  }
  if (stat.isDirectory()) mkdirSync(target, { recursive: true });
  else writeFileSync(target, '');
  mount({ source: path, target, flags: MS_BIND | MS_REC });
}
