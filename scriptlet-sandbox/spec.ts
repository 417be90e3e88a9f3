import type { ViewWatch } from './watch.js';

/** What the parent tells the confined process: everything it may see, and the module that it runs. */
export interface SandboxSpec {
  /** The tree that the view shows; it is never written. */
  tree: string;
  /** An empty or prepared folder on the tree's or another file system that takes every change. */
  upper: string;
  /** An empty folder on the upper folder's file system, for overlayfs itself. */
  work: string;
  /** An empty folder: where the view is mounted, in the process's own mount namespace only. */
  mountPoint: string;
  /** Folders outside the view that stay writable for the module itself (its logs). */
  writable: readonly string[];
  /** Absolute path of a compiled module that exports `run` as in `ConfinedModule`. */
  module: string;
  /** Handed to the module's `run` as it is; must survive JSON. */
  input: unknown;
  /** The whole environment of the confined process and what it starts. */
  env: Record<string, string>;
  /** How changes of the view are watched while the module runs; unless told otherwise as well as this kernel can. */
  watch?: 'walk' | undefined;
}

/** A module that runs confined: its `run` is called once, with the view mounted and all privileges dropped. */
export interface ConfinedModule {
  run(context: ConfinedContext): Promise<void> | void;
}

export interface ConfinedContext {
  /** The root of the view. */
  view: string;
  input: unknown;
  /** What changes in the view while the module runs. */
  watch: ViewWatch;
  /** Sends an event to the parent at once (a line of JSON on a pipe of its own). */
  emit(event: object): void;
}
