import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChosenView } from '../../scriptlet-sandbox/index.js';
import type { ScriptletRun } from '../rpm/events.js';
import { VeneerError } from '../support/errors.js';
import { type LayerLayout, layerLayout, readRecord, type Sysroot, writeRecord } from '../sysroot/index.js';
import type { LayerChange } from './collect.js';

/** What a stored layer says of itself. */
export interface LayerRecord {
  formatVersion: 1;
  key: string;
  base: { id: string; digest: string };
  /** sha256 of each package, in the request's order. */
  packages: string[];
  elements: { nevra: string; action: 'install' | 'erase' }[];
  scriptlets: ScriptletRun[];
  leftovers: { pid: number; command: string }[];
  /** How the base was shown to rpm, and why so. */
  view: ChosenView;
  /** How the causes of changes were found: see `ViewWatch`. */
  watched: 'events' | 'walk';
  counts: { added: number; changed: number; removed: number; inPlace: number };
}

/** A layer on disk: its record and where its parts are. */
export interface Layer extends LayerLayout {
  facts: LayerRecord;
}

/** What makes two layers the same: the base's content, the packages by digest, and what else steers the outcome. */
export function layerKey(baseDigest: string, packages: readonly string[]): string {
  const LAYER_FORMAT = 2;
  const options = { format: LAYER_FORMAT, epoch: process.env.SOURCE_DATE_EPOCH ?? null };
  return createHash('sha256')
    .update(JSON.stringify([baseDigest, packages, options]))
    .digest('hex')
    .slice(0, 32);
}

/** The stored layer of a key, or undefined. Throws E_DAMAGE where its record cannot be read. */
export function findLayer(sysroot: Sysroot, key: string): Layer | undefined {
  const layout = layerLayout(join(sysroot.layers, key));
  if (!existsSync(layout.folder)) return undefined;
  try {
    const record = readRecord<LayerRecord>(layout.record);
    if (record === undefined) throw new Error('it is missing');
    return { ...layout, facts: record };
  } catch (error) {
    throw new VeneerError(
      'E_DAMAGE',
      `the record of layer ${key} cannot be read: ${(error as Error).message}`,
      {
        hint: 'run `veneer fsck`',
        cause: error,
      },
    );
  }
}

/** Makes the folders of a new layer in a stage, and those that overlayfs needs besides. */
export function makeLayerFolders(layout: LayerLayout, stage: string): { work: string; mountPoint: string } {
  const folders = { work: join(stage, 'work'), mountPoint: join(stage, 'view') };
  mkdirSync(layout.logs, { recursive: true });
  mkdirSync(layout.upper, { mode: 0o755 });
  for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o700 });
  return folders;
}

/** Writes a layer's record and list of changes into the stage that becomes its folder. */
export function writeLayer(layout: LayerLayout, record: LayerRecord, changes: readonly LayerChange[]): void {
  writeFileSync(layout.changes, changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
  writeRecord(layout.record, record);
}

/** Gives a layer in a stage another key: one that is stored under its own has come out differently. */
export function rekeyLayer(layer: Layer, key: string): Layer {
  const facts = { ...layer.facts, key };
  writeRecord(layer.record, facts);
  return { ...layer, facts };
}

/** The changes of a layer, in path order. */
export function readLayerChanges({ changes }: LayerLayout): LayerChange[] {
  return readFileSync(changes, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LayerChange);
}

/** How many paths the changes add, change and remove. */
export function countChanges(changes: readonly LayerChange[]): LayerRecord['counts'] {
  const count = (test: (change: LayerChange) => boolean) => changes.filter(test).length;
  return {
    added: count(({ kind }) => kind === 'added'),
    changed: count(({ kind }) => kind === 'changed'),
    removed: count(({ kind }) => kind === 'removed'),
    inPlace: count(({ inPlace }) => inPlace),
  };
}
