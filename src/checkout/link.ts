import { linkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { compiledEntry } from '../support/entry.js';
import { PARALLELISM } from '../support/limits.js';
import { onHost, type TreePath } from '../tree/path.js';
import type { CheckoutOptions, CheckoutSource } from './source.js';

/** Paths handed to a worker at once: large enough to keep it busy, small enough to share the rest fairly. */
const CHUNK = 2000;

/** Below this many paths starting workers costs more than they save. */
const WORTH_WORKERS = 4000;

/** Links every path of the source that is no folder into the target, in worker threads where there are many. */
export async function linkAll(
  source: CheckoutSource,
  target: string,
  options: CheckoutOptions,
): Promise<void> {
  const chunks = chunksOf(source, options);
  if (source.count() < WORTH_WORKERS) {
    for (const paths of chunks) linkPaths(source.tree, target, paths);
    return;
  }
  const workers = Array.from({ length: PARALLELISM }, () => {
    return new Worker(compiledEntry('src/checkout/link-worker'), {
      workerData: { from: source.tree, to: target },
    });
  });
  try {
    await Promise.all(workers.map((worker) => feed(worker, chunks)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Hardlinks paths of one tree into another. Throws node:fs errors. */
export function linkPaths(from: string, to: string, paths: readonly TreePath[]): void {
  for (const path of paths) linkSync(onHost(from, path), onHost(to, path));
}

function* chunksOf(source: CheckoutSource, { signal, onProgress }: CheckoutOptions): Generator<TreePath[]> {
  const total = source.count();
  for (let from = 1; from <= total; from += CHUNK) {
    signal?.throwIfAborted();
    yield source.linkables(from, from + CHUNK - 1);
    onProgress?.(Math.min(from + CHUNK - 1, total), total);
  }
}

/** Hands chunks to a worker, the next when it has done the last, until none is left. */
function feed(worker: Worker, chunks: Iterator<TreePath[]>): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      try {
        const { done, value } = chunks.next();
        if (done) resolve();
        else worker.postMessage(value);
      } catch (error) {
        reject(error);
      }
    };
    worker.on('message', next);
    worker.once('error', reject);
    next();
  });
}
