import { parentPort, workerData } from 'node:worker_threads';
import { digestFile } from './digest-file.js';
import { onHost, type TreePath } from './path.js';

/** What a worker is started with. */
export interface DigestWorkerData {
  root: string;
}

const { root } = workerData as DigestWorkerData;

// An error that is thrown here ends the thread and reaches the pool as its 'error' event, errno's name included.
parentPort?.on('message', (paths: TreePath[]) => {
  parentPort?.postMessage(paths.map((path) => digestFile(onHost(root, path))));
});
