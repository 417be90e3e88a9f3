import type { LayerChange, LayerRecord } from '../../layer/index.js';
import { packageNameOf } from '../../rpm/nevra.js';
import type { PackageFacts } from '../../rpm/package-facts.js';
import { readPackageFile } from '../../rpm/package-file.js';
import { openRpmdbLookup } from '../../rpm/rpmdb-lookup.js';
import { inParallel } from '../../support/limits.js';
import type { ChangeReport } from '../change-report.js';
import { accountsOf, describe } from './describe.js';
import { findMeaning } from './meaning/index.js';
import { describePackages, type PackageElement } from './packages.js';
import { findPairs } from './pairs.js';
import { describeScriptlets } from './scriptlets.js';
import { makeSide, type Side } from './side.js';
import { totalsOf } from './totals.js';
import { findWarnings } from './warnings/index.js';

/** A stored layer, and what is known of its making. */
export interface ReportedLayer {
  upper: string;
  changes: readonly LayerChange[];
  facts: LayerRecord;
  /** The folder of the scriptlets' logs. */
  logs: string;
}

export interface LayerReportRequest {
  subject: ChangeReport['subject'];
  asked: ChangeReport['asked'];
  base: { tree: string };
  /** Undefined where nothing is layered on the base. */
  layer: ReportedLayer | undefined;
  /** Paths of the RPM files by full name (NEVRA). */
  packageFiles: ReadonlyMap<string, string>;
  durations: ChangeReport['durations'];
}

/**
 * What a layer would change in its base. Costs in proportion to the changes: of the base only the paths that change
 * are read. Throws node:fs errors, E_NO_RPMDB and E_RPMDB_BROKEN, and what `readPackageFile` throws.
 */
export async function buildChangeReport(request: LayerReportRequest): Promise<ChangeReport> {
  const { subject, asked, layer, durations } = request;
  const { tree } = request.base;
  const before = makeSide({ tree });
  const after = layer === undefined ? before : makeSide({ tree, upper: layer.upper, changes: layer.changes });
  const elements = layer?.facts.elements ?? [];
  const runs = layer?.facts.scriptlets ?? [];
  const files = await inParallel(filesToRead(elements, request.packageFiles), readPackageFile);
  const facts = new Map<string, PackageFacts>(files.map((file) => [file.nevra, file]));
  const carriers = [...elements.map(({ nevra }) => nevra), ...runs.map((run) => run.package)];
  addInstalled(facts, before, carriers);
  const pairs = await findPairs(before, after);
  const changes = await describe({ before, after }, pairs, files);
  const scriptlets = describeScriptlets({ runs, elements, facts, logs: layer?.logs ?? '' }, changes);
  const sizes = new Map(files.map(({ nevra, fileSize }) => [nevra, fileSize]));
  const packages = describePackages(elements, { facts, fileSizes: sizes }, asked);
  return {
    ...{ formatVersion: 1, subject, asked, packages },
    totals: totalsOf(changes, pairs, packages),
    scriptlets,
    files: changes,
    meaning: findMeaning(changes, accountsOf({ before, after })),
    warnings: findWarnings({ files: changes, scriptlets, leftovers: layer?.facts.leftovers ?? [] }),
    durations,
  };
}

function filesToRead(
  elements: readonly PackageElement[],
  packageFiles: ReadonlyMap<string, string>,
): string[] {
  return elements.flatMap(({ nevra, action }) => {
    const file = packageFiles.get(nevra);
    return action === 'install' && file !== undefined ? [file] : [];
  });
}

/** Packages that are removed, and those of the base that carry a trigger, are in the base's rpmdb only. */
function addInstalled(facts: Map<string, PackageFacts>, base: Side, carriers: readonly string[]): void {
  const names = new Set(carriers.filter((nevra) => !facts.has(nevra)).map(packageNameOf));
  if (names.size === 0) return;
  const rpmdb = openRpmdbLookup(base.rpmdbRoot, base.rpmdb);
  try {
    for (const name of names) for (const one of rpmdb.named(name)) facts.set(one.nevra, one);
  } finally {
    rpmdb.close();
  }
}
