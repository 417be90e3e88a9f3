import { readInstalled } from '../../rpm/installed.js';
import type { PackageFacts } from '../../rpm/package-facts.js';
import type { ChangeReport } from '../change-report.js';
import { accountsOf, describe } from './describe.js';
import { findMeaning } from './meaning/index.js';
import { describePackages, type PackageElement } from './packages.js';
import { findPairs } from './pairs.js';
import { makeSide, type ReportTree } from './side.js';
import { totalsOf } from './totals.js';
import { findWarnings } from './warnings/index.js';

export interface DifferenceReportRequest {
  subject: ChangeReport['subject'];
  asked: ChangeReport['asked'];
  before: ReportTree;
  after: ReportTree;
}

/**
 * What differs between two trees, each as it is on disk or with a layer over it. Trees are walked only where the two
 * are not the same; two layers over one base cost in proportion to their changes.
 */
export async function buildDifferenceReport(request: DifferenceReportRequest): Promise<ChangeReport> {
  const [before, after] = [makeSide(request.before), makeSide(request.after)];
  const installed = [before, after].map(({ rpmdbRoot, rpmdb }) => readInstalled(rpmdbRoot, { rpmdb }));
  const [had = [], has = []] = installed;
  const facts = new Map([...had, ...has].map((one) => [one.nevra, one]));
  const elements = [...missingIn(had, has, 'install'), ...missingIn(has, had, 'erase')];
  const pairs = await findPairs(before, after);
  const found = await describe({ before, after }, pairs, []);
  const files = found.filter(({ letters }) => letters !== '.......');
  const packages = describePackages(elements, { facts, fileSizes: new Map() }, request.asked);
  return {
    ...{ formatVersion: 1, subject: request.subject, asked: request.asked, packages },
    totals: totalsOf(files, pairs, packages),
    scriptlets: [],
    files,
    meaning: findMeaning(files, accountsOf({ before, after })),
    warnings: findWarnings({ files, scriptlets: [], leftovers: [] }),
    durations: { phases: {}, scriptletsMs: 0 },
  };
}

function missingIn(
  had: readonly PackageFacts[],
  has: readonly PackageFacts[],
  action: PackageElement['action'],
): PackageElement[] {
  const known = new Set(had.map(({ nevra }) => nevra));
  return has.filter(({ nevra }) => !known.has(nevra)).map(({ nevra }) => ({ nevra, action }));
}
