import { constants } from 'node:os';
import koffi from 'koffi';
import { afterAll, describe, expect, test } from 'vitest';
import { DENIED_CALLS } from '../denied-calls.js';
import { attackedTree, uncontrolled } from './helpers/attacked-tree.js';
import { attack } from './helpers/confined.js';

/** Arguments that the kernel itself refuses, or that do no harm, where nothing else refuses the call before. */
const ARGUMENTS: Record<string, string> = {
  mount: '0 0 0 0 0',
  umount: 's:/nonexistent',
  umount2: 's:/nonexistent 0',
  pivot_root: 's:/nonexistent s:/nonexistent',
  open_tree: '-100 s:/nonexistent 0',
  move_mount: '-1 s: -1 s: 0',
  fsopen: 's:nonexistent 0',
  fsconfig: '-1 0 0 0 0',
  fsmount: '-1 0 0',
  fspick: '-100 s:/nonexistent 0',
  mount_setattr: '-100 s:/nonexistent 0 0 0',
  setns: '-1 0',
  unshare: '0',
  clone3: '0 0',
  open_by_handle_at: '-1 0 0',
  name_to_handle_at: '-1 s: 0 0 0',
  fanotify_init: '0xffff 0',
  init_module: '0 0 0',
  finit_module: '-1 0 0',
  delete_module: 's:nonexistent 0',
  create_module: '0 0',
  bpf: '-1 0 0',
  kexec_load: '0 100 0 -1',
  kexec_file_load: '-1 -1 0 0 -1',
  ptrace: '3 -1 0 0',
  process_vm_readv: '1 0 0 0 0 99',
  process_vm_writev: '1 0 0 0 0 99',
  pidfd_getfd: '-1 0 0',
  kcmp: '-1 -1 0 0 0',
  perf_event_open: '0 0 0 -1 0',
  lookup_dcookie: '0 0 0',
  add_key: '0 0 0 0 0',
  request_key: '0 0 0 0',
  keyctl: '9999 0 0 0 0',
  io_uring_setup: '0 0',
  io_uring_enter: '-1 0 0 0 0 0',
  io_uring_register: '-1 0 0 0',
  userfaultfd: '-1',
  quotactl_fd: '-1 0 0 0',
  settimeofday: '1 0',
  stime: '0',
  adjtimex: '0',
  clock_settime: '9999 0',
  clock_settime64: '9999 0',
  clock_adjtime: '9999 0',
  clock_adjtime64: '9999 0',
  reboot: '0 0 0 0',
  swapon: 's:/nonexistent 0',
  swapoff: 's:/nonexistent',
  acct: 's:/nonexistent',
  quotactl: '0 s:/nonexistent 0 0',
  syslog: '99 0 0',
  iopl: '99',
  ioperm: '70000 1 1',
  vm86: '99 0',
  vm86old: '0',
  sethostname: '0 -1',
  setdomainname: '0 -1',
  vhangup: '',
  nfsservctl: '0 0 0',
  uselib: 's:/nonexistent',
  _sysctl: '0',
};

const CLONE_SIGHAND = 0x800;
const AF_VSOCK = 40;

/** Calls that are denied for some arguments only: each of those, and ones that shall work. */
const BY_ARGUMENT: [title: string, call: string, words: string][] = [
  ...[0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000].map(
    // CLONE_SIGHAND without CLONE_VM is an error, so that nothing is cloned where the flag is let through.
    (flag): [string, string, string] => [
      `clone with 0x${flag.toString(16)}`,
      'clone',
      `${flag + CLONE_SIGHAND} 0 0 0 0`,
    ],
  ),
  ['TIOCSTI', 'ioctl', '0 0x5412 0'],
  ['TIOCLINUX', 'ioctl', '0 0x541c 0'],
  ['TIOCSTI with bits that the kernel does not read', 'ioctl', '0 0x100005412 0'],
  ['a vsock socket', 'socket', `${AF_VSOCK} 1 0`],
  ['a packet socket', 'socket', '17 3 0'],
  ['sockets by socketcall, whose arguments a filter cannot read,', 'socketcall', '1 0'],
  ['a pair of vsock sockets', 'socketpair', `${AF_VSOCK} 1 0 0`],
];

interface Row {
  title: string;
  entry: 'native' | 'int80' | 'x32';
  /** What the attack program is called with. */
  words: string;
  /** The errno that has to be answered. */
  answer: number;
}

const ROWS = [...rows('native'), ...(process.arch === 'x64' ? [...rows('int80'), ...rows('x32')] : [])];
const SCRIPT = ROWS.map(({ words }) => `attack call ${words}`).join('; ');

const { tree, remove } = attackedTree();
afterAll(remove);
const inside = lines((await attack(['/bin/sh', '-c', SCRIPT], { tree })).text);
const outside = lines(uncontrolled(tree, SCRIPT));

describe('a system call that reaches past the view is refused', () => {
  test.each(ROWS.map((row, index) => ({ ...row, index })))('$title by $entry', ({ answer, index }) => {
    expect(inside[index]).toBe(answer);
  });

  test('and outside the sandbox the kernel answers the same calls otherwise', () => {
    const same = ROWS.filter(({ answer }, index) => outside[index] === answer);
    const { ENOSYS, EAFNOSUPPORT } = constants.errno;
    // What this kernel does not have it refuses in the same words.
    expect(same.filter(({ answer }) => answer !== ENOSYS && answer !== EAFNOSUPPORT)).toEqual([]);
    const missing = same
      .filter(({ entry }) => entry !== 'x32')
      .map(({ title, entry }) => `${title} by ${entry}`);
    process.stdout.write(`no control, as this kernel lacks them: ${missing.join(', ') || 'none'}\n`);
    expect(missing.length).toBeLessThan(ROWS.length / 10);
  });
});

test('every call of the table is tried', () => {
  const tried = new Set<string>([...Object.keys(ARGUMENTS), ...BY_ARGUMENT.map(([, call]) => call)]);
  expect(DENIED_CALLS.flatMap(({ calls }) => calls).filter((call) => !tried.has(call))).toEqual([]);
});

function rows(entry: Row['entry']): Row[] {
  const number = numbersFor(entry);
  const answers = new Map(
    DENIED_CALLS.flatMap(({ answer, calls }) => calls.map((call) => [call, answer] as const)),
  );
  const all = [
    ...Object.entries(ARGUMENTS).map(([call, words]) => [call, call, words] as const),
    ...BY_ARGUMENT,
  ];
  return all.flatMap(([title, call, words]) => {
    const nr = number(call);
    // 32-bit arguments have no bits that the kernel does not read.
    if (nr < 0 || (entry === 'int80' && title.includes('bits that'))) return [];
    const name =
      entry === 'x32' ? 'ENOSYS' : (answers.get(call === 'socketcall' ? 'socket' : call) ?? 'EPERM');
    return [{ title, entry, words: `${entry} ${nr} ${words}`, answer: constants.errno[name] }];
  });
}

/** libseccomp knows the numbers of calls on every architecture. */
function numbersFor(entry: Row['entry']): (call: string) => number {
  const seccomp = koffi.load('libseccomp.so.2');
  const resolve = seccomp.func('int seccomp_syscall_resolve_name_arch(uint32_t arch, const char *name)');
  const [NATIVE, X86] = [0, 0x40000003];
  return (call) => resolve(entry === 'int80' ? X86 : NATIVE, call) as number;
}

function lines(text: string): number[] {
  return text.split('\n').map(Number);
}
