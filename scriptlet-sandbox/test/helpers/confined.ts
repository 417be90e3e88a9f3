import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfinedEnd, type SandboxLimits, type SandboxSpec, startConfined } from '../../index.js';

/** How one confined command ended. */
export interface Attacked extends ConfinedEnd {
  /** Of the command; null where it was ended from outside. */
  command: { status: number | null; signal: string | null } | null;
  /** All that it printed. */
  text: string;
  network: { tcp: number; udp: number; dns: number };
}

export interface Attacking {
  tree: string;
  /** The host's software is the command's root, not the view. */
  beside?: boolean;
  limits?: Partial<SandboxLimits>;
  timeLimitMs?: number;
  /** Its output goes to a file in a folder that the sandbox may write to. */
  logged?: boolean;
}

/** Runs a command confined, in a new view of a tree. */
export async function attack(argv: readonly string[], attacking: Attacking): Promise<Attacked> {
  const folder = mkdtempSync('/var/tmp/sandbox-test-');
  const told: Partial<Attacked> & { status?: number | null; signal?: string | null } = {};
  try {
    const end = await startConfined(specFor(folder, argv, attacking), {
      timeLimitMs: attacking.timeLimitMs,
      onEvent: (event) => Object.assign(told, event),
    });
    const { text = '', network = { tcp: 0, udp: 0, dns: 0 }, status = null, signal = null } = told;
    const command = told.text === undefined ? null : { status, signal };
    return { ...end, command, text: text.trim(), network };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the confined process is told, with its folders made in one that the caller removes. */
export function specFor(folder: string, argv: readonly string[], attacking: Attacking): SandboxSpec {
  const [upper, work, mountPoint, logs] = ['upper', 'work', 'view', 'logs'].map((name) => join(folder, name));
  for (const path of [upper, work, mountPoint, logs]) mkdirSync(path as string);
  const { tree, beside, limits, logged } = attacking;
  return {
    ...{ tree, upper: upper as string, work: work as string, mountPoint: mountPoint as string },
    writable: [logs as string],
    module: join(import.meta.dirname, 'command-module.mjs'),
    input: { argv, beside, ...(logged ? { log: join(logs as string, 'output') } : {}) },
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    ...(limits === undefined ? {} : { limits }),
  };
}
