import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { setCloseOnExec } from './libc.js';
import { confineMounts } from './mounts.js';
import { dropPrivileges, setHostname } from './privileges.js';
import { denySyscalls } from './seccomp.js';
import type { LeftoverProcess } from './spawn.js';
import type { ConfinedModule, SandboxSpec } from './spec.js';
import { watchView } from './watch.js';

/** The pipe to the parent; scriptlets must not inherit it, and libc leaves 3 open across exec. */
const EVENTS_FD = 3;

/**
 * The first process of the sandbox. Reads its spec from stdin, takes everything away from itself that the module
 * should not have, and runs the module. It ends by exit status; what it leaves running dies with it.
 */
async function main(): Promise<void> {
  const spec = JSON.parse(readFileSync(0, 'utf8')) as SandboxSpec;
  setCloseOnExec(EVENTS_FD, true);
  const module = (await import(spec.module)) as ConfinedModule;
  setHostname('localhost');
  emit({ sandbox: 'mount-points', made: confineMounts(spec) });
  const watch = watchView(spec);
  denySyscalls();
  dropPrivileges();
  await module.run({ view: spec.mountPoint, input: spec.input, watch, emit });
  emit({ sandbox: 'leftovers', processes: leftovers(spec.mountPoint) });
}

function emit(event: object): void {
  let line = Buffer.from(`${JSON.stringify(event)}\n`);
  while (line.length > 0) line = line.subarray(writeSync(EVENTS_FD, line));
}

/** The view's own /proc shows this pid namespace only: all that is there besides process 1 was left by the module. */
function leftovers(view: string): LeftoverProcess[] {
  return readdirSync(`${view}/proc`)
    .filter((name) => /^\d+$/.test(name) && name !== '1')
    .flatMap((pid) => {
      try {
        const command = readFileSync(`${view}/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(pid), command }];
      } catch {
        return [];
      }
    });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
