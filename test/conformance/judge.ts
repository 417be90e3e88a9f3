import type { Aspect, Facts } from './facts.js';

type Folder = ReadonlyMap<string, Facts>;

/** Times that the tree is made with lie before this, in seconds; so do those that vectors set, but one of 2095. */
const MADE_BEFORE = 1_650_000_000;
const YEAR_2090 = 3_000_000_000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

/**
 * What has changed in a folder of the base: every field of stat(2), every extended attribute, flag and byte. Links to
 * an inode move nlink and ctime; reading moves the access time, to now: nothing else is passed over.
 */
export function baseChanges(before: Folder, after: Folder): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.flatMap((path) => {
    const [a, b] = [before.get(path), after.get(path)];
    if (a === undefined || b === undefined) return [`${path}: names`];
    return changedAspects(a, b).map((aspect) => `${path}: ${aspect}`);
  });
}

function changedAspects(a: Facts, b: Facts): Aspect[] {
  const aspects: [Aspect, unknown, unknown][] = [
    ['inode', `${a.dev} ${a.ino} ${a.type} ${a.rdev}`, `${b.dev} ${b.ino} ${b.type} ${b.rdev}`],
    ['content', `${a.size} ${a.content}`, `${b.size} ${b.content}`],
    ['blocks', a.blocks, b.blocks],
    ['mode', a.mode, b.mode],
    ['owner', `${a.uid}:${a.gid}`, `${b.uid}:${b.gid}`],
    ['mtime', a.mtime, b.mtime],
    ['atime', a.atime, isNow(b.atime) ? a.atime : b.atime],
    ['target', a.target, b.target],
    ['xattrs', a.xattrs, b.xattrs],
    ['flags', a.flags, b.flags],
    ['version', a.version, b.version],
  ];
  return aspects.filter(([, was, is]) => was !== is).map(([aspect]) => aspect);
}

/** What a vector has done to its folder, seen from outside: inode numbers may differ, hardlink groups may not. */
export function effects(before: Folder, after: Folder): Set<Aspect> {
  const found = new Set<Aspect>();
  if ([...before.keys()].join('\n') !== [...after.keys()].join('\n')) found.add('names');
  const [groupsBefore, groupsAfter] = [groups(before), groups(after)];
  for (const [path, b] of after) {
    const a = before.get(path);
    if (a === undefined) {
      if (b.uid !== 0 || b.gid !== 0) found.add('owner');
      if (b.content !== undefined && ![...before.values()].some(({ content }) => content === b.content))
        found.add('content');
      if (groupsAfter.get(path) !== path) found.add('links');
      continue;
    }
    for (const aspect of changedAspects(a, { ...b, version: b.version ?? a.version })) found.add(aspect);
    found.delete('inode');
    if (a.type !== b.type) found.add('type');
    if (groupsBefore.get(path) !== groupsAfter.get(path)) found.add('links');
  }
  return found;
}

/** A folder before and after a vector. */
export interface Course {
  before: Folder;
  after: Folder;
  /** Where the view is known to move the times of folders at will: these are then not compared. */
  folderTimesMove?: boolean;
}

/** How a folder differs from what the same vector left on a private copy, a line for each path and aspect. */
export function differences(wanted: Course, found: Course): string[] {
  const [a, b] = [appearances(wanted), appearances(found)];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [a.get(path), b.get(path)];
    if (was === undefined) return [`${path} is there`];
    if (is === undefined) return [`${path} is missing`];
    const aspects = Object.keys(was).filter(
      (aspect) => was[aspect] !== is[aspect] && ![was[aspect], is[aspect]].includes(UNKNOWN),
    );
    return aspects.map((aspect) => `${path}: ${aspect} is ${String(is[aspect])}, not ${String(was[aspect])}`);
  });
}

/** A time that says nothing: one of access that reading has moved to now, or a folder's in a view that moves them. */
const UNKNOWN = Symbol('unknown');

function appearances({ before, after, folderTimesMove }: Course): Map<string, Record<string, unknown>> {
  const group = groups(after);
  return new Map(
    [...after].map(([path, facts]) => {
      const { type, mode, uid, gid, rdev, target, xattrs, content, flags = 0, mtime, atime } = facts;
      const size = type === S_IFREG ? facts.size : 0;
      const accessed = atime === before.get(path)?.atime ? 'kept' : isNow(atime) ? UNKNOWN : atime;
      const moved = folderTimesMove === true && type === S_IFDIR;
      const modified = moved ? UNKNOWN : isNow(mtime) ? 'now' : mtime;
      return [
        path,
        {
          ...{ type: type.toString(8), mode: mode.toString(8), owner: `${uid}:${gid}`, size, content, rdev },
          ...{ target, xattrs, flags, links: group.get(path), mtime: modified, atime: accessed },
        },
      ];
    }),
  );
}

/** Each path with the first name of its inode in the folder. */
function groups(folder: Folder): Map<string, string> {
  const first = new Map<string, string>();
  return new Map(
    [...folder].map(([path, { dev, ino, type }]) => {
      const inode = type === S_IFDIR ? path : `${dev}:${ino}`;
      first.set(inode, first.get(inode) ?? path);
      return [path, first.get(inode) ?? path];
    }),
  );
}

function isNow(time: string): boolean {
  const seconds = Number(time.split('.')[0]);
  return seconds > MADE_BEFORE && seconds < YEAR_2090;
}
