/** Some system calls that the filter answers with an errno; everything that no row names stays allowed. */
export interface DeniedCalls {
  why: string;
  /**
   * EPERM where a program should be told that it may not; ENOSYS where programs try a call and fall back on an older
   * one, as on a kernel that lacks it.
   */
  answer: 'EPERM' | 'ENOSYS' | 'EAFNOSUPPORT';
  /** Names as libseccomp knows them, on whatever architecture. */
  calls: readonly string[];
  /** Denied only where one of these holds for its arguments. */
  when?: readonly ArgumentRule[];
}

/** Compares an argument as the kernel reads it: bits outside of `mask` do not count. */
export interface ArgumentRule {
  argument: number;
  mask: number;
  value: number;
}

/** The namespace flags of clone(2); CLONE_NEWTIME is for clone3 and unshare alone. */
const NAMESPACE_FLAGS = [
  ...[0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000],
];

const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

/** AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; the highest number that any kernel knows is below 64. */
const FAMILIES_LEFT = [0, 1, 2, 10, 16];
const FAMILIES = Array.from({ length: 64 }, (_, family) => family);

/**
 * System calls that packages have no business with: each reaches past the view, into the kernel's settings or into
 * another process. Capabilities refuse most of them as well: the filter is the second lock, and it keeps the kernel's
 * rarely used code out of reach.
 */
export const DENIED_CALLS: readonly DeniedCalls[] = [
  {
    why: 'changes what is mounted',
    answer: 'EPERM',
    calls: ['mount', 'umount', 'umount2', 'pivot_root'],
  },
  {
    why: 'changes what is mounted; programs fall back on mount',
    answer: 'ENOSYS',
    calls: ['open_tree', 'move_mount', 'fsopen', 'fsconfig', 'fsmount', 'fspick', 'mount_setattr'],
  },
  { why: 'enters or makes namespaces', answer: 'EPERM', calls: ['setns', 'unshare'] },
  {
    why: 'makes namespaces',
    answer: 'EPERM',
    calls: ['clone'],
    when: NAMESPACE_FLAGS.map((flag) => ({ argument: 0, mask: flag, value: flag })),
  },
  {
    why: 'makes namespaces by flags in memory, which a filter cannot read; libc falls back on clone',
    answer: 'ENOSYS',
    calls: ['clone3'],
  },
  {
    why: 'opens files past their path, or watches those of everybody',
    answer: 'EPERM',
    calls: ['open_by_handle_at', 'name_to_handle_at', 'fanotify_init'],
  },
  {
    why: 'loads code into the kernel',
    answer: 'EPERM',
    calls: ['init_module', 'finit_module', 'delete_module', 'create_module', 'bpf'],
  },
  {
    why: 'starts another kernel; programs try the one, then the other',
    answer: 'ENOSYS',
    calls: ['kexec_load', 'kexec_file_load'],
  },
  {
    why: 'looks into other processes',
    answer: 'EPERM',
    calls: [
      ...['ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd', 'kcmp'],
      ...['perf_event_open', 'lookup_dcookie'],
    ],
  },
  {
    why: 'uses keys, which no namespace separates',
    answer: 'EPERM',
    calls: ['add_key', 'request_key', 'keyctl'],
  },
  {
    why: 'opens much of the kernel to attack; programs do without',
    answer: 'ENOSYS',
    calls: ['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'userfaultfd', 'quotactl_fd'],
  },
  {
    why: 'sets the clock',
    answer: 'EPERM',
    calls: [
      ...['settimeofday', 'stime', 'adjtimex'],
      ...['clock_settime', 'clock_settime64', 'clock_adjtime', 'clock_adjtime64'],
    ],
  },
  {
    why: 'sets the machine',
    answer: 'EPERM',
    calls: [
      ...['reboot', 'swapon', 'swapoff', 'acct', 'quotactl', 'syslog', 'iopl', 'ioperm', 'vm86', 'vm86old'],
      ...['sethostname', 'setdomainname', 'vhangup', 'nfsservctl', 'uselib', '_sysctl'],
    ],
  },
  {
    why: 'types into a terminal, whose shell runs it outside',
    answer: 'EPERM',
    calls: ['ioctl'],
    when: [TIOCSTI, TIOCLINUX].map((request) => ({ argument: 1, mask: 0xffffffff, value: request })),
  },
  {
    why: 'reaches networks that no namespace separates, such as the hypervisor by vsock',
    answer: 'EAFNOSUPPORT',
    calls: ['socket', 'socketpair'],
    when: FAMILIES.filter((family) => !FAMILIES_LEFT.includes(family)).map((family) => ({
      argument: 0,
      mask: 0xffffffff,
      value: family,
    })),
  },
];
