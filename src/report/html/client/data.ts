import type {
  FileCause,
  FileData,
  FileIdentity,
  FileKind,
  FileRow,
  FileRule,
  FileValues,
} from '../file-data.js';
import { byId } from './dom.js';

/** One changed path, read from its row. */
export interface Entry {
  /** Its row, which its diff is named by. */
  index: number;
  path: string;
  folder: string;
  name: string;
  kind: FileKind;
  letters: string;
  before: Values | null;
  after: Values | null;
  causes: FileCause[];
  owner: string | null;
  inPlace: boolean;
  hasDiff: boolean;
  rules: FileRule[];
  /** By how many bytes the tree grows. */
  bytes: number;
}

export interface Values extends FileIdentity {
  size: number;
  /** Of a file; otherwise ''. */
  digest: string;
  /** Of a symlink; otherwise ''. */
  target: string;
}

const KINDS: FileKind[] = ['added', 'changed', 'removed'];

/** All changed paths of the page. */
export function readEntries(): Entry[] {
  const data = JSON.parse(byId('file-data').textContent ?? '') as FileData;
  return data.rows.map((row, index) => readRow(row, index, data));
}

/** The unified diff of a path, parsed only now. */
export function readDiff(entry: Entry): string {
  return JSON.parse(byId(`diff-${entry.index}`).textContent ?? '') as string;
}

function readRow(row: FileRow, index: number, data: FileData): Entry {
  const [folderPlace, name, kind, letters, first, second, causes, owner, inPlace, hasDiff, rules] = row;
  const folder = at(data.folders, folderPlace);
  const before = readValues(first, data);
  const after = readValues(second, data);
  return {
    index,
    path: folder + name,
    folder,
    // The tree's own root has no name.
    name: name === '' ? '/' : name,
    kind: at(KINDS, kind),
    letters: at(data.letters, letters),
    before,
    after,
    causes: causes.map((place) => at(data.causes, place)),
    owner: owner === -1 ? null : at(data.owners, owner),
    inPlace: inPlace === 1,
    hasDiff: hasDiff === 1,
    rules: rules.map((place) => at(data.rules, place)),
    bytes: contentSize(after) - contentSize(before),
  };
}

function readValues(values: FileValues | 0, data: FileData): Values | null {
  if (values === 0) return null;
  const [identity, size, digestOrTarget] = values;
  const shared = at(data.identities, identity);
  const isLink = shared.type === 'symlink';
  return { ...shared, size, digest: isLink ? '' : digestOrTarget, target: isLink ? digestOrTarget : '' };
}

function contentSize(values: Values | null): number {
  return values?.type === 'file' ? values.size : 0;
}

function at<Value>(list: readonly Value[], place: number): Value {
  const value = list[place];
  if (value === undefined) throw new Error(`the file data refer to a missing value, ${place}`);
  return value;
}
