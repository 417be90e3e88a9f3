import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { judgeRun, makeYardstick, type Verdict, type Yardstick } from './results.js';
import { runVectors, type Way } from './run-vectors.js';
import { makeTools, makeTree } from './tree.js';
import { readVectors, type Vector } from './vectors.js';
import { rootlessWorld, rootWorld, type World } from './world.js';

export const VIEWS = ['overlay', 'copy', 'fuse-overlayfs', 'overlay, rootless'] as const;
export type ViewName = (typeof VIEWS)[number];

/** What every vector did in one view. */
export interface Measured {
  view: ViewName;
  yardstick: Yardstick;
  verdicts: Verdict[];
}

/** fuse-overlayfs moves the times of folders when it copies something in them up, and when depends on its caches. */
const MOVES_FOLDER_TIMES: Way = 'fuse-overlayfs';

/** Runs every vector in every view, both worlds at the same time, in a folder on the disk. Takes half a minute. */
export async function measure(folder: string): Promise<Measured[]> {
  const vectors = readVectors();
  const tools = join(folder, 'tools');
  await makeTools(tools, vectors);
  const worlds = await Promise.all([
    measureWorld(rootWorld(), ['overlay', 'copy', 'fuse-overlayfs'], { folder, tools, vectors }),
    measureWorld(rootlessWorld(folder), ['overlay'], { folder, tools, vectors }),
  ]);
  return worlds.flat();
}

async function measureWorld(
  world: World,
  ways: readonly Way[],
  { folder: parent, tools, vectors }: { folder: string; tools: string; vectors: readonly Vector[] },
): Promise<Measured[]> {
  const folder = join(parent, world.name);
  mkdirSync(folder);
  const bench = { world, tools, folder, tree: join(folder, 'tree') };
  await makeTree(world, tools, bench.tree);
  const reference = await runVectors(bench, 'private copy');
  const yardstick = makeYardstick(vectors, reference, await runVectors(bench, 'bare hardlinks'));
  const measured: Measured[] = [];
  for (const way of ways) {
    const verdicts = judgeRun(yardstick, await runVectors(bench, way), way === MOVES_FOLDER_TIMES);
    const view = (world.name === 'rootless' ? `${way}, rootless` : way) as ViewName;
    measured.push({ view, yardstick, verdicts });
  }
  return measured;
}
