import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A tree with busybox and the attack program, and nothing else. */
export interface AttackedTree {
  folder: string;
  tree: string;
  remove(): void;
}

/** Makes one in a new folder. */
export function attackedTree(): AttackedTree {
  const folder = mkdtempSync('/var/tmp/sandbox-tree-');
  const tree = join(folder, 'tree');
  for (const path of ['', 'bin', 'proc', 'dev', 'run', 'tmp', 'var', 'var/tmp', 'etc', 'mnt'])
    mkdirSync(join(tree, path));
  copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
  chmodSync(join(tree, 'bin/busybox'), 0o755);
  execFileSync('chroot', [tree, '/bin/busybox', '--install', '-s', '/bin']);
  const source = join(import.meta.dirname, 'attack.c');
  execFileSync('cc', ['-static', '-O1', '-o', join(tree, 'bin/attack'), source]);
  return { folder, tree, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Runs a shell script outside of any sandbox of ours: as root with all its powers, in namespaces that are thrown away,
 * with the tree as the script's root. What it does there shows that an attack works where nothing stops it.
 */
export function uncontrolled(tree: string, script: string): string {
  const flags = ['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child', '--'];
  const prepare = 'mount --bind "$0" "$0"; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"';
  const command = `${prepare}; chroot "$0" /bin/sh -c "$1" </dev/null 2>&1`;
  try {
    return execFileSync('setsid', ['-w', 'unshare', ...flags, 'sh', '-c', command, tree, script], {
      encoding: 'utf8',
      timeout: 60_000,
    }).trim();
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error).trim();
  }
}
