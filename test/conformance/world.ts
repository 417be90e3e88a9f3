import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, type Options } from 'execa';

/** Who runs the vectors: the machine's root, or the root of a user namespace with subordinate ids. */
export interface World {
  name: 'root' | 'rootless';
  /** Runs a program as that root, to its end. Throws where it fails. */
  run(argv: readonly string[], options?: Options): Promise<{ stdout: string }>;
  /** Runs the sandbox's own command, which enters a user namespace by itself where it has to. */
  sandbox(argv: readonly string[]): Promise<{ stdout: string }>;
}

const SANDBOX = join(import.meta.dirname, '../../dist/scriptlet-sandbox/main.js');

/** A host's /etc/subuid need not name root: it is covered, for the programs of this world alone. */
const WITH_SUBORDINATE_IDS = 'for name in subuid subgid; do mount --bind "$0" /etc/$name; done; exec "$@"';
const USER_NAMESPACE = ['unshare', '--user', '--map-root-user', '--map-auto', '--fork', '--kill-child', '--'];

/** The machine's root. */
export function rootWorld(): World {
  const run: World['run'] = (argv, options) => perform(argv, options);
  return { name: 'root', run, sandbox: (argv) => run([process.execPath, SANDBOX, ...argv]) };
}

/** The root of a user namespace; files that its other users own belong to subordinate ids. */
export function rootlessWorld(folder: string): World {
  const ids = join(folder, 'subordinate-ids');
  writeFileSync(ids, 'root:100000:65536\n');
  const outside = ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', WITH_SUBORDINATE_IDS, ids];
  return {
    name: 'rootless',
    run: (argv, options) => perform([...outside, ...USER_NAMESPACE, ...argv], options),
    sandbox: ([verb = '', ...argv]) =>
      perform([...outside, process.execPath, SANDBOX, verb, '--rootless', ...argv]),
  };
}

async function perform([program = '', ...args]: readonly string[], options: Options = {}) {
  const { stdout } = await execa(program, args, { stdin: 'ignore', ...options, maxBuffer: 1 << 28 });
  return { stdout: String(stdout) };
}
