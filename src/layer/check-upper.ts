import { VeneerError } from '../support/errors.js';
import { displayPath, type TreePath } from '../tree/path.js';
import { stampOf } from './stamp.js';
import { type Layer, readLayerChanges } from './store.js';

/** Throws E_DAMAGE naming the first file of a stored layer that is missing, or not as it was when it was collected. */
export function checkUpper(layer: Layer): void {
  for (const { path, stamp } of readLayerChanges(layer)) {
    if (stamp === undefined) continue;
    const problem = problemOf(layer.upper, path, stamp);
    if (problem === undefined) continue;
    throw new VeneerError('E_DAMAGE', `${displayPath(path)} of layer ${layer.facts.key} ${problem}`, {
      hint: 'run it again with --fresh, which makes the layer anew',
    });
  }
}

function problemOf(upper: string, path: TreePath, stamp: string): string | undefined {
  try {
    return stampOf(upper, path) === stamp ? undefined : 'was changed behind the back of Veneer';
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}
