import {
  chmodSync,
  lchownSync,
  linkSync,
  mkdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimes, setXattr } from '../../scriptlet-sandbox/index.js';
import { run } from '../../src/support/processes.js';
import { displayPath, onHost, parentPath, type TreePath } from '../../src/tree/path.js';
import { walk } from '../../src/tree/walk.js';

export interface NodeSpec {
  /** Exactly one of these five says what it is; `sparse` is a file of that many bytes that is one hole. */
  file?: string | Buffer;
  sparse?: number;
  dir?: true;
  symlink?: string;
  fifo?: true;
  /** The name, in the same spec and before this one, whose inode this one shares; nothing else may be given. */
  hardlink?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  mtimeNs?: bigint;
  xattrs?: Record<string, Buffer>;
}

/** Paths (one character a byte, no leading slash, '' for the root) to what to make; a string is a file's content. */
export type TreeSpec = Record<string, string | NodeSpec>;

/** cap_net_raw=ep as the kernel stores it (vfs_cap_data, version 2). */
export const CAP_NET_RAW = Buffer.from('0100000200200000000000000000000000000000', 'hex');
const DEFAULT_TIME = 1_600_000_000_123_456_789n;

/** Makes a tree of a spec below `root`, folders on the way included; every time that is not given is the same. */
export async function makeTree(root: string, spec: TreeSpec): Promise<void> {
  mkdirSync(root, { recursive: true });
  for (const [name, node] of Object.entries(spec)) {
    await makeNode(root, name as TreePath, typeof node === 'string' ? { file: node } : node);
  }
  for (const { path } of walk(root)) {
    const given = spec[path];
    const mtimeNs = (typeof given === 'object' ? given.mtimeNs : undefined) ?? DEFAULT_TIME;
    const isSecondName = typeof given === 'object' && given.hardlink !== undefined;
    if (!isSecondName) setTimes(onHost(root, path), mtimeNs, mtimeNs);
  }
}

/** Says in one line for each path what a tree holds; trees that are equal but for inode numbers read the same. */
export function describeTree(root: string): Record<string, string> {
  const names = new Map<number, string>();
  return Object.fromEntries(
    [...walk(root)].map((entry) => {
      const first = entry.nlink > 1 && entry.type !== 'directory' ? names.get(entry.ino) : undefined;
      names.set(entry.ino, first ?? displayPath(entry.path));
      const parts = [
        entry.type,
        entry.mode.toString(8),
        `${entry.uid}:${entry.gid}`,
        `${entry.size}`,
        `${entry.mtimeNs}`,
        entry.target && `-> ${entry.target}`,
        entry.rdev && `device ${entry.rdev}`,
        ...Object.entries(entry.xattrs).map(([name, value]) => `${name}=${value}`),
        first && `same inode as ${first}`,
      ];
      return [displayPath(entry.path), parts.filter(Boolean).join(' ')];
    }),
  );
}

async function makeNode(root: string, path: TreePath, node: NodeSpec): Promise<void> {
  const host = onHost(root, path);
  mkdirSync(onHost(root, parentPath(path)), { recursive: true });
  if (node.hardlink !== undefined) return linkSync(onHost(root, node.hardlink as TreePath), host);
  if (node.file !== undefined) writeFileSync(host, node.file);
  if (node.dir) mkdirSync(host, { recursive: true });
  if (node.symlink !== undefined) symlinkSync(Buffer.from(node.symlink, 'latin1'), host);
  if (node.fifo) await run('mkfifo', [host.toString()]);
  if (node.sparse !== undefined) {
    writeFileSync(host, '');
    truncateSync(host.toString(), node.sparse);
  }
  lchownSync(host, node.uid ?? 0, node.gid ?? 0);
  // After the owner: chown takes the set-uid bit and capabilities away.
  if (node.symlink === undefined) chmodSync(host, node.mode ?? (node.dir ? 0o755 : 0o644));
  for (const [name, value] of Object.entries(node.xattrs ?? {})) setXattr(host, name, value);
}

/** A tree with one of everything that a root file system can hold and a careless copy loses. */
export const RICH_TREE: TreeSpec = {
  '': { dir: true, mode: 0o751, mtimeNs: 1_500_000_000_000_000_001n },
  'usr/bin/su': { file: 'su', mode: 0o4755 },
  'usr/bin/ping': { file: 'ping', mode: 0o755, xattrs: { 'security.capability': CAP_NET_RAW } },
  'usr/bin/marked': { file: 'marked', xattrs: { 'user.note': Buffer.from([0, 255, 10]) } },
  'usr/share/pair': { file: 'one inode' },
  'opt/pair': { hardlink: 'usr/share/pair' },
  'usr/lib/link': { symlink: 'libx.so.1' },
  'usr/lib/link2': { hardlink: 'usr/lib/link' },
  'usr/lib-exec': 'sorts between usr/lib and usr/lib/…',
  'srv/new\nline "quoted" \\ -> x': 'newline',
  'srv/\xff\xfe bytes': 'not UTF-8',
  'var/sparse': { sparse: 8_000_000 },
  'var/empty': { dir: true, mode: 0o1777 },
  'var/mail/bob': { file: 'mail', uid: 1000, gid: 8, mode: 0o660 },
  'run/fifo': { fifo: true },
  'old/file': { file: 'before 1970', mtimeNs: -1_500_000_000n },
};
