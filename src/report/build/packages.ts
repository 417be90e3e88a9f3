import { compareBuilds } from '../../rpm/compare-builds.js';
import { packageNameOf } from '../../rpm/nevra.js';
import type { PackageFacts } from '../../rpm/package-facts.js';
import type { ChangeReport, ReportedPackage } from '../change-report.js';
import type { PackageChange } from '../results.js';

/** A package that is put in place or taken away. */
export interface PackageElement {
  nevra: string;
  action: 'install' | 'erase';
}

/** What is known of the packages by their full names. */
export interface KnownPackages {
  facts: ReadonlyMap<string, PackageFacts>;
  /** Bytes of the files of those that were read from one. */
  fileSizes: ReadonlyMap<string, number>;
}

/** The packages of a report, in the order of the elements; one that replaces another stands for both. */
export function describePackages(
  elements: readonly PackageElement[],
  known: KnownPackages,
  asked: ChangeReport['asked'],
): ReportedPackage[] {
  const requested = new Set(asked.packages.map(({ nevra }) => nevra));
  const size = (nevra: string) => known.facts.get(nevra)?.size ?? 0;
  return pairUp(elements).map((change) => ({
    ...change,
    installedSize: size(change.after),
    sizeDifference: size(change.after) - size(change.before),
    downloadSize: known.fileSizes.get(change.after) ?? null,
    requested: requested.has(change.after),
    summary: known.facts.get(change.after || change.before)?.summary ?? '',
  }));
}

function pairUp(elements: readonly PackageElement[]): PackageChange[] {
  const nevras = (action: PackageElement['action']) =>
    elements.filter((element) => element.action === action).map(({ nevra }) => nevra);
  const gone = nevras('erase');
  const changes = nevras('install').map((after): PackageChange => {
    const name = packageNameOf(after);
    const at = gone.findIndex((nevra) => packageNameOf(nevra) === name);
    const before = at < 0 ? '' : (gone.splice(at, 1)[0] ?? '');
    return { name, kind: kindOf(before, after), before, after };
  });
  const removed = gone.map(
    (before): PackageChange => ({ name: packageNameOf(before), kind: 'removed', before, after: '' }),
  );
  return [...changes, ...removed];
}

function kindOf(before: string, after: string): PackageChange['kind'] {
  if (before === '') return 'added';
  const order = compareBuilds(before, after);
  return order === 0 ? 'replaced' : order < 0 ? 'upgraded' : 'downgraded';
}
