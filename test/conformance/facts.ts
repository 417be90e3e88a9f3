/** What `inspect.c` says of one path. Flags and version are missing where the file system has none. */
export interface Facts {
  path: string;
  type: number;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  rdev: string;
  dev: string;
  ino: string;
  blocks: number;
  nlink: number;
  /** Seconds with nine decimals. */
  mtime: string;
  atime: string;
  target: string;
  xattrs: string;
  /** A digest, of regular files. */
  content?: string;
  flags?: number;
  version?: number;
}

/** The facts of a tree: for each vector those of its folder, itself included, by path. */
export type TreeFacts = Map<string, Map<string, Facts>>;

/** What can change in a folder, as a reader would name it. */
export type Aspect =
  | ('names' | 'type' | 'content' | 'mode' | 'owner' | 'mtime' | 'atime' | 'xattrs' | 'target')
  | ('links' | 'blocks' | 'flags' | 'version' | 'inode');

/** Reads the lines of `inspect`; the tree's own path in symlinks is replaced, as it differs from run to run. */
export function parseFacts(lines: readonly string[], tree: string): TreeFacts {
  const facts: TreeFacts = new Map();
  for (const line of lines) {
    if (line === '') continue;
    const one = JSON.parse(line) as Facts;
    const [vector = ''] = one.path.split('/', 1);
    const folder = facts.get(vector) ?? new Map<string, Facts>();
    facts.set(vector, folder.set(one.path, { ...one, target: one.target.replace(tree, '/tree') }));
  }
  return facts;
}
