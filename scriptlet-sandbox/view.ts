import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SandboxError } from './errors.js';
import { findHardlinkGroups } from './hardlinks.js';
import { IN_MEMORY, type ViewFolders, type ViewKind } from './spec.js';
import { isRootless } from './user-namespace.js';

export interface ViewOptions {
  /** The tree to show; it is never written. */
  tree: string;
  /** Takes every change: an empty folder, or one that is made. Without it changes are gone with `closeView`. */
  upper?: string | undefined;
  /**
   * `auto` unless given: overlay, or a copy where the kernel refuses that, and in a user namespace for a tree with
   * hardlinks.
   */
  view?: ViewKind | 'auto' | undefined;
}

/** A view that a command can be run in, once; one that is thrown away any number of times. */
export interface View extends ViewFolders {
  wanted: ViewKind | 'auto';
  /** Why `wanted` is not what was asked for. */
  because: string | undefined;
  mountPoint: string;
  /** Holds what only the view itself needs. */
  scratch: string;
  /** True where changes are held in memory and gone with each run. */
  throwAway: boolean;
  /** Whether a run was made in it. */
  used: boolean;
}

/**
 * Makes the folders of a view; nothing is mounted before a run. Throws SandboxError E_TREE, where the tree is missing
 * or no folder, and E_UPPER, where the upper folder is not empty, or lies in the tree, or the tree in it.
 */
export function openView({ tree: asked, upper, view = 'auto' }: ViewOptions): View {
  const tree = existingFolder(asked);
  if (upper !== undefined) prepareUpper(upper, tree);
  const beside = upper === undefined ? tree : realpathSync(upper);
  const scratch = makeScratch(dirname(beside));
  const folders = {
    upper: join(scratch, 'upper'),
    work: join(scratch, 'work'),
    mountPoint: join(scratch, 'view'),
  };
  mkdirSync(folders.work);
  mkdirSync(folders.mountPoint);
  if (upper === undefined) mkdirSync(folders.upper);
  const because = view === 'auto' ? whyCopy(tree) : undefined;
  return {
    ...folders,
    tree,
    scratch,
    throwAway: false,
    wanted: because === undefined ? view : 'copy',
    because,
    used: false,
    ...(upper === undefined ? {} : { upper: beside }),
  };
}

/**
 * A view that leaves no trace whatever ends it: its changes are in memory, in the mount namespace of the run. It has no
 * folders and needs no closing. `layer`: an upper folder of an earlier run that lies over the tree, and is never written
 * either. Throws SandboxError E_TREE.
 */
export function throwAwayView(tree: string, layer?: string): View {
  const lowers = [existingFolder(tree), ...(layer === undefined ? [] : [layer])];
  // What is mounted there must not cover what is to be shown.
  const memory = IN_MEMORY.find((folder) => !lowers.some((lower) => isWithin(folder, lower))) ?? '/mnt';
  const folders = { upper: `${memory}/upper`, work: `${memory}/work`, mountPoint: `${memory}/view` };
  const kind = { wanted: 'overlay' as const, because: undefined, throwAway: true, scratch: '', used: false };
  return { ...folders, ...kind, tree: existingFolder(tree), layer };
}

/** Removes what the view needed for itself, and its changes where no upper folder was named. */
export function closeView({ scratch }: View): void {
  rmSync(scratch, { recursive: true, force: true });
}

function existingFolder(path: string): string {
  if (!existsSync(path)) throw new SandboxError('E_TREE', `the tree ${path} does not exist`);
  if (statSync(path).isDirectory()) return realpathSync(path);
  throw new SandboxError('E_TREE', `the tree ${path} is not a folder`);
}

function prepareUpper(upper: string, tree: string): void {
  const there = lstatSync(upper, { throwIfNoEntry: false });
  if (there !== undefined && !statSync(upper).isDirectory()) {
    throw new SandboxError('E_UPPER', `the upper folder ${upper} is not a folder`);
  }
  if (there !== undefined && readdirSync(upper).length > 0) {
    throw new SandboxError('E_UPPER', `the upper folder ${upper} is not empty`, {
      hint: 'name an empty folder, or one that does not exist yet',
    });
  }
  const folder = there === undefined ? join(realParent(upper), 'x') : realpathSync(upper);
  if (isWithin(tree, folder) || (there !== undefined && isWithin(folder, tree))) {
    throw new SandboxError(
      'E_UPPER',
      `the upper folder ${upper} and the tree ${tree} lie one within the other`,
    );
  }
  if (there !== undefined) return;
  try {
    mkdirSync(upper, { mode: 0o755 });
  } catch (error) {
    throw new SandboxError(
      'E_UPPER',
      `the upper folder ${upper} cannot be made: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function realParent(path: string): string {
  try {
    return realpathSync(dirname(path));
  } catch (error) {
    throw new SandboxError('E_UPPER', `the upper folder ${path} cannot be made: its parent does not exist`, {
      cause: error,
    });
  }
}

/** The folders of a view have to be on one file system: beside the upper folder, or the tree. */
function makeScratch(folder: string): string {
  try {
    return mkdtempSync(join(folder, '.sandbox-'));
  } catch (error) {
    throw new SandboxError('E_UPPER', `cannot make a folder in ${folder}: ${(error as Error).message}`, {
      hint: 'name an upper folder on a file system that can be written',
      cause: error,
    });
  }
}

/** Without root overlayfs does not tell which of an inode's names was written, and which replaced. */
function whyCopy(tree: string): string | undefined {
  if (!isRootless() || findHardlinkGroups(tree).length === 0) return undefined;
  return 'without root overlayfs would split the hardlinks of the tree';
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../');
}
