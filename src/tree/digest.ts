import { Worker } from 'node:worker_threads';
import { compiledEntry } from '../support/entry.js';
import { PARALLELISM } from '../support/limits.js';
import { digestFile } from './digest-file.js';
import type { DigestWorkerData } from './digest-worker.js';
import { onHost, type TreePath } from './path.js';

/** How many files of how many are done. */
export interface DigestProgress {
  done: number;
  total: number;
}

type OnProgress = (progress: DigestProgress) => void;

interface Job {
  paths: readonly TreePath[];
  next: number;
  digests: Map<TreePath, string>;
  onProgress: OnProgress;
}

/** Up to this many files, starting threads (about 40 ms) takes longer than hashing. */
const SMALL_LIST = 64;
/** Files handed out at once: few enough to balance big files, enough to make messages cheap. */
const CHUNK_FILES = 64;

/**
 * The sha256 of regular files of the tree at `root`, as hex digits by path; long lists are read in threads.
 * Throws node:fs errors of the first file that cannot be read (ENOENT, ELOOP for a symlink, EIO, …).
 */
export async function digestFiles(
  root: string,
  paths: readonly TreePath[],
  onProgress: OnProgress = () => {},
): Promise<Map<TreePath, string>> {
  if (paths.length <= SMALL_LIST) {
    const digests = new Map(paths.map((path) => [path, digestFile(onHost(root, path))]));
    onProgress({ done: paths.length, total: paths.length });
    return digests;
  }
  const job: Job = { paths, next: 0, digests: new Map(), onProgress };
  const count = Math.min(PARALLELISM, Math.ceil(paths.length / CHUNK_FILES));
  const workers = Array.from({ length: count }, () => startWorker({ root }));
  try {
    await Promise.all(workers.map((worker) => feed(worker, job)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return job.digests;
}

function startWorker(workerData: DigestWorkerData): Worker {
  return new Worker(compiledEntry('src/tree/digest-worker'), { workerData });
}

/** Gives a worker chunk after chunk, a new one when it has answered, until none is left. */
function feed(worker: Worker, job: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    let chunk: readonly TreePath[] = [];
    const handOut = () => {
      chunk = job.paths.slice(job.next, job.next + CHUNK_FILES);
      job.next += chunk.length;
      if (chunk.length === 0) resolve();
      else worker.postMessage(chunk);
    };
    worker.on('error', reject);
    worker.on('exit', (status) => reject(new Error(`a digest worker ended early with status ${status}`)));
    worker.on('message', (digests: string[]) => {
      for (const [index, path] of chunk.entries()) job.digests.set(path, digests[index] ?? '');
      job.onProgress({ done: job.digests.size, total: job.paths.length });
      handOut();
    });
    handOut();
  });
}
