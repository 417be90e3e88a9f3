/**
 * How the page's script gets the changed files: rows of numbers that refer to tables, as most values repeat. A row
 * takes about 140 bytes that way, most of them the digest.
 */
export interface FileData {
  /** Parent folders, with a slash at the end. */
  folders: string[];
  identities: FileIdentity[];
  causes: FileCause[];
  /** Packages that own files. */
  owners: string[];
  letters: string[];
  rules: FileRule[];
  rows: FileRow[];
}

/** What many files have in common. */
export interface FileIdentity {
  type: string;
  mode: string;
  user: string;
  group: string;
  capabilities: string;
  xattrs: string[];
}

export interface FileCause {
  by: 'payload' | 'scriptlet' | 'rpm';
  /** `payload of X`, `X.post`, `rpm itself`. */
  text: string;
}

export interface FileRule {
  rule: string;
  severity: string;
  meaning: string;
}

/** One changed path: numbers index the tables above. */
export type FileRow = [
  folder: number,
  name: string,
  /** Of KINDS. */
  kind: number,
  letters: number,
  before: FileValues | 0,
  after: FileValues | 0,
  causes: number[],
  /** -1: nobody's. */
  owner: number,
  inPlace: 0 | 1,
  /** 1 where the page holds a diff, in the element `diff-N` for row N. */
  hasDiff: 0 | 1,
  rules: number[],
];

/** Identity, size in bytes, and the digest of a file or the target of a symlink. */
export type FileValues = [identity: number, size: number, digestOrTarget: string];

export type FileKind = 'added' | 'changed' | 'removed';
