import { lstatSync } from 'node:fs';
import { hostPath } from './changes.js';
import type { RunEnd } from './run.js';

/** What `--report` writes, as JSON. */
export interface RunReport {
  formatVersion: 1;
  command: readonly string[];
  status: number | null;
  signal: string | null;
  timedOut: boolean;
  /** The limit that ended it; null for none. */
  exceeded: string | null;
  view: RunEnd['view'];
  changes: ReportedChange[];
  leftovers: RunEnd['leftovers'];
  /** Attempts to reach the network, which all failed; null where the command was ended before they were counted. */
  network: { tcp: number; udp: number; dns: number } | null;
  resources: RunEnd['resources'];
}

export interface ReportedChange {
  /** Relative to the tree; where it is not UTF-8, stray bytes are replaced and `bytes` has the path in base64. */
  path: string;
  bytes?: string;
  kind: 'added' | 'changed' | 'removed' | 'touched';
  type: 'file' | 'directory' | 'symlink' | 'other' | null;
  /** Whether the tree's own inode would have been written, had it not been for the view. */
  inPlace: boolean;
}

/** Puts what a run did into a form that programs read. */
export function reportOf(command: readonly string[], upper: string, end: RunEnd): RunReport {
  const { status, signal, timedOut, exceeded = null, view, leftovers, network = null, resources } = end;
  const changes = end.changes.map(({ path, kind, origin }) => {
    const bytes = Buffer.from(path, 'latin1');
    const text = bytes.toString('utf8');
    const exact = Buffer.from(text, 'utf8').equals(bytes);
    const named = exact ? { path: text } : { path: text, bytes: bytes.toString('base64') };
    return {
      ...named,
      kind,
      type: kind === 'removed' ? null : typeOf(upper, path),
      inPlace: origin !== undefined,
    };
  });
  const ending = { status, signal, timedOut, exceeded };
  return { formatVersion: 1, command, ...ending, view, changes, leftovers, network, resources };
}

function typeOf(upper: string, path: string): ReportedChange['type'] {
  const stat = lstatSync(hostPath(upper, path));
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'symlink' : 'other';
}
