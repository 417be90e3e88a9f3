import { lstatIn } from '../tree/metadata.js';
import { isAtOrBelow, parentPath, type TreePath } from '../tree/path.js';
import { walk } from '../tree/walk.js';

/** What a deployment's tree is made of: each path must be the base's inode or the layer's. */
export interface DeploymentParts {
  tree: string;
  base: { tree: string };
  /** The layer's upper folder and what it changes; none for a bare base. */
  layer?: { upper: string; changes: readonly PartChange[] } | undefined;
}

interface PartChange {
  path: TreePath;
  form: 'removed' | 'directory' | 'opaque' | 'other';
}

/** Compares a deployment by inode with the base and layer that it was made of; no file is read. */
export function checkDeployment({
  tree,
  base,
  layer,
}: DeploymentParts): { path: TreePath; problem: string }[] {
  const expected = expectedInodes(base.tree, layer);
  const found: { path: TreePath; problem: string }[] = [];
  for (const entry of walk(tree)) {
    if (entry.type === 'directory') {
      if (!expected.isFolder(entry.path))
        found.push({ path: entry.path, problem: 'a folder that nobody put here' });
      continue;
    }
    const source = expected.sourceOf(entry.path);
    const stat = source === undefined ? undefined : lstatIn(source.root, source.path);
    if (stat === undefined) found.push({ path: entry.path, problem: 'a file that nobody put here' });
    else if (stat.ino !== entry.ino)
      found.push({ path: entry.path, problem: 'no longer shares its inode with its source' });
  }
  return [...found, ...missing(tree, base.tree, layer)];
}

type Layer = DeploymentParts['layer'];

/** Answers where a path of the deployment comes from: the nearest change of the layer above it decides. */
function expectedInodes(baseTree: string, layer: Layer) {
  const changes = new Map<string, PartChange>(layer?.changes.map((change) => [change.path, change]));
  const replaced = replacedPaths(layer);
  const hidden = (path: TreePath) => isAtOrBelow(parentPath(path), replaced);
  return {
    isFolder(path: TreePath): boolean {
      const form = changes.get(path)?.form;
      if (form !== undefined) return form === 'directory' || form === 'opaque';
      return !hidden(path) && lstatIn(baseTree, path)?.isDirectory() === true;
    },
    sourceOf(path: TreePath): { root: string; path: TreePath } | undefined {
      const form = changes.get(path)?.form;
      if (layer !== undefined && form === 'other') return { root: layer.upper, path };
      return form !== undefined || hidden(path) ? undefined : { root: baseTree, path };
    },
  };
}

/** Paths that the base or the layer has and the deployment lacks. */
function missing(tree: string, baseTree: string, layer: Layer): { path: TreePath; problem: string }[] {
  const replaced = replacedPaths(layer);
  const absent = (path: TreePath) => lstatIn(tree, path) === undefined;
  const fromLayer = layer?.changes.filter(({ form }) => form !== 'removed').map(({ path }) => path) ?? [];
  const lost = fromLayer.filter(absent);
  for (const { path } of walk(baseTree)) if (!isAtOrBelow(path, replaced) && absent(path)) lost.push(path);
  return lost.map((path) => ({ path, problem: 'is missing' }));
}

/** Paths of which the layer hides what the base has there, with all below. */
function replacedPaths(layer: Layer): Set<string> {
  return new Set(layer?.changes.filter(({ form }) => form !== 'directory').map(({ path }) => path));
}
