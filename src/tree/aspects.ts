import type { TreeEntry } from './entry.js';

/** What of a path can differ, in the order in which differences are told. */
export const ASPECTS = [
  'type',
  'mode',
  'owner',
  'size',
  'content',
  'target',
  'rdev',
  'mtime',
  'xattrs',
  'hardlinks',
] as const;

export type Aspect = (typeof ASPECTS)[number];

/** An entry without what depends on where the tree is stored: two copies of a tree have equal metadata. */
export type Metadata = Omit<TreeEntry, 'dev' | 'ino' | 'nlink'>;

/**
 * The aspects that differ between two entries as their metadata shows them: files of different size have different
 * content as well; whether files of one size differ in content, and hardlinks, are for the caller to find out.
 */
export function differingAspects(before: Metadata, after: Metadata): Aspect[] {
  const differs: Partial<Record<Aspect, boolean>> = {
    type: before.type !== after.type,
    mode: before.mode !== after.mode,
    owner: before.uid !== after.uid || before.gid !== after.gid,
    mtime: before.mtimeNs !== after.mtimeNs,
    xattrs: !sameXattrs(before.xattrs, after.xattrs),
    // Of things of different types, these say nothing that 'type' does not say already.
    ...(before.type === after.type ? differingBody(before, after) : {}),
  };
  return ASPECTS.filter((aspect) => differs[aspect]);
}

/** Aspects without repetitions and in the order in which they are told. */
export function inTellingOrder(aspects: Iterable<Aspect>): Aspect[] {
  const present = new Set(aspects);
  return ASPECTS.filter((aspect) => present.has(aspect));
}

function differingBody(before: Metadata, after: Metadata): Partial<Record<Aspect, boolean>> {
  const size = before.type === 'file' && before.size !== after.size;
  return { size, content: size, target: before.target !== after.target, rdev: before.rdev !== after.rdev };
}

function sameXattrs(before: Record<string, string>, after: Record<string, string>): boolean {
  const names = Object.keys(before);
  return (
    names.length === Object.keys(after).length &&
    names.every((name) => Object.hasOwn(after, name) && before[name] === after[name])
  );
}
