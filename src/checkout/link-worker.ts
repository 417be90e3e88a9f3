import { parentPort, workerData } from 'node:worker_threads';
import type { TreePath } from '../tree/path.js';
import { linkPaths } from './link.js';

/** A thread that links the paths of each message and answers when they are all there; an error ends it. */
const { from, to } = workerData as { from: string; to: string };

parentPort?.on('message', (paths: TreePath[]) => {
  linkPaths(from, to, paths);
  parentPort?.postMessage('done');
});
