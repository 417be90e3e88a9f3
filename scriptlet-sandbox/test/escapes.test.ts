import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { attackedTree, uncontrolled } from './helpers/attacked-tree.js';
import { attack } from './helpers/confined.js';

/** A way out, as a shell script that says ESCAPED when it got there. */
interface Escape {
  name: string;
  script: string;
  /** Why it is not also run outside the sandbox, where it has to work. */
  noControl?: string;
}

const SECRET = 'what only the host may know';
const host = mkdtempSync('/var/tmp/sandbox-host-');
writeFileSync(join(host, 'secret'), `${SECRET}\n`);
const victim = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
const abstract = `sandbox-test-${process.pid}`;
const { tree, remove } = attackedTree();
const servers = [await listening(`@${abstract}`), await listening(join(host, 'socket'))];
const rootDevice = lstatSync('/', { bigint: true }).dev;
const major = (rootDevice >> 8n) & 0xfffn;
const minor = (rootDevice & 0xffn) | ((rootDevice >> 12n) & 0xfff00n);

afterAll(() => {
  victim.kill('SIGKILL');
  for (const server of servers) server.kill('SIGKILL');
  rmSync(host, { recursive: true });
  remove();
});

const FILES: Escape[] = [
  {
    name: 'read a file of the host by its path',
    script: `cat ${host}/secret && echo ESCAPED`,
    noControl: 'the throw-away root does not have it either',
  },
  {
    name: "read by the root of the sandbox's first process",
    script: `cat /proc/1/root${host}/secret && echo ESCAPED`,
  },
  { name: 'read its environment', script: 'grep -q . /proc/1/environ && echo ESCAPED' },
  { name: 'read its memory', script: '(exec 5</proc/1/mem) && echo ESCAPED' },
  { name: 'see its open files', script: 'readlink /proc/1/fd/0 && echo ESCAPED' },
  { name: 'see its working folder', script: 'readlink /proc/1/cwd && echo ESCAPED' },
  { name: 'see its namespaces', script: 'readlink /proc/1/ns/mnt && echo ESCAPED' },
  {
    name: 'read the memory of the kernel',
    script: 'head -c 1 /proc/kcore | grep -q . && echo ESCAPED',
    noControl: 'not every kernel has it',
  },
  {
    name: 'read the messages of the kernel',
    script: 'timeout 2 head -c 1 /proc/kmsg | grep -q . && echo ESCAPED',
    noControl: 'it waits for the next one where another has read them',
  },
  { name: 'read the symbols of the kernel', script: 'grep -q . /proc/kallsyms && echo ESCAPED' },
  { name: 'read the keys of the machine', script: 'grep -q . /proc/keys && echo ESCAPED' },
  {
    name: 'climb out of the root by ..',
    script: `cd /; cat ../../../../../../..${host}/secret && echo ESCAPED`,
    noControl: 'the throw-away root is a root as well',
  },
  {
    name: 'find the kernel settings in /sys',
    script: '[ -e /sys/kernel ] && echo ESCAPED',
    noControl: 'it has none',
  },
  {
    name: 'change a setting of the kernel',
    script: 'echo 1 >/proc/sys/net/ipv4/ip_forward && echo ESCAPED',
  },
  { name: 'change the core pattern', script: '(exec 5>/proc/sys/kernel/core_pattern) && echo ESCAPED' },
  { name: 'steer an interrupt', script: '(exec 5>/proc/irq/default_smp_affinity) && echo ESCAPED' },
  {
    name: 'make settings writable again',
    script:
      'mount -o remount,rw /proc/sys && echo ESCAPED; mount -o remount,bind,rw /proc/sys && echo ESCAPED',
    noControl: 'they are no mount there',
  },
  {
    name: 'uncover what is masked',
    script: 'umount /proc/kcore && echo ESCAPED',
    noControl: 'nothing is masked there',
  },
  { name: 'write to /dev', script: 'echo x >/dev/new && rm /dev/new && echo ESCAPED' },
];

const PROCESSES: Escape[] = [
  {
    name: 'kill a process of the host',
    script: `kill -9 ${victim.pid} && echo ESCAPED`,
    noControl: 'the test ends it by that at its end',
  },
  {
    name: 'find a process of the host in /proc',
    script: `[ -e /proc/${victim.pid} ] && echo ESCAPED`,
    noControl: 'it has processes of its own, too',
  },
  {
    name: "kill the sandbox's first process",
    script: 'kill -9 1; kill -STOP 1; kill -TERM 1; kill -SEGV 1; sleep 0.2; [ -e /proc/1 ] || echo ESCAPED',
    noControl: 'it would not live to tell',
  },
  {
    name: 'open the debugger of the first process',
    script: 'kill -USR1 1; sleep 0.5; grep -q 0100007F:240D /proc/net/tcp && echo ESCAPED',
    noControl: 'its first process is no node',
  },
  { name: 'leave by nsenter', script: `nsenter -t 1 -m -- ls / && echo ESCAPED` },
  {
    name: 'make a user namespace',
    script: 'unshare -U true && echo ESCAPED',
    noControl: 'a root that was changed cannot, either',
  },
  { name: 'make a mount namespace', script: 'unshare -m true && echo ESCAPED' },
  { name: 'chroot', script: 'chroot /mnt /x 2>&1 | grep -q "execute\\|No such" && echo ESCAPED' },
];

const FOLDERS = ['/', '/tmp', '/run', '/var/tmp', '/dev/shm'];

