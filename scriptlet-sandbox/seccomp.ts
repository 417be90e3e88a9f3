import { constants } from 'node:os';
import koffi from 'koffi';
import { type ArgumentRule, DENIED_CALLS, type DeniedCalls } from './denied-calls.js';

const SCMP_ACT_ALLOW = 0x7fff0000;
const SCMP_ACT_ERRNO = 0x00050000;
const SCMP_CMP_MASKED_EQ = 7;
const SCMP_FLTATR = { ACT_BADARCH: 2, CTL_NNP: 3, CTL_TSYNC: 4 } as const;
const UNKNOWN_CALL = -1;

/** The older architecture that the kernel of each also runs, by libseccomp's token (the kernel's AUDIT_ARCH). */
const OLDER_ARCH: Partial<Record<NodeJS.Architecture, number>> = { x64: 0x40000003, arm64: 0x40000028 };

/**
 * Loads the filter into every thread of this process; what they start inherits it. Calls by any other entry into the
 * kernel, such as x32, are all answered with ENOSYS. No `no_new_privs`: a set-uid program inside must work as it
 * would with plain rpm, so this runs while the process still has CAP_SYS_ADMIN (seccomp(2)).
 * Throws when libseccomp refuses a rule or the kernel the filter.
 */
export function denySyscalls(): void {
  const lib = bindLibseccomp();
  const filter = lib.init(SCMP_ACT_ALLOW);
  const must = (what: string, code: number) => {
    if (code !== 0) throw new Error(`libseccomp cannot ${what}: error ${code}`);
  };
  must('answer foreign calls', lib.setAttribute(filter, SCMP_FLTATR.ACT_BADARCH, errnoAction('ENOSYS')));
  must('leave no_new_privs', lib.setAttribute(filter, SCMP_FLTATR.CTL_NNP, 0));
  must('reach all threads', lib.setAttribute(filter, SCMP_FLTATR.CTL_TSYNC, 1));
  // An architecture comes before the rules: it gets only those that follow.
  const older = OLDER_ARCH[process.arch];
  if (older !== undefined) must('add an architecture', lib.addArch(filter, older));
  for (const { number, row, rule } of rules(lib.resolve)) {
    const comparison = rule === undefined ? null : encode(rule);
    const count = comparison === null ? 0 : 1;
    must(`deny call ${number}`, lib.addRule(filter, errnoAction(row.answer), number, count, comparison));
  }
  must('load the filter', lib.load(filter));
  lib.release(filter);
}

interface FilterRule {
  number: number;
  row: DeniedCalls;
  rule: ArgumentRule | undefined;
}

/** A call that this libseccomp does not know is left to the capabilities. */
function* rules(resolve: (name: string) => number): Generator<FilterRule> {
  for (const row of DENIED_CALLS) {
    for (const call of row.calls) {
      const number = resolve(call);
      if (number === UNKNOWN_CALL) continue;
      for (const rule of row.when ?? [undefined]) yield { number, row, rule };
    }
  }
}

function errnoAction(name: DeniedCalls['answer']): number {
  return SCMP_ACT_ERRNO | constants.errno[name];
}

/** `struct scmp_arg_cmp`: argument, operator, mask, value. */
function encode({ argument, mask, value }: ArgumentRule): Buffer {
  const comparison = Buffer.alloc(24);
  comparison.writeUInt32LE(argument, 0);
  comparison.writeUInt32LE(SCMP_CMP_MASKED_EQ, 4);
  comparison.writeBigUInt64LE(BigInt(mask), 8);
  comparison.writeBigUInt64LE(BigInt(value), 16);
  return comparison;
}

function bindLibseccomp() {
  const seccomp = koffi.load('libseccomp.so.2');
  return {
    init: seccomp.func('void *seccomp_init(uint32_t action)'),
    addArch: seccomp.func('int seccomp_arch_add(void *filter, uint32_t token)'),
    resolve: seccomp.func('int seccomp_syscall_resolve_name(const char *name)'),
    addRule: seccomp.func(
      'int seccomp_rule_add_array(void *filter, uint32_t action, int syscall, unsigned int count, const void *arguments)',
    ),
    setAttribute: seccomp.func('int seccomp_attr_set(void *filter, int attribute, uint32_t value)'),
    load: seccomp.func('int seccomp_load(const void *filter)'),
    release: seccomp.func('void seccomp_release(void *filter)'),
  };
}
