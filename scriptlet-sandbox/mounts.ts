import { closeSync, lstatSync, mkdirSync, openSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mount, openInRoot, setMountReadOnly, setTimes } from './libc.js';
import { sealProc } from './seal-proc.js';
import type { ChosenView, SandboxSpec } from './spec.js';
import { mountView } from './views.js';

const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_BIND = 4096;
const MS_REC = 16384;
const O_PATH = 0x200000;

/** Devices that programs expect; each is the host's own node, bound over an empty file. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

const DEVICE_LINKS = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };

const SCRATCH = [
  { path: 'run', mode: '755' },
  { path: 'tmp', mode: '1777' },
  { path: 'var/tmp', mode: '1777' },
];

export interface Confined {
  view: ChosenView;
  /** Where the view is to be found: its own mount point, or with the host's root the tree's path. */
  root: string;
  /** The mount points that the tree lacked, relative to its root; a folder before what it holds. */
  made: string[];
}

/**
 * Builds what the sandbox sees: the view, read-write; fresh /proc, /dev, /run, /tmp and /var/tmp in it; everything
 * outside read-only. Runs in the sandbox's own mount namespace.
 */
export function confineMounts(spec: SandboxSpec): Confined {
  if (spec.throwAway) makeFoldersInMemory(spec);
  for (const folder of spec.writable) mount({ source: folder, target: folder, flags: MS_BIND });
  const view = mountView(spec);
  setMountReadOnly('/', true, 'with all below');
  for (const folder of [spec.mountPoint, ...spec.writable]) setMountReadOnly(folder, false, 'this mount');
  return spec.root === 'host' ? coverHost(spec, view) : { view, root: spec.mountPoint, made: fillView(spec) };
}

function makeFoldersInMemory({ upper, work, mountPoint }: SandboxSpec): void {
  mount({
    source: 'none',
    target: dirname(upper),
    type: 'tmpfs',
    flags: MS_NOSUID | MS_NODEV,
    data: 'mode=755',
  });
  for (const folder of [upper, work, mountPoint]) mkdirSync(folder);
}

/** What the view needs inside to be a root file system. */
function fillView(spec: SandboxSpec): string[] {
  const view = spec.mountPoint;
  const bound = spec.bindReadOnly.map((path) => ({ path, fd: openSync(path, O_PATH) }));
  const made = ['proc', 'dev', 'run', 'tmp'].flatMap((path) => ensureMountPoint(view, path, 'folder'));
  if (lstatSync(`${view}/var`, { throwIfNoEntry: false }))
    made.push(...ensureMountPoint(view, 'var/tmp', 'folder'));
  mountProc(view);
  mountDev(view);
  for (const { path, mode } of SCRATCH) mountInside(view, path, 'tmpfs', `mode=${mode},size=20%`);
  for (const { path, fd } of bound) made.push(...bindInside(view, path, fd));
  return made;
}

/** The machine's root with the view over the tree's own path, which may lie in a folder that is covered. */
function coverHost(spec: SandboxSpec, view: ChosenView): Confined {
  const fd = openSync(spec.mountPoint, O_PATH);
  const bound = spec.bindReadOnly.map((path) => ({ path, fd: openSync(path, O_PATH) }));
  mountProc('');
  mountDev('');
  for (const { path, mode } of SCRATCH) mountInside('/', path, 'tmpfs', `mode=${mode},size=20%`);
  bindInside('', spec.tree, fd, 'writable');
  for (const { path, fd: source } of bound) bindInside('', path, source);
  return { view, root: spec.tree, made: [] };
}

/** Binds what a descriptor names over the same path below `root`. Answers the paths that had to be made. */
function bindInside(root: string, path: string, fd: number, access?: 'writable'): string[] {
  const source = `/proc/self/fd/${fd}`;
  const made = ensureMountPoint(root, path.slice(1), statSync(source).isDirectory() ? 'folder' : 'file');
  mount({ source, target: `${root}${path}`, flags: MS_BIND | MS_REC });
  if (access !== 'writable') setMountReadOnly(`${root}${path}`, true, 'with all below');
  closeSync(fd);
  return made;
}

/** Makes a mount point where there is none, keeping its parent's times: it is taken away again afterwards. */
function ensureMountPoint(root: string, path: string, type: 'folder' | 'file'): string[] {
  if (path === '' || lstatSync(`${root}/${path}`, { throwIfNoEntry: false }) !== undefined) return [];
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const made = ensureMountPoint(root, above, 'folder');
  const parent = `${root}/${above}`;
  if (!lstatSync(parent).isDirectory()) return made;
  const { atimeNs, mtimeNs } = lstatSync(parent, { bigint: true });
  if (type === 'folder') mkdirSync(`${root}/${path}`);
  else writeFileSync(`${root}/${path}`, '');
  setTimes(Buffer.from(parent), atimeNs, mtimeNs);
  return [...made, path];
}

function mountProc(view: string): void {
  mountInside(view, 'proc', 'proc', '', MS_NOSUID | MS_NODEV | MS_NOEXEC);
  const fd = openInRoot(rootOf(view), 'proc');
  if (fd === undefined) return;
  sealProc(`/proc/self/fd/${fd}`);
  closeSync(fd);
}

/** No device node can be made here (read-only) or used elsewhere (nodev): only the host's own six, bound in. */
function mountDev(view: string): void {
  const devices = DEVICES.map((name) => ({ name, fd: openSync(`/dev/${name}`, O_PATH) }));
  mountInside(view, 'dev', 'tmpfs', 'mode=755');
  for (const { name, fd } of devices) {
    writeFileSync(`${view}/dev/${name}`, '');
    mount({ source: `/proc/self/fd/${fd}`, target: `${view}/dev/${name}`, flags: MS_BIND });
    closeSync(fd);
  }
  for (const [name, target] of Object.entries(DEVICE_LINKS)) symlinkSync(target, `${view}/dev/${name}`);
  mkdirSync(`${view}/dev/shm`);
  mkdirSync(`${view}/dev/pts`);
  setMountReadOnly(`${view}/dev`, true, 'this mount');
  mountInside(view, 'dev/shm', 'tmpfs', 'mode=1777,size=20%');
}

/** Mounts on a path of the view that is looked up *inside* it: a symlink there cannot lead the mount to the host. */
function mountInside(
  view: string,
  path: string,
  type: string,
  data: string,
  flags = MS_NOSUID | MS_NODEV,
): void {
  const fd = openInRoot(rootOf(view), path);
  if (fd === undefined) return;
  mount({ source: type, target: `/proc/self/fd/${fd}`, type, flags, data });
  closeSync(fd);
}

function rootOf(view: string): string {
  return view === '' ? '/' : view;
}
