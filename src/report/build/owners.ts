import { readdirSync } from 'node:fs';
import { packageNameOf } from '../../rpm/nevra.js';
import type { PackageFacts } from '../../rpm/package-facts.js';
import { resolveInTree } from '../../rpm/resolve-in-tree.js';
import { openRpmdbLookup, type RpmdbLookup } from '../../rpm/rpmdb-lookup.js';
import { type TreePath, treePathFromBytes } from '../../tree/path.js';
import type { PathPair } from './pairs.js';
import type { Side } from './side.js';

/** Tells which package owns a path. To be closed. */
export interface Owners {
  /**
   * The package (NEVRA) that owns what a pair has afterwards, or had where it is removed; null for nobody's. Where
   * several do, one that had a hand in the change comes first.
   */
  ownerOf(pair: PathPair): string | null;
  close(): void;
}

/**
 * Opens both sides' rpmdbs to ask for owners. Files of the packages that came are looked up in their own headers,
 * which spares a question for each.
 */
export function openOwners(sides: { before: Side; after: Side }, come: readonly PackageFacts[]): Owners {
  const before = openRpmdbLookup(sides.before.rpmdbRoot, sides.before.rpmdb);
  const after = openRpmdbLookup(sides.after.rpmdbRoot, sides.after.rpmdb);
  const links = folderLinks(sides.after.tree);
  const ofNew = filesOf(come, links);
  return {
    ownerOf(pair) {
      if (pair.after === undefined) return choose(askFor(before, pair.path, links), pair);
      return choose([...(ofNew.get(pair.path) ?? []), ...askFor(after, pair.path, links)], pair);
    },
    close() {
      before.close();
      after.close();
    },
  };
}

/** A link in the root folder to another folder of the tree: packages list `/bin/ls`, which is `/usr/bin/ls`. */
interface FolderLink {
  from: string;
  to: string;
}

function folderLinks(tree: string): FolderLink[] {
  const links = readdirSync(tree, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  return links.flatMap(({ name }) => {
    const from = treePathFromBytes(Buffer.from(name));
    const to = resolveInTree(tree, from);
    return to === undefined || to === '' ? [] : [{ from: `${from}/`, to: `${to}/` }];
  });
}

function filesOf(packages: readonly PackageFacts[], links: readonly FolderLink[]): Map<TreePath, string[]> {
  const owners = new Map<TreePath, string[]>();
  for (const { nevra, files } of packages) {
    for (const { path } of files) {
      const link = links.find(({ from }) => path.startsWith(from));
      const real = (link === undefined ? path : link.to + path.slice(link.from.length)) as TreePath;
      const known = owners.get(real);
      if (known === undefined) owners.set(real, [nevra]);
      else known.push(nevra);
    }
  }
  return owners;
}

function askFor(rpmdb: RpmdbLookup, path: TreePath, links: readonly FolderLink[]): string[] {
  const spellings = links.flatMap(({ from, to }) =>
    path.startsWith(to) ? [(from + path.slice(to.length)) as TreePath] : [],
  );
  return [path, ...spellings].flatMap((spelling) => rpmdb.ownersOf(spelling));
}

function choose(owners: readonly string[], { causes }: PathPair): string | null {
  const acting = new Set(
    causes.flatMap((cause) => (cause.by === 'rpm' ? [] : [packageNameOf(cause.package)])),
  );
  return owners.find((nevra) => acting.has(packageNameOf(nevra))) ?? owners[0] ?? null;
}
