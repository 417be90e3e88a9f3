import type { Metadata } from '../tree/aspects.js';
import type { TreePath } from '../tree/path.js';

/** What a checkout needs to know of a base; the base's manifest knows it. */
export interface CheckoutSource {
  tree: string;
  count(): number;
  directories(): Iterable<Metadata>;
  /** Paths that are not directories, by their numbers in path order, both ends included. */
  linkables(from: number, to: number): TreePath[];
}

export interface CheckoutOptions {
  signal?: AbortSignal | undefined;
  /** Paths linked so far and in all. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}
