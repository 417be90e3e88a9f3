import { findLayer, type Layer, type LayerChange, readLayerChanges } from '../layer/index.js';
import { VeneerError } from '../support/errors.js';
import type { Sysroot } from '../sysroot/index.js';
import { findTree } from './queries.js';

/**
 * What the layer of a deployment changes in its base, path by path, each with its causes; nothing for a base. Throws
 * E_NO_DEPLOYMENT as `findTree` does, and E_DAMAGE where the layer is not there any more.
 */
export function listLayerChanges(sysroot: Sysroot, ref = 'current'): LayerChange[] {
  const layer = findLayerOf(sysroot, ref);
  return layer === undefined ? [] : readLayerChanges(layer);
}

/** The layer of a deployment; undefined for a base, and where nothing is layered. Throws as `listLayerChanges` does. */
export function findLayerOf(sysroot: Sysroot, ref: string): Layer | undefined {
  const { layer: key, label } = findTree(sysroot, ref);
  if (key === null) return undefined;
  const layer = findLayer(sysroot, key);
  if (layer !== undefined) return layer;
  throw new VeneerError('E_DAMAGE', `the layer of ${label} is missing`, { hint: 'run `veneer fsck`' });
}
