import type { PackageChange } from '../report/results.js';
import type { PackageFacts } from '../rpm/index.js';

/** What differs between two sets of installed packages, sorted by name. */
export function comparePackages(
  before: readonly PackageFacts[],
  after: readonly PackageFacts[],
): PackageChange[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [a, b] = [old.get(name) ?? [], now.get(name) ?? []];
    const gone = a.filter(({ nevra }) => !b.some((other) => other.nevra === nevra));
    const come = b.filter(({ nevra }) => !a.some((other) => other.nevra === nevra));
    return pair(name, gone, come);
  });
}

function pair(name: string, gone: readonly PackageFacts[], come: readonly PackageFacts[]): PackageChange[] {
  const count = Math.max(gone.length, come.length);
  return Array.from({ length: count }, (_, index) => {
    const [before, after] = [gone[index], come[index]];
    return { name, kind: kindOf(before, after), before: before?.nevra ?? '', after: after?.nevra ?? '' };
  });
}

/** rpm decided what may replace what; a downgrade is refused there, so another version is a newer one. */
function kindOf(before: PackageFacts | undefined, after: PackageFacts | undefined): PackageChange['kind'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.version === after.version && before.release === after.release ? 'replaced' : 'upgraded';
}

function byName(packages: readonly PackageFacts[]): Map<string, PackageFacts[]> {
  const map = new Map<string, PackageFacts[]>();
  for (const facts of packages) map.set(facts.name, [...(map.get(facts.name) ?? []), facts]);
  return map;
}
