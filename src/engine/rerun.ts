import { type Layer, rekeyLayer } from '../layer/index.js';
import type { FileDifference } from '../report/results.js';
import { compareTrees } from '../tree/compare.js';
import { displayPath, isAtOrBelow, type TreePath } from '../tree/path.js';
import type { Session } from './session.js';

/** The same transaction, run twice. */
interface TwoRuns {
  stored: Layer;
  made: Layer;
  /** Its files hold the time of the installation and differ in every run. */
  rpmdb: TreePath;
}

/**
 * Compares a layer that was made anew with the stored one: scriptlets that do not do the same each time show so. The
 * stored one stands where they are equal; otherwise the new one goes on under a key of its own, as deployments may
 * stand on the stored one. Times of modification are not compared.
 */
export async function chooseRun(session: Session, { stored, made, rpmdb }: TwoRuns): Promise<Layer> {
  const differences: FileDifference[] = [];
  const ours = new Set([rpmdb]);
  const compared = compareTrees(stored.upper, made.upper, {
    ignore: (path, aspect) => aspect === 'mtime' || isAtOrBelow(path, ours),
  });
  for await (const { path, kind, what } of compared) {
    differences.push({ path: displayPath(path), kind, what });
  }
  session.rerun = differences;
  return differences.length === 0 ? stored : rekeyLayer(made, `${stored.facts.key}-${session.stage.id}`);
}