const DEVICES: Escape[] = [
  ...FOLDERS.map((folder) => ({
    name: `read the host's disk by a device node in ${folder}`,
    script: `mkdir -p ${folder}; cd ${folder} && mknod disk b ${major} ${minor} && head -c 512 disk >/dev/null && echo ESCAPED; rm -f disk`,
    noControl: 'a machine may keep its own root from that',
  })),
  ...FOLDERS.map((folder) => ({
    name: `use a device node in ${folder}`,
    script: `mkdir -p ${folder}; cd ${folder} && mknod node c 1 3 && echo x >node && echo ESCAPED; rm -f node`,
  })),
  {
    name: 'read the memory of the machine by a device node',
    script: 'mknod /tmp/mem c 1 11 && (exec 5</tmp/mem) && echo ESCAPED; rm -f /tmp/mem',
  },
  { name: 'find a disk in /dev', script: 'ls /dev | grep -q "^vd\\|^sd\\|^nvme\\|^loop" && echo ESCAPED' },
  { name: 'open the terminal of the caller', script: 'attack terminal', noControl: 'it has none either' },
];

const MOUNTS: Escape[] = [
  { name: 'mount a tmpfs', script: 'mount -t tmpfs none /mnt && echo ESCAPED' },
  { name: 'mount by bind', script: 'mount --bind /etc /mnt && echo ESCAPED' },
  { name: 'mount a fresh /proc', script: 'mount -t proc proc /mnt && echo ESCAPED' },
  { name: 'mount sysfs', script: 'mount -t sysfs sysfs /mnt && echo ESCAPED' },
  { name: 'unmount', script: 'umount -l /proc && echo ESCAPED' },
  { name: 'change the root', script: 'pivot_root /mnt /mnt 2>&1 | grep -q "Invalid\\|busy" && echo ESCAPED' },
];

const MACHINE: Escape[] = [
  { name: 'change the name of the machine', script: 'hostname escaped && echo ESCAPED' },
  {
    name: 'set the clock to what it is',
    script: 'date -s "@$(date +%s)" 2>&1 | grep -q "t set" || echo ESCAPED',
  },
  {
    name: 'load a module',
    script: 'echo x >/tmp/x.ko; insmod /tmp/x.ko 2>&1 | grep -qv "not permitted" && echo ESCAPED',
  },
  { name: 'read the log of the kernel', script: 'dmesg >/dev/null && echo ESCAPED' },
];

const SOCKETS: Escape[] = [
  {
    name: 'connect to an abstract socket of the host',
    script: `attack connect @${abstract}`,
    noControl: 'the control is a test of its own',
  },
  {
    name: 'connect to a socket in a folder of the host',
    script: `attack connect ${host}/socket`,
    noControl: 'the control is a test of its own',
  },
  {
    name: 'have an interface',
    script: '[ $(ls /proc/sys/net/ipv4/neigh | grep -vc "default\\|lo") -gt 0 ] && echo ESCAPED',
    noControl: 'it has none either',
  },
];

const ESCAPES = [...FILES, ...PROCESSES, ...DEVICES, ...MOUNTS, ...MACHINE, ...SOCKETS];

describe('the sandbox refuses to', () => {
  test.each(ESCAPES)('$name', async ({ script }) => {
    const { text, command } = await attack(['/bin/sh', '-c', `{ ${script}; } 2>&1; echo done`], { tree });
    expect(text).not.toContain('ESCAPED');
    expect(text).not.toContain(SECRET);
    expect(text).toMatch(/done$/);
    expect(command?.status).toBe(0);
  });
});

describe('outside the sandbox it is possible to', () => {
  const possible = ESCAPES.filter(({ noControl }) => noControl === undefined);
  test.each(possible)('$name', ({ script }) => {
    expect(uncontrolled(tree, script)).toContain('ESCAPED');
  });

  test('connect to the sockets of the host', () => {
    for (const address of [`@${abstract}`, join(host, 'socket')]) {
      expect(execFileSync(join(tree, 'bin/attack'), ['connect', address], { encoding: 'utf8' })).toContain(
        'ESCAPED',
      );
    }
  });

  test('see and end the process that the sandbox could not', () => {
    expect(alive(victim)).toBe(true);
  });
});

describe('what a confined program gets', () => {
  test('is no descriptor but the first three, and nothing on its stdin', async () => {
    const { text } = await attack(['/bin/sh', '-c', 'cat; ls /proc/self/fd | tr "\\n" " "'], { tree });
    expect(text).toBe('0 1 2 3'); // 3 is the folder that ls reads
  });

  test('is the capabilities that packages need, and no other, also after exec', async () => {
    const { text } = await attack(['/bin/sh', '-c', 'grep -E "Cap(Prm|Eff|Bnd|Amb|Inh)" /proc/self/status'], {
      tree,
    });
    const sets = [...text.matchAll(/Cap(\w+):\s+(\w+)/g)].map(([, name, bits]) => `${name} ${bits}`);
    const kept = '00000000880000fb';
    const none = '0000000000000000';
    expect(sets).toEqual([`Inh ${none}`, `Prm ${kept}`, `Eff ${kept}`, `Bnd ${kept}`, `Amb ${none}`]);
  });

  test('is a session of its own, and a mask that lets others read', async () => {
    const { text } = await attack(['/bin/sh', '-c', 'umask; cut -d" " -f7 /proc/self/stat'], { tree });
    expect(text).toBe('0022\n0');
  });
});

/** Waits until it listens. */
async function listening(address: string): Promise<ChildProcess> {
  const server = spawn(join(tree, 'bin/attack'), ['listen', address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  return server;
}

function alive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
