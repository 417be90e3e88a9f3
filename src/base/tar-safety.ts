import type { TarMember } from './tar-listing.js';

export interface UnsafeMember {
  member: TarMember;
  /** Why, to be read after the member's name: "has '..' in its name". */
  reason: string;
}

/**
 * Finds the first member of an archive that could write or link outside the folder it is unpacked in: absolute names,
 * `..`, members below a symlink of the archive, and hardlinks to any of those. Stricter than tar itself: a name counts
 * as a symlink if it is one anywhere in the archive, since which one wins depends on their order.
 */
export function findUnsafeMember(members: readonly TarMember[]): UnsafeMember | undefined {
  const symlinks = symlinkNames(members);
  for (const member of members) {
    const reason = unsafeName(member, symlinks) ?? unsafeLink(member, symlinks);
    if (reason !== undefined) return { member, reason };
  }
  return undefined;
}

/** A member's name as a path below the tree: without `.` components, doubled and trailing slashes. */
export function memberPath(name: string): string {
  return components(name).join('/');
}

/** The names that are symlinks once unpacked; a hardlink to a symlink is one as well. */
function symlinkNames(members: readonly TarMember[]): Set<string> {
  const names = new Set(members.filter(({ kind }) => kind === 'symlink').map(({ name }) => memberPath(name)));
  for (const { kind, name, target } of members) {
    if (kind === 'hardlink' && names.has(memberPath(target))) names.add(memberPath(name));
  }
  return names;
}

function unsafeName({ name, kind }: TarMember, symlinks: ReadonlySet<string>): string | undefined {
  if (kind === 'unknown') return 'is of a kind that no file tree has';
  if (memberPath(name) === '' && kind !== 'directory') return 'would replace the root of the tree';
  return unsafePath(name, symlinks, 'its name');
}

function unsafeLink({ kind, target }: TarMember, symlinks: ReadonlySet<string>): string | undefined {
  return kind === 'hardlink' ? unsafePath(target, symlinks, 'the target of its hardlink') : undefined;
}

function unsafePath(path: string, symlinks: ReadonlySet<string>, role: string): string | undefined {
  if (path.startsWith('/')) return `has an absolute path as ${role}`;
  const parts = components(path);
  if (parts.includes('..')) return `has '..' in ${role}`;
  let parent = '';
  for (const part of parts.slice(0, -1)) {
    parent = parent === '' ? part : `${parent}/${part}`;
    if (symlinks.has(parent)) return `crosses the archive's symlink '${parent}' with ${role}`;
  }
  return undefined;
}

function components(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
