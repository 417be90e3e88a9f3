import { join } from 'node:path';
import { findTouchedName } from '../../scriptlet-sandbox/index.js';
import type { Manifest } from '../base/index.js';
import type { Layer } from '../layer/index.js';
import { readPackageFile } from '../rpm/index.js';
import { VeneerError } from '../support/errors.js';
import { inParallel } from '../support/limits.js';
import { log } from '../support/log.js';
import { packageFile, removeFolder } from '../sysroot/index.js';
import { displayPath, type TreePath } from '../tree/path.js';
import type { DeploymentPlan } from './assemble.js';
import type { Session } from './session.js';

interface Making {
  plan: DeploymentPlan;
  manifest: Manifest;
}

/**
 * Makes a layer in a user namespace. There overlayfs refuses rename(2) of a folder of the base, and a write to one
 * name of a hardlink cannot be told from its replacement. A transaction that may have met either is run on a private
 * copy of the base instead, which costs time and room but knows no such limits.
 */
export async function makeWithoutRoot(
  session: Session,
  making: Making,
  make: (whyCopy?: string) => Promise<Layer>,
): Promise<Layer> {
  const renaming = await findRenaming(session, making);
  if (renaming !== undefined) return make(`without root, for ${renaming} may rename folders`);
  const whyCopy = await tryOverlay(making, make);
  if (typeof whyCopy !== 'string') return whyCopy;
  log.info({ transaction: session.stage.id, view: 'copy', reason: whyCopy }, 'transact again');
  session.report({ type: 'step', step: `once more on a copy of the base: ${whyCopy}` });
  for (const name of ['layer', 'work', 'view']) await removeFolder(join(session.stage.folder, name));
  const layer = await make(whyCopy);
  await removeFolder(join(session.sysroot.logs, session.stage.id));
  return layer;
}

/** A Lua scriptlet that is refused a rename often goes on, or tries for ever: what it made would not tell. */
async function findRenaming({ sysroot }: Session, { plan }: Making): Promise<string | undefined> {
  const files = await inParallel(plan.packages, ({ sha256 }) =>
    readPackageFile(packageFile(sysroot, sha256)),
  );
  const names = files.flatMap(({ name, scriptlets }) =>
    scriptlets
      .filter(({ interpreter, body }) => interpreter.startsWith('<lua>') && body.includes('rename'))
      .map(({ kind }) => `${name}.${kind}`),
  );
  return names[0];
}

/** Answers the layer, or why it needs a copy. */
async function tryOverlay({ manifest }: Making, make: () => Promise<Layer>): Promise<Layer | string> {
  try {
    const layer = await make();
    if (layer.facts.view.kind === 'copy') return layer;
    const name = findTouchedName(layer.upper, manifest.hardlinkGroups());
    if (name === undefined) return layer;
    return `without root, for ${displayPath(name as TreePath)} is one name of several`;
  } catch (error) {
    if (!(error instanceof VeneerError) || error.code !== 'E_SCRIPTLET_FAILED') throw error;
    return 'without root, for a scriptlet failed, perhaps where it renames a folder';
  }
}
