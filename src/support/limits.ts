import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';

/** How many workers or processes to keep busy at once: one for each processor this process may use. */
export const PARALLELISM = availableParallelism();

/** Maps items through an asynchronous function, at most `PARALLELISM` at a time, and keeps their order. */
export function inParallel<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  return pLimit(PARALLELISM).map(items, work);
}
