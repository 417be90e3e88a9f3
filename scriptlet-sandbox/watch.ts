import { lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { copyLayout } from './copy-view.js';
import { fanotifyInit, fanotifyMarkFileSystem, fileHandle, openByHandle } from './libc.js';
import type { SandboxSpec, ViewKind, ViewWatch, ViewWrite } from './spec.js';

/** Where the kernel or the file systems have no such events, or this user may not have them. */
const NO_EVENTS = ['EPERM', 'EINVAL', 'ENODEV', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EXDEV'];

/**
 * Watches a mounted view: by events of the kernel, whose cost grows with what changes; where those are not to be had,
 * by walking the folder that takes the changes at each look, which costs as much as all that is in it. To be called
 * before privileges are dropped.
 */
export function watchView(spec: SandboxSpec, kind: ViewKind): ViewWatch {
  const written = kind === 'copy' ? copyLayout(spec.work).copy : spec.upper;
  if (spec.watch === 'walk') return walk(written, 'asked for');
  // Events come from a whole file system: that of another view would be the machine's own.
  if (kind !== 'overlay') return walk(written, `the view is ${kind}`);
  try {
    requireHandles(spec.tree);
    return readEvents(spec.mountPoint);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !NO_EVENTS.includes(code)) throw error;
    return walk(written, message);
  }
}

/** Handles in events are of use only to who may open them again, which takes CAP_DAC_READ_SEARCH. */
function requireHandles(tree: string): void {
  const handle = fileHandle(Buffer.from(tree));
  if (handle === undefined) throw Object.assign(new Error('no file handles'), { code: 'EOPNOTSUPP' });
  openByHandle(tree, handle, () => undefined);
}

const FAN = {
  MODIFY: 0x2,
  ATTRIB: 0x4,
  CLOSE_WRITE: 0x8,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  Q_OVERFLOW: 0x4000,
  ONDIR: 0x40000000,
} as const;

/** CLOSE_WRITE besides MODIFY, as there is no event for a write through mmap(2). */
const WATCHED =
  FAN.MODIFY |
  FAN.ATTRIB |
  FAN.CLOSE_WRITE |
  FAN.MOVED_FROM |
  FAN.MOVED_TO |
  FAN.CREATE |
  FAN.DELETE |
  FAN.ONDIR;
const ENTRY = FAN.MOVED_FROM | FAN.MOVED_TO | FAN.CREATE | FAN.DELETE;

const READ_AT_ONCE = 256 * 1024;

/** fanotify(7) on the whole file system of the view. Its queue has no limit, so that it is read between scriptlets only. */
function readEvents(mountPoint: string): ViewWatch {
  const fd = fanotifyInit();
  fanotifyMarkFileSystem(fd, WATCHED, mountPoint);
  const buffer = Buffer.alloc(READ_AT_ONCE);
  return {
    how: 'events',
    reason: '',
    take() {
      const writes: ViewWrite[] = [];
      for (let length = readNow(fd, buffer); length > 0; length = readNow(fd, buffer)) {
        for (let at = 0; at < length; at += buffer.readUInt32LE(at)) {
          const write = parseEvent(buffer.subarray(at, at + buffer.readUInt32LE(at)));
          if (write !== undefined) writes.push(write);
        }
      }
      return writes;
    },
  };
}

function readNow(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

/** `struct fanotify_event_metadata` and the records after it; undefined for an inode that has no name any more. */
function parseEvent(event: Buffer): ViewWrite | undefined {
  const mask = event.readUInt32LE(8);
  if ((mask & FAN.Q_OVERFLOW) !== 0) throw new Error('the kernel had no memory for all events of the view');
  const INFO_FID = 1;
  const INFO_DFID_NAME = 2;
  let folder: string | undefined;
  let name = '';
  let inode = '';
  for (let at = event.readUInt16LE(6); at < event.length; at += event.readUInt16LE(at + 2)) {
    const end = at + HANDLE_AT + event.readUInt32LE(at + HANDLE_LENGTH_AT);
    const handle = event.toString('hex', at + HANDLE_AT + OVL_FH_PADDING, end);
    if (event[at] === INFO_FID) inode = handle;
    if (event[at] !== INFO_DFID_NAME) continue;
    folder = handle;
    name = event.toString('latin1', end, event.indexOf(0, end));
  }
  if (folder === undefined) return undefined;
  const kind = kindOf(mask);
  return { folder, name: name === '.' ? '' : name, kind, inode, pid: event.readInt32LE(20) };
}

/** In `struct fanotify_event_info_fid`: after a header of 4 bytes and the file system's id of 8. */
const HANDLE_LENGTH_AT = 12;
const HANDLE_AT = 20;
/** `struct ovl_fh` begins with it, to align the real handle. */
const OVL_FH_PADDING = 3;

function kindOf(mask: number): ViewWrite['kind'] {
  if ((mask & FAN.MOVED_TO) !== 0 && (mask & FAN.ONDIR) !== 0) return 'moved-folder';
  return (mask & ENTRY) !== 0 ? 'entry' : 'written';
}

/** The folder is reached by a descriptor, so that it is found from inside the view as well. */
function walk(folder: string, reason: string): ViewWatch {
  const root = `/proc/self/fd/${openSync(folder, 'r')}`;
  let known = stamps(root);
  return {
    how: 'walk',
    reason,
    take() {
      const before = known;
      known = stamps(root);
      const changed = [...known].filter(([path, stamp]) => before.get(path) !== stamp);
      return changed.map(([path]) => ({
        folder: `/${path}`,
        name: '',
        kind: 'written',
        inode: '',
        pid: undefined,
      }));
    },
  };
}

/** Of every path in a folder what changes whenever the path does: its inode's number and ctime. */
function stamps(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const host = Buffer.from(`${root}/${path}`, 'latin1');
    const stat = lstatSync(host, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) continue;
    found.set(path, `${stat.ino} ${stat.ctimeNs}`);
    if (!stat.isDirectory()) continue;
    for (const name of readdirSync(host, 'latin1')) pending.push(path === '' ? name : `${path}/${name}`);
  }
  return found;
}
