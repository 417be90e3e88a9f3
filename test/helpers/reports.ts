import { readdirSync } from 'node:fs';
import { buildRpm } from '../../fixtures/build-rpm.js';
import type { PackageDefinition } from '../../fixtures/package-definition.js';
import { install } from '../../src/index.js';
import { findLayer, readLayerChanges } from '../../src/layer/index.js';
import {
  buildChangeReport,
  type LayerReportRequest,
  type ReportedLayer,
} from '../../src/report/build/index.js';
import type { ChangeReport } from '../../src/report/change-report.js';
import { readPackageFile } from '../../src/rpm/index.js';
import { inParallel } from '../../src/support/limits.js';
import { TINY } from './fixture-rpms.js';
import { newSysroot, type TestSysroot, temporaryFolder } from './workspace.js';

/** Layers packages in a sysroot where nothing is deployed and answers what a report of the layer is made from. */
export async function layerOf(
  packages: readonly string[],
  made: TestSysroot,
): Promise<LayerReportRequest & { layer: ReportedLayer }> {
  const { sysroot, base: info, baseTree } = made;
  const known = new Set(readdirSync(sysroot.layers));
  const { deployment, durations } = await install(sysroot, { packages: [...packages], from: [] }, {});
  const key = readdirSync(sysroot.layers).find((name) => !known.has(name));
  const layer = findLayer(sysroot, key ?? '');
  if (layer === undefined) throw new Error('the install made no layer');
  const files = await inParallel(packages, readPackageFile);
  const { id, name, digest } = info;
  return {
    subject: {
      kind: 'plan',
      ...{ before: `base ${name}`, after: 'plan 3fa9c1', base: { id, name, digest } },
      created: deployment.created,
      view: layer.facts.view,
    },
    asked: {
      command: 'veneer install PACKAGES',
      packages: deployment.request.packages.map(({ asked, nevra, dependencies }) => ({
        ...{ asked, nevra },
        dependencies: dependencies.map((dependency) => dependency.nevra),
      })),
    },
    base: { tree: baseTree },
    layer: { ...layer, changes: readLayerChanges(layer) },
    packageFiles: new Map(files.map(({ nevra, path }) => [nevra, path])),
    durations: {
      phases: durations,
      scriptletsMs: layer.facts.scriptlets.reduce((sum, { durationMs }) => sum + durationMs, 0),
    },
  };
}

/** The report of what packages change in a base. */
export async function reportOf(packages: readonly string[], base = TINY): Promise<ChangeReport> {
  return buildChangeReport(await layerOf(packages, await newSysroot(base)));
}

/** The report of packages that are made for the occasion. */
export async function reportOfNew(...definitions: PackageDefinition[]): Promise<ChangeReport> {
  const folder = temporaryFolder();
  const paths: string[] = [];
  for (const definition of definitions) paths.push(await buildRpm(definition, folder));
  return reportOf(paths);
}
