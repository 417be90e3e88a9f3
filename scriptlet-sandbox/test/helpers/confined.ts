import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConfinedEnd, type SandboxLimits, type SandboxSpec, startConfined } from '../../index.js';

/** How one confined command ended. */
export interface Attacked extends ConfinedEnd {
  /** Of the command; null where it was ended from outside. */
  command: { status: number | null; signal: string | null } | null;
  /** All that it printed. */
  text: string;
  /** What lives on of it. */
  survivors: string[];
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
    return { ...end, command, text: text.trim(), network, survivors: processesOf(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By its environment a process is known to belong to a sandbox of these tests. */
const MARK = 'SANDBOX_TEST_FOLDER';

/** A program that runs one sandbox as the JSON in its argument says. */
export const ENGINE = join(import.meta.dirname, 'engine.mjs');

/** Runs an engine in a process of its own, and does something to it once its command sleeps for 1000 s. */
export async function withEngine(
  argv: readonly string[],
  attacking: Attacking,
  work: (engine: ChildProcess, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync('/var/tmp/sandbox-test-');
  const argument = JSON.stringify({ spec: specFor(folder, argv, attacking) });
  const engine = spawn(process.execPath, [ENGINE, argument], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    for (
      let waited = 0;
      !processesOf(folder).some((command) => command.endsWith('sleep 1000'));
      waited += 20
    ) {
      if (waited > 10_000) throw new Error('the sandbox did not start');
      await sleep(20);
    }
    await work(engine, folder);
  } finally {
    engine.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command lines of the processes of this machine that belong to the sandbox with this folder. */
export function processesOf(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${MARK}=${folder}`)) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
    } catch {
      return [];
    }
  });
}

/** What the confined process is told, with its folders made in one that the caller removes. */
export function specFor(folder: string, argv: readonly string[], attacking: Attacking): SandboxSpec {
  const [upper, work, mountPoint, logs] = ['upper', 'work', 'view', 'logs'].map((name) => join(folder, name));
  for (const path of [upper, work, mountPoint, logs]) mkdirSync(path as string);
  const { tree, beside, limits, logged } = attacking;
  return {
    ...{ tree, upper: upper as string, work: work as string, mountPoint: mountPoint as string },
    view: 'auto',
    root: 'view',
    bindReadOnly: [],
    writable: [logs as string],
    module: join(import.meta.dirname, 'command-module.mjs'),
    input: { argv, beside, ...(logged ? { log: join(logs as string, 'output') } : {}) },
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', [MARK]: folder },
    ...(limits === undefined ? {} : { limits }),
  };
}
