import { parseNevra } from './nevra.js';

/** Orders two builds of a package, given by full name, as rpm does: below 0 where the first is the older one. */
export function compareBuilds(a: string, b: string): number {
  const [one, other] = [parseNevra(a), parseNevra(b)];
  if (one === undefined || other === undefined) return a === b ? 0 : compareVersions(a, b);
  return (
    (one.epoch ?? 0) - (other.epoch ?? 0) ||
    compareVersions(one.version, other.version) ||
    compareVersions(one.release, other.release)
  );
}

/**
 * Orders two versions or releases by the rules of rpmvercmp (rpmio/rpmvercmp.c): runs of digits as numbers, runs of
 * letters as text, digits above letters, everything else only separates; `~` sorts before the end, `^` right after it.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at] ?? '', right[at] ?? ''];
    const order = rank(x) - rank(y) || compareSegments(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function segments(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
}

function rank(segment: string): number {
  if (segment === '~') return 0;
  if (segment === '') return 1;
  if (segment === '^') return 2;
  return /^\d/.test(segment) ? 4 : 3;
}

function compareSegments(a: string, b: string): number {
  if (!/^\d/.test(a)) return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
