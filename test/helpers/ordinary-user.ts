import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../scriptlet-sandbox/index.js';
import { type CliResult, temporaryFolder } from './workspace.js';

/** An account that is nobody's: in the mount namespaces of its commands only, /etc says that there is one. */
const ACCOUNT = { name: 'layman', id: 4321 };

/** In a user namespace of the account: root of it and of its subordinate ids. */
const AS_ITS_ROOT = ['unshare', '--user', '--map-root-user', '--map-auto', '--'];

/** The account's own view of the machine: /etc with its lines, this checkout and this Node where it may read them. */
const PREPARE = `
folder=$1 etc=$2 checkout=$3 node=$4; shift 4
mount --make-rprivate /
mount -t tmpfs tmpfs "$folder/etc"
mkdir "$folder/etc/upper" "$folder/etc/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$folder/etc/upper,workdir=$folder/etc/work" /etc
cat "$etc/passwd" >>/etc/passwd; cat "$etc/group" >>/etc/group
cat "$etc/subuid" >/etc/subuid; cat "$etc/subuid" >/etc/subgid
mount --bind "$checkout" "$folder/checkout"
mount --bind "$node" "$folder/node"
as_account="setpriv --reuid ${ACCOUNT.id} --regid ${ACCOUNT.id} --init-groups"
for bind in $BINDS; do $as_account mkdir -p "\${bind#*=}"; mount --bind "\${bind%%=*}" "\${bind#*=}"; done
cd "$folder/checkout"
exec $as_account "$@"
`;

export interface OrdinaryUserOptions {
  /** How many subordinate ids /etc/subuid and /etc/subgid give it; 0: they have no line for it. */
  subordinateIds: number;
}

export interface CommandOptions {
  env?: Record<string, string>;
  /** Folders of root's that it sees in others, by where they are. */
  binds?: Record<string, string>;
}

/** A real account without any privilege, with a home folder on the disk. */
export class OrdinaryUser {
  readonly folder = temporaryFolder();
  readonly home = join(this.folder, 'home');
  readonly node = join(this.folder, 'node');
  readonly cli = join(this.folder, 'checkout/dist/src/cli/main.js');
  private readonly etc = join(this.folder, 'lines');

  constructor({ subordinateIds }: OrdinaryUserOptions) {
    const { name, id } = ACCOUNT;
    chmodSync(this.folder, 0o755);
    for (const place of ['etc', 'lines', 'checkout', 'home']) mkdirSync(join(this.folder, place));
    writeFileSync(this.node, '');
    chownSync(this.home, id, id);
    const lines = {
      passwd: `${name}:x:${id}:${id}::${this.home}:/bin/sh\n`,
      group: `${name}:x:${id}:\n`,
      subuid: subordinateIds === 0 ? '' : `${name}:200000:${subordinateIds}\n`,
    };
    for (const [file, line] of Object.entries(lines)) writeFileSync(join(this.etc, file), line);
  }

  /** Runs a program as the account, in this checkout, to its end, whatever its status. */
  async run(command: readonly string[], { env = {}, binds = {} }: CommandOptions = {}): Promise<CliResult> {
    const places = [this.folder, this.etc, packageRoot(), process.execPath];
    const BINDS = Object.entries(binds)
      .map(([from, to]) => `${from}=${to}`)
      .join(' ');
    const { exitCode, stdout, stderr } = await execa(
      'unshare',
      ['--mount', 'sh', '-ec', PREPARE, 'sh', ...places, ...command],
      { env: { ...this.environment(), BINDS, ...env }, extendEnv: false, reject: false, stdin: 'ignore' },
    );
    return { exitCode, stdout, stderr };
  }

  /** The same as root of a user namespace of the account. */
  runAsItsRoot(command: readonly string[], options?: CommandOptions): Promise<CliResult> {
    return this.run([...AS_ITS_ROOT, ...command], options);
  }

  /** Runs the command line. */
  veneer(...args: string[]): Promise<CliResult> {
    return this.run([this.node, this.cli, ...args]);
  }

  private environment(): Record<string, string> {
    return {
      HOME: this.home,
      PATH: `${this.folder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      VENEER_SYSROOT: join(this.home, 'sysroot'),
      VENEER_TEST_DIR: join(this.home, 'tests'),
    };
  }
}
