import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseFacts, type TreeFacts } from './facts.js';
import { copyTree, linkTree } from './tree.js';
import type { World } from './world.js';

/** How the vectors are run: on a hardlink copy as it is, on a private copy, or in a view of a hardlink copy. */
export type Way = 'bare hardlinks' | 'private copy' | 'overlay' | 'copy' | 'fuse-overlayfs';

/** Where a world's vectors are run: its tree, which no run touches, and what runs them. */
export interface Bench {
  world: World;
  tools: string;
  tree: string;
  folder: string;
}

/** What one run of all vectors left. */
export interface Run {
  /** For each vector `''`, or why it was refused. */
  ended: Map<string, string>;
  /** The copy that was worked on, before. */
  before: TreeFacts;
  baseBefore: TreeFacts;
  baseAfter: TreeFacts;
  /** As the vectors themselves see it, right after the last of them. */
  seen: TreeFacts;
  /** The hardlink copy, after the changes were merged into it. */
  merged: TreeFacts;
}

/**
 * Runs every vector on a base of its own. The view is of a hardlink copy of the base, and its changes are merged into
 * that copy: neither the run nor the merge may reach the base.
 */
export async function runVectors(bench: Bench, way: Way): Promise<Run> {
  const { world, tree } = bench;
  const folder = join(bench.folder, `${world.name} ${way}`);
  const [base, checkout] = [join(folder, 'base'), join(folder, 'checkout')];
  mkdirSync(folder);
  await copyTree(world, tree, base);
  const baseBefore = await inspect(bench, base);
  await (way === 'private copy' ? copyTree : linkTree)(world, base, checkout);
  const before = await inspect(bench, checkout);
  const { ended, seen } = parseRun(await runOn(bench, way, checkout), checkout);
  return {
    ...{ ended, seen, before, baseBefore },
    baseAfter: await inspect(bench, base),
    merged: await inspect(bench, checkout),
  };
}

async function runOn({ world, tools }: Bench, way: Way, checkout: string): Promise<string> {
  const command = ['sh', join(tools, 'run-vectors'), checkout, tools];
  if (way === 'bare hardlinks' || way === 'private copy') return (await world.run(command)).stdout;
  const options = ['--tree', checkout, '--view', way, '--no-root', '--apply', '--bind-ro', tools];
  return (await world.sandbox(['run', ...options, '--', ...command])).stdout;
}

async function inspect({ world, tools }: Bench, tree: string): Promise<TreeFacts> {
  const { stdout } = await world.run([join(tools, 'inspect'), tree]);
  return parseFacts(stdout.split('\n'), tree);
}

function parseRun(stdout: string, tree: string): Pick<Run, 'ended' | 'seen'> {
  const lines = stdout.split('\n');
  const end = lines.indexOf('inspected');
  const ended = lines.slice(0, end).map((line): [string, string] => {
    const [id = '', status, error = ''] = line.split('\t');
    return [id, status === '0' ? '' : error || `status ${status}`];
  });
  return { ended: new Map(ended), seen: parseFacts(lines.slice(end + 1), tree) };
}
