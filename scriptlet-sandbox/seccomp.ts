import koffi from 'koffi';

/**
 * System calls that packages have no business with: each reaches past the view, into the kernel's settings or into
 * another process. Everything else stays allowed, as scriptlets are ordinary programs.
 */
const DENIED: Record<string, readonly string[]> = {
  'changes what is mounted': [
    ...['mount', 'umount', 'umount2', 'pivot_root', 'move_mount', 'open_tree', 'mount_setattr'],
    ...['fsopen', 'fsconfig', 'fsmount', 'fspick'],
  ],
  'enters or makes namespaces': ['setns', 'unshare'],
  'opens files past their path': ['open_by_handle_at', 'name_to_handle_at'],
  'loads code into the kernel': [
    ...['init_module', 'finit_module', 'delete_module', 'bpf', 'kexec_load', 'kexec_file_load'],
  ],
  'looks into other processes': [
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'perf_event_open',
    'kcmp',
  ],
  'uses keys that are not of this namespace': ['add_key', 'request_key', 'keyctl'],
  'widens the kernel surface': ['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'userfaultfd'],
  'sets the machine': [
    ...['settimeofday', 'clock_settime', 'clock_adjtime', 'adjtimex', 'reboot', 'swapon', 'swapoff'],
    ...['acct', 'quotactl', 'syslog', 'iopl', 'ioperm', 'sethostname', 'setdomainname', 'vhangup'],
  ],
};

const SCMP_ACT_ALLOW = 0x7fff0000;
const SCMP_ACT_ERRNO_EPERM = 0x00050001;
const UNKNOWN_SYSCALL = -1;

/**
 * Loads the filter into the calling thread; what it forks inherits it. No `no_new_privs`: a set-uid program inside
 * must work as it would with plain rpm, so this runs while the process still has CAP_SYS_ADMIN (seccomp(2)).
 */
export function denySyscalls(): void {
  const { init, resolve, addRule, setAttribute, load, release } = bindLibseccomp();
  const filter = init(SCMP_ACT_ALLOW);
  const SCMP_FLTATR_CTL_NNP = 3;
  setAttribute(filter, SCMP_FLTATR_CTL_NNP, 0);
  for (const name of Object.values(DENIED).flat()) {
    const number = resolve(name);
    if (number !== UNKNOWN_SYSCALL) addRule(filter, SCMP_ACT_ERRNO_EPERM, number, 0, null);
  }
  const failed = load(filter);
  release(filter);
  if (failed !== 0) throw new Error(`libseccomp cannot load the filter: error ${failed}`);
}

function bindLibseccomp() {
  const seccomp = koffi.load('libseccomp.so.2');
  return {
    init: seccomp.func('void *seccomp_init(uint32_t action)'),
    resolve: seccomp.func('int seccomp_syscall_resolve_name(const char *name)'),
    addRule: seccomp.func(
      'int seccomp_rule_add_array(void *filter, uint32_t action, int syscall, unsigned int count, const void *arguments)',
    ),
    setAttribute: seccomp.func('int seccomp_attr_set(void *filter, int attribute, uint32_t value)'),
    load: seccomp.func('int seccomp_load(const void *filter)'),
    release: seccomp.func('void seccomp_release(void *filter)'),
  };
}
