import { join } from 'node:path';
import type { Base } from '../base/index.js';
import { nextId } from '../deployment/index.js';
import { layerKey } from '../layer/index.js';
import type { KeptPackage, Request } from '../report/results.js';
import { type DeploymentLayout, deploymentLayout } from '../sysroot/index.js';
import type { Session } from './session.js';

/** What a transaction is going to make, as data. */
export interface DeploymentPlan {
  id: string;
  base: Base;
  request: Request;
  /** All packages to install, each once, sorted by name: what order they were asked in does not matter. */
  packages: KeptPackage[];
  /** Null where nothing is layered. */
  layerKey: string | null;
  /** The stage that becomes the deployment's folder. */
  stage: DeploymentLayout;
}

/** Puts a base and a request together. */
export function assemble(
  { sysroot, stage }: Session,
  { base, request }: { base: Base; request: Request },
): DeploymentPlan {
  const packages = allPackages(request);
  const key =
    packages.length === 0
      ? null
      : layerKey(
          base.digest,
          packages.map(({ sha256 }) => sha256),
        );
  return {
    id: nextId(sysroot, key),
    base,
    request,
    packages,
    layerKey: key,
    stage: deploymentLayout(join(stage.folder, 'deployment')),
  };
}

/** The packages of a request with what they need; a name that is asked for beats the same name as a dependency. */
function allPackages({ packages }: Request): KeptPackage[] {
  const byName = new Map<string, KeptPackage>();
  for (const { dependencies } of packages) for (const kept of dependencies) byName.set(kept.name, kept);
  for (const { name, nevra, sha256 } of packages) byName.set(name, { name, nevra, sha256 });
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
