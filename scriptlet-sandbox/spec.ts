import type { SandboxLimits } from './limits.js';

/** How a tree is shown so that writes do not reach it. */
export type ViewKind = 'overlay' | 'copy' | 'fuse-overlayfs';

/** The view that a run had, and why that one. */
export interface ChosenView {
  kind: ViewKind;
  reason: string;
}

/** The folders of a view; nothing is mounted on them outside a run. */
export interface ViewFolders {
  /** The tree that the view shows; it is never written. */
  tree: string;
  /** An upper folder of an earlier run that lies over the tree, unwritten as well; only an overlay can show it. */
  layer?: string | undefined;
  /** The folder that takes every change: on the tree's file system where it is to be merged by links. */
  upper: string;
  /** An empty folder on the upper folder's file system, for the view itself. */
  work: string;
}

/** Where the folders of a view may be that is held in memory: folders that every machine has. */
export const IN_MEMORY = ['/run', '/tmp'];

/** What the parent tells the confined process: everything it may see, and the module that it runs. */
export interface SandboxSpec extends ViewFolders {
  /** `auto`: overlay, or a copy where the kernel refuses overlay for a reason that a copy does not share. */
  view: ViewKind | 'auto';
  /** True where upper, work and mount point have to be made, in memory that is mounted over the folder they are in. */
  throwAway?: boolean | undefined;
  /** An empty folder: where the view is mounted, in the process's own mount namespace only. */
  mountPoint: string;
  /**
   * `view`: the module runs what it runs inside the view. `host`: on the machine's own root, read-only, where the
   * view lies over the tree's own path.
   */
  root: 'view' | 'host';
  /** Paths of the machine that are seen at the same path, read-only. */
  bindReadOnly: readonly string[];
  /** Folders outside the view that stay writable for the module itself (its logs). */
  writable: readonly string[];
  /** Files and folders outside the view that the module itself may read. */
  readable?: readonly string[];
  /** Absolute path of a compiled module that exports `run` as in `ConfinedModule`. */
  module: string;
  /** Handed to the module's `run` as it is; must survive JSON. */
  input: unknown;
  /** The whole environment of the confined process and what it starts. */
  env: Record<string, string>;
  /** Whether the module is told what changes in the view: `auto` as well as this kernel can, `walk` without it. */
  watch?: 'auto' | 'walk' | undefined;
  limits?: Partial<SandboxLimits> & {
    /** Set by the parent: a control group holds the memory. */
    heldByGroup?: boolean;
  };
}

/** A module that runs confined: its `run` is called once, with the view mounted and all privileges dropped. */
export interface ConfinedModule {
  run(context: ConfinedContext): Promise<void> | void;
}

export interface ConfinedContext {
  /** The root of the view. */
  view: string;
  input: unknown;
  /** What changes in the view while the module runs, where the spec asked for it. */
  watch: ViewWatch | undefined;
  /** Sends an event to the parent at once (a line of JSON on a pipe of its own). */
  emit(event: object): void;
  /** Called for each signal that the parent passes on. */
  onSignal(handler: (signal: NodeJS.Signals) => void): void;
}

/** One name of the view that somebody changed since the last look. */
export interface ViewWrite {
  /** The folder: overlayfs's handle of it in hex, or `/` and its path where the upper folder was walked. */
  folder: string;
  /** One character a byte; '' is the folder itself. */
  name: string;
  /**
   * `written`: content or metadata. `entry`: the name was made, removed or renamed, so that the folder changed as
   * well. `moved-folder`: a folder came here by rename, with all that is below it.
   */
  kind: 'written' | 'entry' | 'moved-folder';
  /** For `written`: overlayfs's handle of the inode in hex, whatever name it was written by; otherwise ''. */
  inode: string;
  /** Who did it, in the pid namespace of the caller; undefined where the upper folder was walked. */
  pid: number | undefined;
}

/** Tells what changes in a view, look by look. */
export interface ViewWatch {
  how: 'events' | 'walk';
  /** Why the upper folder is walked; '' for events. */
  reason: string;
  /** What changed since the last call, in order. Never waits. Works in any root folder that has a /proc. */
  take(): ViewWrite[];
}
