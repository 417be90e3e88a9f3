import { closeSync, constants, lstatSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { mount, openInRoot, setMountReadOnly, setTimes } from './libc.js';
import type { SandboxSpec } from './spec.js';

const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_BIND = 4096;

/** Devices that programs expect; each is the host's own node, bound over an empty file. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

const DEVICE_LINKS = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };

/** Kernel settings that root could otherwise write from inside: sysctls, sysrq, interrupts, PCI. */
const READ_ONLY_IN_PROC = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs'];

const SCRATCH = [
  { path: 'run', mode: '755' },
  { path: 'tmp', mode: '1777' },
  { path: 'var/tmp', mode: '1777' },
];

/**
 * Builds what the sandbox sees: the view, read-write; fresh /proc, /dev, /run, /tmp and /var/tmp in it; everything
 * outside read-only. Runs in the sandbox's own mount namespace. Answers the mount points that the tree lacked.
 */
export function confineMounts(spec: SandboxSpec): string[] {
  for (const folder of spec.writable) mount({ source: folder, target: folder, flags: MS_BIND });
  mountOverlay(spec);
  setMountReadOnly('/', true, 'with all below');
  for (const folder of [spec.mountPoint, ...spec.writable]) setMountReadOnly(folder, false, 'this mount');
  const made = ['proc', 'dev', ...SCRATCH.map(({ path }) => path)].filter((path) => ensureFolder(spec, path));
  mountProc(spec.mountPoint);
  mountDev(spec.mountPoint);
  for (const { path, mode } of SCRATCH) mountInside(spec.mountPoint, path, 'tmpfs', `mode=${mode}`);
  return made;
}

/**
 * The view. Folders are named by descriptor, so that no `:`, `,` or `\` in a path can be read as an overlay option.
 * `index=on` keeps hardlink groups of the tree together while they are written; `redirect_dir=on` lets a folder of the
 * tree be renamed, as `%pretrans` scripts do that turn one into a link; `nfs_export=on` gives folders handles that can
 * be opened again, without which the kernel refuses to tell events of the view (fanotify_mark(2)); `volatile` makes fsync inside free, as the
 * upper folder is made durable once, when it is committed.
 */
function mountOverlay({ tree, upper, work, mountPoint }: SandboxSpec): void {
  const folders = [tree, upper, work].map((path) =>
    openSync(path, constants.O_RDONLY | constants.O_DIRECTORY),
  );
  const [lower, above, scratch] = folders.map((fd) => `/proc/self/fd/${fd}`);
  const options = `lowerdir=${lower},upperdir=${above},workdir=${scratch},index=on,nfs_export=on,redirect_dir=on,metacopy=off,volatile`;
  mount({ source: 'veneer', target: mountPoint, type: 'overlay', flags: MS_NODEV, data: options });
  for (const fd of folders) closeSync(fd);
}

/** Makes a mount point that the tree lacks, keeping its parent's times: it is taken away again afterwards. */
function ensureFolder({ mountPoint }: SandboxSpec, path: string): boolean {
  const parent = path.includes('/') ? `${mountPoint}/${path.slice(0, path.lastIndexOf('/'))}` : mountPoint;
  if (lstatSync(`${mountPoint}/${path}`, { throwIfNoEntry: false }) !== undefined) return false;
  if (lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  const { atimeNs, mtimeNs } = lstatSync(parent, { bigint: true });
  mkdirSync(`${mountPoint}/${path}`);
  setTimes(Buffer.from(parent), atimeNs, mtimeNs);
  return true;
}

function mountProc(view: string): void {
  mountInside(view, 'proc', 'proc', '', MS_NOSUID | MS_NODEV | MS_NOEXEC);
  for (const name of READ_ONLY_IN_PROC) {
    const path = `${view}/proc/${name}`;
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    mount({ source: path, target: path, flags: MS_BIND });
    setMountReadOnly(path, true, 'this mount');
  }
}

/** No device node can be made here (read-only) or used elsewhere (nodev): only the host's own six, bound in. */
function mountDev(view: string): void {
  mountInside(view, 'dev', 'tmpfs', 'mode=755');
  for (const name of DEVICES) {
    writeFileSync(`${view}/dev/${name}`, '');
    mount({ source: `/dev/${name}`, target: `${view}/dev/${name}`, flags: MS_BIND });
  }
  for (const [name, target] of Object.entries(DEVICE_LINKS)) symlinkSync(target, `${view}/dev/${name}`);
  mkdirSync(`${view}/dev/shm`);
  mkdirSync(`${view}/dev/pts`);
  setMountReadOnly(`${view}/dev`, true, 'this mount');
  mountInside(view, 'dev/shm', 'tmpfs', 'mode=1777');
}

/** Mounts on a path of the view that is looked up *inside* it: a symlink there cannot lead the mount to the host. */
function mountInside(
  view: string,
  path: string,
  type: string,
  data: string,
  flags = MS_NOSUID | MS_NODEV,
): void {
  const fd = openInRoot(view, path);
  if (fd === undefined) return;
  mount({ source: type, target: `/proc/self/fd/${fd}`, type, flags, data });
  closeSync(fd);
}
