import { openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { hideHost } from './hide-host.js';
import { setCloseOnExec } from './libc.js';
import { confineMounts } from './mounts.js';
import { deadNetwork } from './network.js';
import { closeInherited, dropPrivileges, setHostname } from './privileges.js';
import { limitResources } from './resource-limits.js';
import { denySyscalls } from './seccomp.js';
import type { LeftoverProcess } from './spawn.js';
import type { ConfinedModule, SandboxSpec } from './spec.js';
import { watchView } from './watch.js';

/** The pipe to the parent and the one from it: what runs inside must not inherit them, and libc leaves them open. */
const EVENTS_FD = 3;
const ORDERS_FD = 4;

/**
 * The first process of the sandbox. Reads its spec from its parent, takes everything away from itself that the module
 * should not have, and runs the module. It ends by exit status; what it leaves running dies with it.
 */
async function main(): Promise<void> {
  closeInherited([EVENTS_FD, ORDERS_FD]);
  for (const fd of [EVENTS_FD, ORDERS_FD]) setCloseOnExec(fd, true);
  const spec = JSON.parse(readFirstLine(ORDERS_FD)) as SandboxSpec;
  const module = (await import(spec.module)) as ConfinedModule;
  setHostname('localhost');
  const { view, root, made } = confineMounts(spec);
  emit({ sandbox: 'ready', view, madeMountPoints: made });
  hideHost(spec);
  const inside = new OwnProcesses(spec.root === 'host' ? '/proc' : `${root}/proc`);
  const watch = spec.watch === undefined ? undefined : watchView(spec, view.kind);
  deadNetwork();
  limitResources(spec);
  denySyscalls();
  dropPrivileges();
  await module.run({ view: root, input: spec.input, watch, emit, onSignal });
  emit({ sandbox: 'leftovers', processes: inside.leftovers() });
}

/** The rest of the pipe stays unread, for `onSignal`: so byte by byte. */
function readFirstLine(fd: number): string {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  while (readSync(fd, byte) === 1 && byte[0] !== 0x0a) bytes.push(byte[0] ?? 0);
  return Buffer.from(bytes).toString();
}

function emit(event: object): void {
  let line = Buffer.from(`${JSON.stringify(event)}\n`);
  while (line.length > 0) line = line.subarray(writeSync(EVENTS_FD, line));
}

function onSignal(handler: (signal: NodeJS.Signals) => void): void {
  const orders = new Socket({ fd: ORDERS_FD, readable: true, writable: false });
  orders.unref();
  createInterface({ input: orders }).on('line', (line) => {
    handler((JSON.parse(line) as { signal: NodeJS.Signals }).signal);
  });
}

/**
 * The view's own /proc shows this pid namespace only: what was not there before the module ran, and is when it has
 * finished, was left by it. The folder is held open, as the module may enter another root.
 */
class OwnProcesses {
  private readonly proc: string | undefined;
  private readonly before: ReadonlySet<string>;

  constructor(path: string) {
    try {
      this.proc = `/proc/self/fd/${openSync(path, 'r')}`;
    } catch {
      this.proc = undefined; // the tree has something else in that place
    }
    this.before = new Set(this.pids());
  }

  leftovers(): LeftoverProcess[] {
    const left = this.pids().filter((pid) => !this.before.has(pid));
    return left.flatMap((pid) => {
      try {
        const line = readFileSync(`${this.proc}/${pid}/cmdline`, 'utf8');
        const command = line.replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(pid), command }];
      } catch {
        return []; // it ended meanwhile
      }
    });
  }

  private pids(): string[] {
    return this.proc === undefined ? [] : readdirSync(this.proc).filter((name) => /^\d+$/.test(name));
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    emit({ sandbox: 'failed', error: describe(error) });
    process.exit(1);
  },
);

/** What the parent needs of an error: errors of system calls have a code and a path, anything else is a fault of ours. */
function describe(error: unknown): { message: string; code?: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { message: code === undefined ? (error.stack ?? error.message) : error.message, code };
}
